"""What Python calls a module by its path, where the path is another one: the name may be, too.

Which folder programs start from nobody says, so a name that stays may be right: `python -m tools.x` is, where a
`package-dir` maps it. Imports are `verify`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from migrate.implied.places import Place, places_in, texts
from migrate.overlay import Overlay
from migrate.text import some

TOPS = ("src/", "lib/", "python/")
"""Folders that hold what is imported, and are no part of its name."""
TOOL = r"(?:python[\d.]*|py|mypy|pyright|pytest|coverage|pylint|isort|uv|pdm|poetry|hatch|nuitka|pyinstaller)"
OPTION = rf"\b{TOOL}\b[^\n]{{0,200}}[\s\"'](?:-m|-p|--package|--module)[\"']?[\s,=]+[\"']?|--cov(?:=|[\s\"',]+)"
KEY = (
    r"^[ \t]*[\"']?(?:[\w.-]*[_-])?(?:packages|py[_-]modules|source_pkgs|known[_-][\w-]+|modules?|root_packages?)"
    r"[\"']?\s*[:=][^\n#]*?(?<![\w./-])|\bpackages\s*=\s*\[[^\]]*?[\"']|\[mypy-"
)
VARIABLE = r"^[ \t]*(?:(?:export|ENV|ARG)[ \t]+)?\w*(?:PKG|PACKAGE|MODULE)\w*[ \t]*[:?+]?=[ \t]*[\"']?"


class Called(NamedTuple):
    """A module or package that moved: its path and what Python calls it, before and now; `inside` is what it holds."""

    old: str
    name: str
    new: str
    new_name: str
    inside: frozenset[str]


class NameNote(NamedTuple):
    """Where the old name of a module is spelled still."""

    called: Called
    places: tuple[Place, ...]

    def note(self) -> str:
        """One sentence with a few of the places."""
        each, where = self.called, some([str(place) for place in self.places])
        return (
            f"{each.old} is {each.new} now; Python may call it {each.new_name}, and {each.name} is spelled in {where}"
        )

    def details(self) -> Iterator[str]:
        """Every place."""
        return (f"{place}: the Python name {self.called.name} of {self.called.old}" for place in self.places)


def module_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[NameNote]:
    """A note for each module of Python that moved and whose old name is spelled where names of modules stand.

    `moved` maps old paths of files to new ones.
    """
    wanted = [(each, pattern(each)) for each in renamed(overlay, moved)]
    found: dict[Called, dict[Place, None]] = {}
    for path, text in texts(overlay, [each.name for each, _ in wanted]) if wanted else ():
        for each, spelled in wanted:
            if each.name in text:
                found.setdefault(each, {}).update(dict.fromkeys(places_in(path, text, spelled)))
    return (NameNote(each, tuple(there)) for each, there in found.items() if there)


def renamed(overlay: Overlay, moved: Mapping[str, str]) -> list[Called]:
    """The modules and packages that have another name by their path, each without those that it holds."""
    modules = [(module(old), module(new)) for old, new in moved.items() if {old[-3:], new[-3:]} == {".py"}]
    there = {folder for path in overlay.entries for folder in parents(path)} if modules else set()
    inside: dict[tuple[str, str], set[str]] = {}
    for old, new in modules:
        was, now, rest = topmost(old, new, there)
        inside.setdefault((was, now), set()).update(rest[:1])
    found = [Called(was, name(was), now, name(now), frozenset(rest)) for (was, now), rest in inside.items()]
    return [each for each in found if each.name != each.new_name and each.name]


def parents(path: str) -> Iterator[str]:
    """The folders that a path is in."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def module(path: str) -> str:
    """The path of a module without the ending of its file; a package's is its folder."""
    return path.rpartition(".")[0].removesuffix("/__init__")


def topmost(old: str, new: str, there: set[str]) -> tuple[str, str, list[str]]:
    """The highest package of a module that moved as a whole, where it is now, and the rest of the module's path."""
    rest: list[str] = []
    while "/" in old and "/" in new and old.rpartition("/")[0] not in there:
        if old.rpartition("/")[2] != new.rpartition("/")[2]:
            break
        old, _, last = old.rpartition("/")
        new = new.rpartition("/")[0]
        rest.insert(0, last)
    return old, new, rest


def name(path: str) -> str:
    """What Python calls a module or package, seen from where programs start."""
    top = next((each for each in TOPS if path.startswith(each)), "")
    return path.removeprefix(top).replace("/", ".")


def pattern(called: Called) -> re.Pattern[str]:
    """Where the name of a module stands: before one that it holds, behind an option, a key or a variable."""
    word = rf"{re.escape(called.name)}(?![\w/-])"
    held = "|".join([r"\*", *map(re.escape, sorted(called.inside))])
    dotted = rf"(?<![\w./-]){re.escape(called.name)}\.(?:{held})(?![\w/-])"
    # One word may be anything; with a point in it, it is a module.
    alone = rf"|(?<![\w./-]){word}(?!\.)" if "." in called.name else ""
    return re.compile(rf"{dotted}{alone}|(?:{OPTION}|{KEY}|{VARIABLE}){word}(?!\.py\b)", re.MULTILINE)
