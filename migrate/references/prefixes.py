"""What stands before a token, and so from where its path is counted.

`other/internal/auth` is another path than `internal/auth`; `./internal/auth`, `${ROOT}/internal/auth`,
`/app/internal/auth` in an image and `…/blob/main/internal/auth` on a code host are the same one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Enum, auto

from migrate.references.modules import Module


class Prefix(Enum):
    """From where the path of a token is counted."""

    NONE = auto()
    """Nothing stands before it: from the top, or from the folder where a command runs."""
    TOP = auto()
    """From the top of the repository, said so by what stands before it."""
    DOT = auto()
    """Behind `./`: the same as nothing, but surely a path."""
    MODULE = auto()
    """Behind the import path of the module at the top."""
    NESTED = auto()
    """Behind the import path of another module and a branch of it: `example.com/m/tools@main/`."""
    SLASH = auto()
    """Behind one slash: from the top, or the path of a URL."""
    VARIABLE = auto()
    """Behind a variable: from a folder that the text does not name."""
    PINNED = auto()
    """In a link to one commit or release, where the old path stays right."""
    FOREIGN = auto()
    """Part of another path or word."""


VARIABLES = r"\$?\$\([^()]*\)|\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|\$?\{[^{}\s]*\}|\$\w+|\$[@<^]|%\w+%|%s"
RUN = re.compile(rf"(?:{VARIABLES}|<\w[\w-]*>|\\{{1,2}}|[^\s\"'`()\[\]{{}}<>=,;|&!^\\#])*$")
VARIABLE = re.compile(rf"(?:{VARIABLES}|<\w[\w-]*>)/")
PLAIN = {"/": Prefix.SLASH, "./": Prefix.DOT, "//": Prefix.TOP}
QUOTED_VARIABLE = re.compile(r"""(?:(?:[)}]|\$\w+)["']|`go list[^`]*`)/$""")
GLOBS = re.compile(r"(?:\*\*?/)+")
HOSTED = re.compile(r"//(?:[^/]+/)*(?!-/)([^/]+)/(?:-/)?(?:blob|tree|raw|edit|blame|src/branch)/(refs/heads/)?([^/]+)/")
RAW = re.compile(r"//raw\.githubusercontent\.com/[^/]+/([^/]+)/(refs/heads/)?([^/]+)/")
FIXED = re.compile(r"[0-9a-f]{7,64}|v?\d+\.\d[\w.-]*")
VERSIONED = re.compile(r"([\w.~/-]+)@([\w.-]+)/$")
# `${image//x}` in a shell; `api/types/(volume|` and `web/{src,` give a word the path before the bracket.
BRACKETED = re.compile(r"\$\{$|(?:^|[\s\"'`=:,^])(?:[\w.-]+\\{0,2}/)*[\w-]+\\{0,2}/[({](?:\?:)?(?:[^(){}\s]*[|,])?$")
LETTER_ESCAPES = ("\\n", "\\t", "\\r")
FLAG = re.compile(r"(?:^|\s)-[A-Z]$")


def prefix_at(text: str, start: int, roots: Sequence[str], modules: Sequence[Module]) -> Prefix:
    """Judge what stands before position `start`.

    `roots` are the folders into which images put the repository, such as `/app/`; `modules` name it in URLs.
    """
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    last = before[-1:]
    if last and last in "{(|,:" and BRACKETED.search(before):
        return Prefix.FOREIGN
    if not last or not (last.isalnum() or last in "_-.~@%+/\\$"):
        return Prefix.NONE
    if last not in "/\\":
        return Prefix.NONE if before.endswith(LETTER_ESCAPES) or FLAG.search(before) else Prefix.FOREIGN
    found = RUN.search(before)
    assert found is not None  # it matches nothing at the end of any text
    run = re.sub(r"\\{1,2}(?=\.)", "", re.sub(r"\$\{(\w+)[^{}]*\}", r"$\1", found[0]))
    run = re.sub(r"\\{1,2}/?", "/", run)
    run = re.sub(r"^.*:(?!//)|^-[A-Z](?=\./)", "", run)
    if run == "/" and QUOTED_VARIABLE.search(before):
        return Prefix.VARIABLE
    return judged(run, roots, modules)


def judged(run: str, roots: Sequence[str], modules: Sequence[Module]) -> Prefix:
    """Judge the run of path characters before a token."""
    if run in PLAIN:
        return PLAIN[run]
    if run in roots or GLOBS.fullmatch(run):
        return Prefix.TOP
    if VARIABLE.fullmatch(run):
        return Prefix.VARIABLE
    if any(f"/{run}".endswith(f"/{module.import_path}/") for module in modules if not module.folder):
        return Prefix.MODULE
    if (found := VERSIONED.search(run)) is not None:
        module = named_at_end(found[1], modules)
        if module is not None and FIXED.fullmatch(found[2]):
            return Prefix.PINNED
        return Prefix.FOREIGN if module is None else Prefix.NESTED if module.folder else Prefix.MODULE
    return hosted(run[run.find("//") :], modules)


def named_at_end(run: str, modules: Sequence[Module]) -> Module | None:
    """The module whose import path a run of path characters ends with."""
    found = (module for module in modules if f"/{run}".endswith(f"/{module.import_path}"))
    return max(found, key=lambda module: len(module.import_path), default=None)


def versioned_module(text: str, start: int, modules: Sequence[Module]) -> Module | None:
    """The module whose import path and version stand before position `start`."""
    found = VERSIONED.search(text, max(0, start - 200), start)
    return None if found is None else named_at_end(found[1], modules)


def hosted(address: str, modules: Sequence[Module]) -> Prefix:
    """Judge an address: a link into this repository on a code host counts from the top."""
    found = HOSTED.fullmatch(address) or RAW.fullmatch(address)
    if found is None or not names_repository(found[1], modules):
        return Prefix.FOREIGN
    return Prefix.PINNED if not found[2] and FIXED.fullmatch(found[3]) else Prefix.TOP


def names_repository(name: str, modules: Sequence[Module]) -> bool:
    """Whether a repository of this name can be this one, forks included; without a Go module any can."""
    return not modules or any(name in module.import_path.split("/") for module in modules)
