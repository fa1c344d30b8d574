"""Whether what looks like a path is one: by the position, by what the tree holds, and by what stands around it.

Rewriting a word that was not a path breaks a program silently; a path that is left is found by `migrate verify`. So a
token must be shown to be a path. One that may be a path is left, too, and noted.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from migrate.engines.references.common.scope import is_prose
from migrate.engines.references.common.spans import Reading
from migrate.engines.references.rewrite.containers import runs_elsewhere
from migrate.engines.references.rewrite.documents import is_for_readers, is_output
from migrate.engines.references.rewrite.mentions import NamedPath, PathMention
from migrate.engines.references.rewrite.prefixes import Prefix
from migrate.engines.registry import all_engines
from migrate.text import line_before

COMMAND_BEFORE = re.compile(r"(?:^[ \t]*(?:[$#>][ \t]+)?|[;&|(`][ \t]*|\bsudo[ \t]+)\./$")
RUN_KEY = re.compile(
    r"\b(?:command|entrypoint|cmd|exec\w*|program)[\"']?[ \t]*(?:[:=][ \t]*)?\[?[ \t]*[\"']?\./$", re.IGNORECASE
)
LISTED = re.compile(r"\bgo list\b.*\bgrep\b")
SYMBOL = re.compile(r"\.[A-Za-z_]\w*$")
FILE = re.compile(r"[^/]\.[A-Za-z]\w*$")
LINKER = re.compile(r"-X[ \t]*[\"'=]?[ \t]*[^\s\"']*$")
IMPORT = re.compile(r"\bimport[ \t]+(?:[\w.]+[ \t]+)?\\?[\"'`]$|^[ \t]*(?:[\w.]+[ \t]+)?\"$")

BETWEEN = re.compile(r"[\"'],[ \t]*[\"']")

# Text before the name of an image, a package of a registry or another repository's action: never a folder of this tree.
VERSION = re.compile(r"@(?![\s\"'`)]|$)")
BRANCH = re.compile(r"@(?:latest|main|master|HEAD|develop|trunk|upgrade|patch)\b")
TAG = re.compile(r":(?!(?:rw|ro|z|Z|cached|delegated|consistent|copy|nocopy|\d+)\b)[\w$][\w.${}-]*")
KEY_END = r"[\"']?[ \t]*(?:[:=]|=>)[ \t]*[\"'\[]?$"
NAME_KEY = re.compile(
    r"(?:^|[\s{,;\"'.-])(?:images?|container[-_]?image|repository|uses|apiVersion|registry|media[-_]?type|"
    rf"content[-_]?type|mime[-_]?type|(?:image|repo)[-_.]?name){KEY_END}",
    re.IGNORECASE,
)
VAGUE_KEY = re.compile(
    r"(?:^|[\s{,;\"'-])(?:kind|type|slug|ref|branch|tags?|topic|provider|owner|labels?|category|route|endpoint|"
    rf"ur[il]|href|host|prefix|scope|role|permission|name|id|key|title|group|namespace|job|environment){KEY_END[:-1]}/?$",
    re.IGNORECASE,
)
IMAGE_FLAG = re.compile(
    r"(?:^|\s)(?:-t|--tag|--image|--cache-from|--cache-to|--network|--name|-l|--label)[ \t=]+[\"']?$"
)
IMAGE_LINE = re.compile(
    r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)?$|--from=$|"
    r"\b(?:docker|podman|nerdctl|buildah|crane|skopeo|ko|kind)[ \t]+(?:image[ \t]+|container[ \t]+|load[ \t]+)?"
    r"(?:push|pull|run|create|tag|rmi|rm|inspect|save|load|history|scout|docker-image)\b[^|;&]*\s[\"']?$",
    re.IGNORECASE,
)
REMOTE = re.compile(
    r"(?:^|[\s;&|(@])(?:curl|wget|https?|xh|grpcurl|websocat|ab|hey|wrk|k6|gh|kubectl|oc|etcdctl|vault|consul|aws|gsutil|gcloud|az|npm|npx|pip|brew|"
    r"helm[ \t]+(?:repo|pull|search)|git[ \t]+(?:push|pull|fetch|checkout|switch|merge|rebase|branch|log|remote))"
    r"(?=[ \t])[^|;&]*$"
)
PATH_FLAG = re.compile(
    r"(?:^|\s)(?:-[fCckoIL]|--?(?:[\w-]*-(?:file|dir|path|root)|file|files|filename|config|conf|values|out|output|"
    r"out-?dir|output-?dir|dir|directory|cwd|"
    r"prefix|path|paths|root|src|source|input|project|manifest-path|chart|kustomize|destination|dest|target-dir))"
    r"(?:[ \t]+|=)[\"']?$",
    re.IGNORECASE,
)
# `open("x")`, `Path('x')`, `fs.readFileSync("x")`: calls that take a path first, in the languages that are not parsed.
PATH_CALL = re.compile(
    r"\b(?:open|Path|PurePath|PosixPath|path|resolve|join|joinpath|read\w*|write\w*|glob|rglob|include|include_\w+|"
    r"(?:File|Dir)\w*|Paths?\.get|Path\.of|cp\w*|copy\w*|rm\w*|remove\w*|mkdir\w*|makedirs|exists\w*|stat\w*|isfile|"
    r"isdir|listdir|scandir|walk|chdir|sendFile|static|create(?:Read|Write)Stream|load_?(?:File|from_file|path)\w*|"
    r"readdir\w*|unlink\w*|rename\w*|from_file|add_subdirectory|include_directories|srcs)"
    r"[ \t]*\([ \t]*[rfbu]{0,2}[\"'`]$"
)


SERVED = (".json", ".html", ".svg", ".xml")
"""Files in which a path behind a slash is more often one of a server than of the tree."""
IN_COMMANDS = (Reading.WORDS, Reading.COMMAND)
OWN_SCRIPT = re.compile(r"\$\{?(?:BASH_SOURCE|0)\b")
"""A shell's name for the running script: in code of another language that is not the file itself."""


class Evidence(Enum):
    """How surely a token is a path."""

    PATH = auto()
    MAYBE = auto()
    DOUBTED = auto()
    """The text around it says that it is probably something else."""
    NO = auto()


def shown_by(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """How surely a mention is a path, in a span that is read in this way."""
    if mention.strict:
        return _in_position(mention, named, reading)
    if _is_name(mention, named, reading):
        return Evidence.NO
    if named.own and mention.token.dots:
        verdict = _climb(mention, named, reading)
    elif named.imported:
        verdict = _import_path_evidence(mention, reading)
    else:
        verdict = _by_prefix(mention, named, reading)
    return Evidence.DOUBTED if verdict is not Evidence.NO and _is_doubted(mention, named, reading) else verdict


def _is_in_container(mention: PathMention, reading: Reading) -> bool:
    """Whether a command in a container names it: such a command sees nothing of the tree."""
    is_bare = mention.prefix in (Prefix.NONE, Prefix.DOT)
    return is_bare and reading in IN_COMMANDS and runs_elsewhere(mention.source_file.text, mention.token.start)


def _is_doubted(mention: PathMention, named: NamedPath, reading: Reading) -> bool:
    """Whether the text around a token says that it is probably not a path."""
    return (
        _is_versioned(mention)
        or _is_vague(mention, named)
        or _is_standard(mention, named)
        or is_for_readers(mention, named)
        or is_output(mention)
        or _is_in_container(mention, reading)
    )


def _in_position(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """The verdict at a place for a path. After a slash or a variable it may be a path of the machine, `/sys/fs`."""
    if mention.prefix is Prefix.SLASH and reading is Reading.OPERAND:
        return Evidence.PATH if "/" in named.path and named.path in mention.context.before else Evidence.NO
    if mention.prefix in (Prefix.SLASH, Prefix.UNKNOWN, Prefix.VARIABLE) and not mention.token.dots:
        return (
            Evidence.PATH
            if _exists(mention, named) or ("/" in named.old and mention.prefix is not Prefix.SLASH)
            else Evidence.NO
        )
    if mention.prefix in (Prefix.ADDRESS, Prefix.FORK, Prefix.NAME, Prefix.TEMPORARY):
        return Evidence.NO
    return Evidence.PATH


def _by_prefix(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """The verdict by what precedes a token."""
    prefix = mention.prefix
    if reading is Reading.STRING and not named.own:
        return _maybe(mention, named)
    if prefix is Prefix.ADDRESS:
        return Evidence.NO
    if prefix is Prefix.FORK:
        return Evidence.MAYBE
    if prefix in (Prefix.NAME, Prefix.MAJOR):
        return _maybe(mention, named) if _exists(mention, named) else Evidence.NO
    if prefix is Prefix.TEMPORARY:
        return _maybe(mention, named)
    if prefix is Prefix.LINKED:
        return Evidence.PATH
    if prefix is Prefix.SLASH:
        return _behind_slash(mention, named) if reading is not Reading.CODE else _maybe(mention, named)
    if prefix is Prefix.UNKNOWN:
        return Evidence.PATH if _is_file(mention, named) else _maybe(mention, named)
    if prefix is Prefix.VARIABLE and _is_one_word_of_place(mention, named):
        return Evidence.NO
    if prefix in (Prefix.VARIABLE, Prefix.OWN):
        sure = _exists(mention, named) or (reading in IN_COMMANDS and "/" in named.old)
        return Evidence.PATH if sure else _maybe(mention, named)
    return _bare_evidence(mention, named, reading)


def _is_one_word_of_place(mention: PathMention, named: NamedPath) -> bool:
    """Whether a single word follows a placeholder: `<ExecRoot>/web/<id>.sock`."""
    is_place = is_prose(mention.source_file.new) and mention.source_file.text.endswith(">/", 0, mention.token.start)
    return is_place and "/" not in mention.spelled == named.old


def _bare_evidence(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """The verdict on a token with nothing before it, or only with a prefix for the current folder or the top."""
    token = mention.token
    if len(mention.spelled.split("/")) == 1:
        return _one_word(mention, named, reading)
    exists = _exists(mention, named)
    if reading in (Reading.STRING, Reading.CODE):
        is_taken = reading is Reading.CODE and exists and PATH_CALL.search(_line_before(mention))
        # `./x` counts from the file or from where a program runs, and here the top is neither.
        is_file = _is_file(mention, named) and (named.own or mention.prefix is not Prefix.DOT)
        sure = is_file or is_taken
        return Evidence.PATH if sure else _maybe(mention, named)
    several = "/" in named.old or mention.context.existed("/".join(token.parts[:2]))
    if mention.prefix is Prefix.DOT:
        sure = reading not in (Reading.LINK, Reading.NAME) and (
            exists or "/" in named.old or (reading in IN_COMMANDS and several)
        )
        return Evidence.PATH if sure else Evidence.MAYBE
    if reading in IN_COMMANDS:
        before = _line_before(mention)
        is_local = PATH_FLAG.search(before) or not REMOTE.search(before) or _is_file(mention, named)
        if not is_local:
            return Evidence.DOUBTED
        return Evidence.PATH if exists or several else Evidence.MAYBE
    if not exists:
        return _maybe(mention, named)
    is_pattern = token.joined or mention.source_file.text.startswith("/*", token.end)
    is_folder = mention.spelled == token.path and not (is_pattern or _is_file(mention, named))
    is_served = is_folder and mention.prefix is Prefix.NONE and mention.context.is_route(named.path)
    return Evidence.DOUBTED if is_served else Evidence.PATH


def _one_word(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """The verdict on a single word: a path only with a slash, and not if it is a package in code or prose, `linux/`."""
    slash_follows = mention.has_slash
    in_code = reading in (Reading.CODE, Reading.STRING)
    if mention.prefix is Prefix.NONE and (in_code or _is_package_in_prose(mention, named)):
        return Evidence.NO
    if mention.prefix is Prefix.DOT:
        if in_code:
            return Evidence.MAYBE
        return Evidence.PATH if slash_follows or not _is_program(mention) else Evidence.NO
    return (
        Evidence.PATH
        if (slash_follows and mention.prefix in (Prefix.NONE, Prefix.TOP)) or mention.prefix is Prefix.TOP
        else Evidence.NO
    )


def _climb(mention: PathMention, named: NamedPath, reading: Reading) -> Evidence:
    """The verdict on a path that begins with `../`: dots alone are a word like any other."""
    token = mention.token
    if len(token.parts) == token.dots:
        after_folder = mention.prefix in (Prefix.SLASH, Prefix.VARIABLE, Prefix.OWN, Prefix.TOP)
        if reading in (Reading.CODE, Reading.STRING) and OWN_SCRIPT.search(_line_before(mention)):
            return Evidence.MAYBE
        opens_call = token.joined and mention.source_file.text.endswith("(", 0, max(0, token.start - 1))
        if after_folder or (opens_call and reading not in (Reading.CODE, Reading.STRING)):
            return Evidence.PATH
        return Evidence.MAYBE if len(token.parts) > 1 else Evidence.NO
    if mention.prefix is Prefix.OWN or _is_file(mention, named) or reading not in (Reading.CODE, Reading.STRING):
        return Evidence.PATH
    is_taken = reading is Reading.CODE and PATH_CALL.search(_line_before(mention))
    return Evidence.PATH if is_taken else Evidence.MAYBE


def _behind_slash(mention: PathMention, named: NamedPath) -> Evidence:
    """The verdict after a single slash: only a file is a path, or in a document a folder with a final slash.

    Any other could be the route of a server.
    """
    ends = mention.source_file.new.endswith(".md") and mention.source_file.text.startswith("/", mention.token.end)
    if (ends or _filters(mention)) and "/" in named.old:
        return Evidence.PATH
    if mention.token.path in mention.context.before and not mention.source_file.new.endswith(SERVED):
        return Evidence.PATH
    return _maybe(mention, named) if mention.context.existed(mention.token.path) else Evidence.NO


def _import_path_evidence(mention: PathMention, reading: Reading) -> Evidence:
    """The verdict on a whole import path; in strings of code it may be the name of a tracer or a key."""
    if reading not in (Reading.CODE, Reading.STRING):
        return Evidence.PATH
    before = _line_before(mention)
    head = before[: len(before) - len(_unbroken_run(before))]
    return Evidence.PATH if LINKER.search(before) or IMPORT.search(head) else Evidence.MAYBE


def _unbroken_run(before: str) -> str:
    found = re.search(r"[^\s\"'`(]*$", before)
    return found[0] if found else ""


def _maybe(mention: PathMention, named: NamedPath) -> Evidence:
    """The verdict on an unclear token: several components may be a path, a single word is not."""
    is_path = "/" in named.old or (len(mention.token.parts) > 1 and _exists(mention, named))
    return Evidence.MAYBE if is_path else Evidence.NO


def _exists(mention: PathMention, named: NamedPath) -> bool:
    """Whether the tree held the whole path, or git ignores it there: output of a build moves with its folder."""
    context = mention.context
    path = named.path
    if context.is_known(path) or (mention.token.path != mention.spelled and context.existed(path)):
        return True
    if path == named.old or path.startswith(f"{named.old}."):  # itself, or a symbol of a package
        return True
    if "/" in path and context.existed(SYMBOL.sub("", path)):
        return True
    if not context.existed(named.old):  # it was moved before this tree was made
        return context.exists_now(context.moves.resolve(path))
    return context.ignored(path)


def _is_file(mention: PathMention, named: NamedPath) -> bool:
    """Whether the path is a file of the tree before, named with the end of its name."""
    return named.path in mention.context.before and FILE.search(named.path) is not None


def _line_before(mention: PathMention) -> str:
    """The line up to the token; arguments of a call that runs a command read as its words."""
    return BETWEEN.sub(" ", line_before(mention.source_file.text, mention.token.start))


def _is_name(mention: PathMention, named: NamedPath, reading: Reading) -> bool:
    """Whether the text around the token says that it names an image, an action or the like."""
    if mention.prefix not in (Prefix.NONE, Prefix.SLASH) or _is_file(mention, named):
        return False
    before = _line_before(mention)
    if NAME_KEY.search(before) or IMAGE_FLAG.search(before):
        return True
    if IMAGE_LINE.search(before) and not PATH_FLAG.search(before):
        return True
    after = mention.source_file.text[mention.token.end : mention.token.end + 40]
    return reading is not Reading.TEXT and TAG.match(after) is not None


def _is_vague(mention: PathMention, named: NamedPath) -> bool:
    """Whether it is the value of a key whose values are usually names: `type: snapshots/native`."""
    if mention.prefix not in (Prefix.NONE, Prefix.SLASH) or (
        mention.prefix is Prefix.NONE and _is_file(mention, named)
    ):
        return False
    return VAGUE_KEY.search(_line_before(mention)) is not None


def _is_versioned(mention: PathMention) -> bool:
    """Whether a version follows: `example.com/shop/cmd/shop@v1.2.0`, `actions/cache@v4`."""
    text, end = mention.source_file.text, mention.token.end
    return VERSION.match(text, end) is not None and BRANCH.match(text, end) is None


def _is_standard(mention: PathMention, named: NamedPath) -> bool:
    """Whether the standard library of a language has a package of this name: `database/sql`."""
    return (
        mention.prefix is Prefix.NONE
        and is_prose(mention.source_file.new)
        and any(engine.is_library(re.sub(r"\.[A-Z]\w*$", "", named.path)) for engine in all_engines())
    )


def _is_package_in_prose(mention: PathMention, named: NamedPath) -> bool:
    return named.old in mention.context.packages and is_prose(mention.source_file.new)


def _is_program(mention: PathMention) -> bool:
    """Whether a word is run, `./shop -v`: then it is a program and not a folder."""
    before = _line_before(mention)
    follows = mention.source_file.text.startswith(" ", mention.token.end)
    return (follows and COMMAND_BEFORE.search(before) is not None) or RUN_KEY.search(before) is not None


def _filters(mention: PathMention) -> bool:
    """Whether the line sorts out import paths: `go list ./... | grep -v /internal/auth`."""
    return LISTED.search(_line_before(mention)) is not None
