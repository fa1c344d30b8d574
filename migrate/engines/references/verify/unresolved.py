"""What is spelled like a path but may not be one: routes, addresses, images, strings of code."""

from __future__ import annotations

import re

from migrate.engines.code_proof import CodeProof
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.keys import is_path_name, key_at
from migrate.engines.references.verify.kinds import FileKind, counts_from_own, is_ignore_file, kind_of
from migrate.engines.references.verify.search import FoundPlace
from migrate.engines.references.verify.words import ACTION
from migrate.engines.references.verify.words import PATTERN as WHOLE_PATTERN
from migrate.engines.registry import engine_of_file
from migrate.text import line_after, line_before

ADDRESS = (
    r"(?:url|uri|host|api|endpoint|server|addr|origin|site|domain|registry|image|proxy|href|"
    r"base(?![\w ]*(?:dir|path|folder)))"
)
VARIABLE = re.compile(
    rf"(?:\$[({{]*|\{{+-?[ \t]*\.?|%|<)[\w. -]*{ADDRESS}[\w. -]*[)}}%> ]*[\"']?/$|%[sv]/$|://[^\s\"']*/$", re.IGNORECASE
)
IMAGE = re.compile(
    r"""\b(?:image|repository|container)["']?[ \t]*[:=][ \t]*["']?$|^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?$|--from=$|"""
    r"""[ \t](?:-t|--tag|--name|-n|--namespace)[ \t=]+["']?$|"""
    r"""\bdocker[ \t]+(?:image[ \t]+)?(?:pull|push|run|tag|inspect|rmi)(?:[ \t]+\S+)*[ \t]+["']?$"""
)
VERSION = re.compile(r"@(?:v\d[\w.-]*|\d+\.\d[\w.-]*|[0-9a-f]{40}\b)")
LISTED = re.compile(r"\bgo list\b|^[ \t]*(?:COPY|ADD)\b")
DIRECTORY_KEY = re.compile(r"director", re.IGNORECASE)
LINK = re.compile(r"\]\(<?/$|^ {0,3}\[[^\]\n]+\]:[ \t]*/$|\b(?:src|href)=[\"']/$")
TAKES_PATHS = re.compile(
    r"""(?:read|write|open|load|walk|glob|dir|path|file|folder|join|embed|parse|stat|mkdir|remove|copy|chdir|serve|"""
    r"""create|exec|command|run|generate|abs|rel|clean|fs|skip|tempdir|golden|fixture|testdata|source|root|copyfs)"""
    r"""\w*\((?:[^()]*,)?[ \t]*$""",
    re.IGNORECASE,
)
PRINTED = re.compile(
    r"\b\d\d:\d\d:\d\d\b[^\n]*[\]|\w:]|\"caller\"[ \t]*:|\blevel=[a-z]|^\W*[\d.:]+ [A-Z] \| |\"[\w./-]+: [a-z]",
    re.MULTILINE,
)
IMPORT_COMMENT = re.compile(r"^package[ \t]+\w+[ \t]*(?://|/\*)[ \t]*import[ \t]")
ROUTE, ADDRESSED = "after a single slash, like the route of a server", "after what may be the address of a server"
IMAGE_NAME, PATCH = "the name of an image", "in a patch, which may be for another repository"
STRING = "a string of {} that nothing shows to be a path"
WORD = "one word, which need not mean the package"
NAME = "a string of {} that may be a name made of an import path, such as a tracer's"
FIXTURE = "in a text inside a test"
OUTPUT = "in the output of a program"


def is_foreign_address(place: FoundPlace, path: str, text: str, *, in_import: bool) -> bool:
    """Whether a place surely belongs to something else.

    An action of this repository begins with a dot, `uses: ./actions/cache`, and what stands in an import (`in_import`)
    with its module. The patterns of an ignore file below the top count from its own folder: `relative` finds them.
    """
    if place.qualified or place.parent_relative:
        return False
    if counts_from_own(path):
        return True
    return in_import or ACTION.search(line_before(text, place.start)) is not None


def is_pinned(place: FoundPlace, text: str) -> bool:
    """Whether a place names a release, in which the old path stays right: `shop/cmd/shop@v1.2.0`."""
    release = VERSION.match(text, place.end)
    return place.pinned or release is not None


def unresolved_reason(
    place: FoundPlace, path: str, text: str, old_paths: OldPaths, code: CodeProof | None
) -> str | None:
    """Why a place may not be a path; None when it surely is one. `code` knows the language of a file of code."""
    engine = engine_of_file(path)
    strings = engine.language if engine is not None and engine.follows_strings else None
    if path.endswith((".patch", ".diff")):
        return PATCH
    before = line_before(text, place.start)
    if place.imported and strings and code is not None and code.import_at(path, text, place.start) is None:
        opening = before.removesuffix(place.imported.removesuffix(place.path))
        is_name = is_mere_string(opening, text, place) and not IMPORT_COMMENT.search(opening)
        return NAME.format(strings) if is_name else None
    if place.qualified or place.hosted:
        return None
    if VARIABLE.search(before):
        return ADDRESSED
    if IMAGE.search(before):
        return IMAGE_NAME
    if kind_of(path) is FileKind.PROSE and PRINTED.search(line_around(text, place.start)):
        return OUTPUT
    is_file = "." in place.path.rpartition("/")[2] and old_paths.existed(place.path)
    if place.behind_slash and not is_file and not is_rooted(before, path, text, place):
        return ROUTE
    if is_file or place.parent_relative:
        return None
    is_test = engine is not None and engine.is_test(path)
    if is_test and code is not None and code.is_in_text(path, text, place.start):
        return FIXTURE
    if strings and is_mere_string(before, text, place):
        return STRING.format(strings)
    is_word = "/" not in place.path and not text.startswith("/", max(0, place.start - 1))
    if (
        is_word
        and kind_of(path) in (FileKind.PROSE, FileKind.CODE)
        and old_paths.moves.resolve(place.path) in old_paths.packages
    ):
        return WORD
    return None


def is_rooted(before: str, path: str, text: str, place: FoundPlace) -> bool:
    """Whether a slash before a path means the top of the repository."""
    if is_ignore_file(path) and WHOLE_PATTERN.search(before):
        return True
    if LISTED.search(before) or (
        kind_of(path) is FileKind.PROSE and (LINK.search(before) or text.startswith("/", place.end))
    ):
        return True
    if kind_of(path) is not FileKind.SETTINGS:
        return False
    key = key_at(text, place.start)
    return key is not None and DIRECTORY_KEY.search(key) is not None


def is_mere_string(before: str, text: str, place: FoundPlace) -> bool:
    """Whether a place is a whole string of code that no function, field or variable for paths takes."""
    if not before.endswith('"') or not text.startswith('"', place.end):
        return False
    key = key_at(text, place.start)
    return not (TAKES_PATHS.search(before[:-1]) or (key is not None and is_path_name(key)))


def line_around(text: str, position: int) -> str:
    """The line of a position."""
    return line_before(text, position) + line_after(text, position)
