"""Notes where the old name of a moved module is still spelled, in commands and settings.

Nothing says from which folder programs start, so an old name may still be right: `python -m tools.x` is, if a
`package-dir` maps it. Imports are not noted here, because `verify` finds them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from posixpath import commonprefix
from typing import NamedTuple

from migrate.engines.implied.places import TextPlace, searched_texts
from migrate.git.paths import folder_of, folders_of_paths
from migrate.text import EXAMPLES, line_after, line_before, some_of
from migrate.tree.overlay import Overlay

TOPS = ("src/", "lib/", "python/")
"""Folders that hold modules and are not part of their names."""
TOOL = r"(?:python[\d.]*|py|mypy|pyright|pytest|coverage|pylint|isort|uv|pdm|poetry|hatch|nuitka|pyinstaller)"
OPTION = rf"\b{TOOL}\b[^\n]{{0,200}}[\s\"'](?:-m|-p|--package|--module)[\"']?[\s,=]+[\"']?|--cov(?:=|[\s\"',]+)"
KEY = (
    r"^[ \t]*[\"']?(?:[\w.-]*[_-])?(?:packages|py[_-]modules|source_pkgs|known[_-][\w-]+|modules?|root_packages?)"
    r"[\"']?\s*[:=][^\n#]*|\[mypy-"
)
VARIABLE = r"^[ \t]*(?:(?:export|ENV|ARG)[ \t]+)?\w*(?:PKG|PACKAGE|MODULE)\w*[ \t]*[:?+]?=[ \t]*[\"']?"
BEHIND = re.compile(rf"(?:{OPTION}|{KEY}|{VARIABLE})\Z", re.MULTILINE)
"""The text before the name of a module, on its line or at the end of the line above."""
IN_LIST = re.compile(r"packages\s*=\s*\[[^\]]*[\"']\Z")
"""The beginning of a list of packages, possibly some lines above the name."""
LONG = 2_000
"""The most characters of such a list that are searched."""
IMPORT = re.compile(r"\s*(?:>>>\s*)?(?:import\s|from\s+[\w.]+\s+import\b)")


class ModuleName(NamedTuple):
    """A module or package that moved: its path and what Python calls it, before and now; `inside` is what it holds."""

    old: str
    name: str
    new: str
    new_name: str
    inside: frozenset[str]


class KeptName(NamedTuple):
    """The places where the old name of a module is still spelled."""

    called: ModuleName
    places: tuple[TextPlace, ...]

    def note(self) -> str:
        """A sentence that names a few of the places."""
        each, where = self.called, some_of([str(place) for place in self.places])
        return (
            f"{each.old} is {each.new} now; Python may call it {each.new_name}, and {each.name} is spelled in {where}"
        )

    def details(self) -> Iterator[str]:
        """A line for every place."""
        return (f"{place}: the Python name {self.called.name} of {self.called.old}" for place in self.places)


def kept_names(overlay: Overlay, moved: Mapping[str, str]) -> list[KeptName]:
    """Each moved Python module whose old name is still spelled in a place for names of modules.

    `moved` maps old paths of files to new ones.
    """
    wanted: dict[str, list[ModuleName]] = {}
    for each in renamed_modules(overlay, moved):
        wanted.setdefault(each.name, []).append(each)
    found: dict[ModuleName, dict[TextPlace, None]] = {}
    begin = shared_beginning(wanted)
    for path, text in searched_texts(overlay, begin):
        for called, line in spelled_in(text, wanted, begin):
            found.setdefault(called, {})[TextPlace(path, line)] = None
    return [KeptName(called, tuple(there)) for called, there in found.items()]


def shared_beginning(names: Iterable[str]) -> list[str]:
    """The common beginnings of dotted names with the same first word. Searching for these first is faster."""
    alike: dict[str, list[str]] = {}
    for each in names:
        alike.setdefault(each.partition(".")[0], []).append(each)
    return [commonprefix(group) for group in alike.values()]


def told_names(found: Sequence[KeptName]) -> Iterator[str]:
    """A sentence for each of a few modules, or one for many."""
    if len(found) <= EXAMPLES:
        yield from (each.note() for each in found)
        return
    names = some_of([f"{each.called.name} in {each.places[0]}" for each in found])
    yield f"Python may call {len(found):,} modules by other names now, and the old ones are spelled still: {names}"


def renamed_modules(overlay: Overlay, moved: Mapping[str, str]) -> list[ModuleName]:
    """The modules and packages whose names changed with their paths; a package stands for its modules."""
    modules = [(module_of(old), module_of(new)) for old, new in moved.items() if {old[-3:], new[-3:]} == {".py"}]
    there = folders_of_paths(overlay.entries) if modules else set()
    inside: dict[tuple[str, str], set[str]] = {}
    for old, new in modules:
        was, now, rest = topmost(old, new, there)
        inside.setdefault((was, now), set()).update(rest[:1])
    found = [
        ModuleName(was, module_name(was), now, module_name(now), frozenset(rest)) for (was, now), rest in inside.items()
    ]
    return [each for each in found if each.name != each.new_name and each.name]


def module_of(path: str) -> str:
    """The path of a module without its ending; for a package its folder."""
    return path.rpartition(".")[0].removesuffix("/__init__")


def topmost(old: str, new: str, there: set[str]) -> tuple[str, str, list[str]]:
    """The topmost package that moved as a whole with a module, its new path, and the rest of the module's path."""
    rest: list[str] = []
    while "/" in old and "/" in new and folder_of(old) not in there:
        if old.rpartition("/")[2] != new.rpartition("/")[2]:
            break
        old, _, last = old.rpartition("/")
        new = folder_of(new)
        rest.insert(0, last)
    return old, new, rest


def module_name(path: str) -> str:
    """The dotted name of a module or package, seen from the usual root."""
    top = next((each for each in TOPS if path.startswith(each)), "")
    return path.removeprefix(top).replace("/", ".")


def spelled_in(
    text: str, wanted: Mapping[str, Iterable[ModuleName]], begin: Iterable[str]
) -> Iterator[tuple[ModuleName, int]]:
    """The modules that a text names in places for names of modules, each with its line; imports are skipped.

    Words that start with one of `begin` are looked up in `wanted`, so the text is read once for any number of names.
    """
    word = rf"(?:(?<![\w./-])|(?<=\[mypy-))(?:{'|'.join(map(re.escape, begin))})[\w.-]*"
    longest = max(map(len, wanted))
    line, counted = 1, 0
    for found in re.finditer(word, text):
        start = found.start()
        names = [name for name in beginnings(found[0][: longest + 1]) if name in wanted]
        here = [each for name in names for each in wanted[name] if stands(each, text, start)]
        if here:
            line, counted = line + text.count("\n", counted, start), start
            yield from ((each, line) for each in here)


def beginnings(word: str) -> Iterator[str]:
    """A dotted word and all of its dotted prefixes."""
    yield word
    while "." in word:
        word = word.rpartition(".")[0]
        yield word


def stands(called: ModuleName, text: str, start: int) -> bool:
    """Whether a name in a text means a module: before a name inside it, or after an option, a key or a variable."""
    before, after = line_before(text, start), line_after(text, start + len(called.name))
    if re.match(r"[\w/-]", after) or IMPORT.match(f"{before}{called.name}{after}"):
        return False
    # A single word may be anything; a word with a dot is a module.
    if "." in called.name and not after.startswith("."):
        return True
    held = re.match(r"\.(\*|[\w-]+)(?![\w/-])", after)
    if held and (held[1] == "*" or held[1] in called.inside):
        return True
    above = "" if before.strip(" \t\"'") else line_before(text, max(0, start - len(before) - 1)) + "\n"
    is_behind = BEHIND.search(above + before) or IN_LIST.search(text, max(0, start - LONG), start)
    return is_behind is not None and not re.match(r"\.py\b", after)
