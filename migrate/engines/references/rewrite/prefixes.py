"""Prefixes: what precedes a token, and so from where its path counts.

`other/internal/auth` is another path than `internal/auth`; `./internal/auth`, `${ROOT}/internal/auth`,
`/app/internal/auth` in an image and `…/blob/main/internal/auth` on a code host are the same one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from migrate.engines.module_folder import ModuleFolder
from migrate.engines.references.rewrite.hosts import FIXED, HostIdentity, Leads
from migrate.engines.references.rewrite.variables import Holds, variable_holds


class Prefix(Enum):
    """From where the path of a token is counted."""

    NONE = auto()
    """No prefix: from the top, or from the folder in which a command runs."""
    TOP = auto()
    """The prefix says that it counts from the top of the repository."""
    DOT = auto()
    """Behind `./`: the same as nothing, but surely a path."""
    MODULE = auto()
    """Behind the import path of the module at the top."""
    NESTED = auto()
    """Behind the import path of another module and a branch of it: `example.com/m/tools@main/`."""
    SLASH = auto()
    """Behind one slash: from the top, or the path of a URL."""
    LABEL = auto()
    """Behind `//`, which begins a label of the build in Bazel and Buck, and a comment or an address elsewhere."""
    OWN = auto()
    """Behind what stands for the file's own folder: `%~dp0`, `$MODULE_DIR$/`."""
    VARIABLE = auto()
    """After a variable with the name of a folder: from there."""
    UNKNOWN = auto()
    """After a variable of unknown content."""
    ADDRESS = auto()
    """Behind a variable that holds the address of a server: a route."""
    TEMPORARY = auto()
    """Behind a variable that holds a folder made for a while, in which a copy of the tree may stand."""
    LINKED = auto()
    """In a link into this repository on a code host: from the top."""
    FORK = auto()
    """In a link to a repository that may be this one."""
    NAME = auto()
    """Behind the name of this repository, `acme/shop/`: from the top, or the path of an image."""
    MAJOR = auto()
    """Behind its address without the major version of the module: from the top, or another module in Go."""
    PINNED = auto()
    """In a link to one commit or release, where the old path stays right."""
    FOREIGN = auto()
    """Part of another path or word."""


@dataclass(frozen=True)
class Surroundings:
    """The facts about the whole tree that say what a prefix means."""

    modules: tuple[ModuleFolder, ...]
    identity: HostIdentity
    roots: tuple[str, ...] = ()
    """The folders into which images put the repository: `/app/`."""
    labels: frozenset[str] = frozenset()
    """How a label of Bazel may name this repository: `@shop//`."""


VARIABLES = r"\$?\$\([^()]*\)|\$\{\{[^{}]*\}\}|\{\{[^{}]*\}\}|\$?\{[^{}\s]*\}|\$\w+\$|\$\w+|\$[@<^]|%~?\w+%?|%[svq]"
RUN = re.compile(rf"(?:{VARIABLES}|<\w[\w-]*>|\\{{1,2}}|[^\s\"'`()\[\]{{}}<>=,;|&!^\\#])*$")
VARIABLE = re.compile(rf"(?:{VARIABLES}|<\w[\w-]*>)/")
PLAIN = {
    "/": Prefix.SLASH,
    "./": Prefix.DOT,
    "file://": Prefix.DOT,
    "//": Prefix.LABEL,
    "@//": Prefix.LABEL,  # https://bazel.build/concepts/labels
    "@@//": Prefix.LABEL,
}
QUOTED_VARIABLE = re.compile(r"""((?:\$\(.*\)|\$\{[^{}]*\}|\$\w+)(?=["'])|`go list[^`]*`)["']?/$""")
SHELL_DEFAULT = re.compile(r"\$\{(\w+)[^\w{}.][^{}]*\}")
HOME = re.compile(r"/(?:home|Users|root)/")
"""The folders of people, as outputs that were copied into a document show them."""
ARGUMENTS = re.compile(r"""["']\s*,\s*["']""")
MAJOR = re.compile(r"/v\d+$")
GLOBS = re.compile(r"(?:\*\*?/)+")
VERSIONED = re.compile(r"([\w.~/-]+)@([\w.-]+)/$")
# `${image//x}` in a shell; `api/types/(volume|` and `web/{src,` give a word the path before the bracket.
BRACKETED = re.compile(r"\$\{$|(?:^|[\s\"'`=:,^])(?:[\w.-]+\\{0,2}/)*[\w-]+\\{0,2}/[({](?:\?:)?(?:[^(){}\s]*[|,])?$")
# https://docs.docker.com/build/concepts/context/#url-fragments: `https://github.com/acme/shop.git#main:web`
BUILD_CONTEXT = re.compile(r"(//[^/\s]+/[\w./-]+?)(?:\.git)?#([\w.-]*):$")
LETTER_ESCAPES = ("\\n", "\\t", "\\r")
# A slash of either kind in a regular expression: `integration[\\/]client`.
SLASH_CLASS = re.compile(r"\w\[\\{0,4}/\\{0,4}\]$")
FLAG = re.compile(r"(?:^|\s)-[A-Z]$")
RECIPE = re.compile(r"\t[ \t]*[@+-]+$")
"""What make reads before the command of a recipe: `@hack/test.sh` (gnu.org/software/make/manual, "Echoing")."""


def prefix_at(text: str, start: int, surroundings: Surroundings) -> Prefix:
    """Judge what stands before position `start`."""
    before = text[max(0, start - 200) : start].rpartition("\n")[2]
    last = before[-1:]
    if last and last in "{(|,:" and BRACKETED.search(before):
        return Prefix.FOREIGN
    if SLASH_CLASS.search(before):
        return Prefix.FOREIGN
    if before.endswith("%~dp0"):
        return Prefix.OWN
    if last == ":" and (found := BUILD_CONTEXT.search(before)) is not None:
        return hosted(f"{found[1]}/tree/{found[2] or 'HEAD'}/", surroundings.identity)
    if not last or not (last.isalnum() or last in "_-.~@%+/\\$"):
        return Prefix.NONE
    if last not in "/\\":
        is_apart = before.endswith(LETTER_ESCAPES) or FLAG.search(before) or RECIPE.fullmatch(before)
        return Prefix.NONE if is_apart else Prefix.FOREIGN
    found = RUN.search(before)
    assert found is not None  # it matches nothing at the end of any text
    if text.startswith(".", start) and found[0] and not found[0].strip("\\"):
        return Prefix.FOREIGN  # The backslash takes a meaning from the dot, as in `r"\.. toctree"`, and leads nowhere.
    run = re.sub(r"\\{1,2}(?=\.)", "", SHELL_DEFAULT.sub(r"$\1", found[0]))
    run = re.sub(r"\\{1,2}/?", "/", run)
    run = re.sub(r"^file://(?=[.$]|\{)|^.*:(?!//)|^-[A-Z](?=\./)|^[@+-]+(?=[$.])|^.*\}\}(?=\./)", "", run)
    if run == "/" and (quoted := QUOTED_VARIABLE.search(before)) is not None:
        return held_prefix(quoted[1], text)
    return judged_prefix(run, text, surroundings)


def judged_prefix(run: str, text: str, surroundings: Surroundings) -> Prefix:
    """Judge the run of path characters before a token."""
    modules = surroundings.modules
    if run in PLAIN:
        return PLAIN[run]
    if run in surroundings.roots or run in surroundings.labels or GLOBS.fullmatch(run):
        return Prefix.TOP
    if (found := VARIABLE.match(run)) is not None and run[found.end() :] in surroundings.roots:
        return Prefix.TOP
    if VARIABLE.fullmatch(run):
        return held_prefix(run, text)
    if HOME.match(run):
        return Prefix.FOREIGN
    if any(f"/{run}".endswith(f"/{module.import_path}/") for module in modules if not module.folder):
        return Prefix.MODULE
    if any(f"/{run}".endswith(f"/{MAJOR.sub('', module.import_path)}/") for module in modules if not module.folder):
        return Prefix.MAJOR
    if run.lower().rstrip("/") in surroundings.identity.full:
        return Prefix.NAME
    if (found := VERSIONED.search(run)) is not None:
        module = named_at_end(found[1], modules)
        if module is not None and FIXED.fullmatch(found[2]):
            return Prefix.PINNED
        return Prefix.FOREIGN if module is None else Prefix.NESTED if module.folder else Prefix.MODULE
    return hosted(run[run.find("//") :], surroundings.identity)


def named_at_end(run: str, modules: Sequence[ModuleFolder]) -> ModuleFolder | None:
    """The module whose import path a run of path characters ends with."""
    found = (module for module in modules if f"/{run}".endswith(f"/{module.import_path}"))
    return max(found, key=lambda module: len(module.import_path), default=None)


def joins_module(text: str, start: int, modules: Sequence[ModuleFolder]) -> bool:
    """Whether arguments that are joined spell the import path of the module at the top before position `start`."""
    before = ARGUMENTS.sub("/", text[max(0, start - 200) : start])
    return any(
        before.endswith((f'("{each.import_path}/', f"('{each.import_path}/")) for each in modules if not each.folder
    )


def versioned_module(text: str, start: int, modules: Sequence[ModuleFolder]) -> ModuleFolder | None:
    """The module whose import path and version stand before position `start`."""
    found = VERSIONED.search(text, max(0, start - 200), start)
    return None if found is None else named_at_end(found[1], modules)


def held_prefix(run: str, text: str) -> Prefix:
    """Judge a variable; what stands in brackets may be a command that prints a folder."""
    return {
        Holds.FOLDER: Prefix.VARIABLE,
        Holds.TOP: Prefix.TOP,
        Holds.OWN: Prefix.OWN,
        Holds.ADDRESS: Prefix.ADDRESS,
        Holds.TEMPORARY: Prefix.TEMPORARY,
        Holds.UNKNOWN: Prefix.UNKNOWN,
    }[variable_holds(run.removesuffix("/"), text)]


def hosted(address: str, identity: HostIdentity) -> Prefix:
    """Judge an address: a link into this repository on a code host counts from the top."""
    return {
        Leads.HERE: Prefix.LINKED,
        Leads.PINNED: Prefix.PINNED,
        Leads.MAYBE: Prefix.FORK,
        Leads.ELSEWHERE: Prefix.FOREIGN,
    }[identity.leads(address)]
