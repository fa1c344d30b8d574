"""What became of each Python file that a replay or the people touched, held against what the people left.

Import statements are compared as sets of what they take, so that order, grouping and spelling are style. The rest is
compared line by line, in the classes of `tests/replay/judging.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.places import joined_name, packages_above, place_of_module
from migrate.engines.python.tree import PythonTree
from migrate.text import decode
from migrate.tree.moves import MoveMap
from tests.replay.judging import Class, Difference, Judged, Moved, class_of
from tests.replay.regions import Region, regions

Taken = tuple[str, str]
"""A place of the tree, or the dotted name of what is not in it, and what is taken from there; "" for the module."""


@dataclass(frozen=True)
class Side:
    """A tree, and one file of it."""

    tree: PythonTree
    path: str
    content: bytes

    @cached_property
    def imports(self) -> Mapping[Taken, str]:
        """What the file imports, and how each is spelled."""
        return {taken: text for each in import_statements(self.content) for taken, text in self._taken(each)}

    @cached_property
    def body(self) -> list[str]:
        """The lines without import statements."""
        kept, end = [], 0
        for each in import_statements(self.content):
            kept.append(self.content[end : each.start])
            end = each.end
        return [line for line in decode(b"".join([*kept, self.content[end:]])).splitlines() if line.strip()]

    def _taken(self, statement: ImportStatement) -> Iterator[tuple[Taken, str]]:
        if not statement.is_from:
            for item in statement.items:
                yield (self._place(item.name), ""), f"import {item.name}"
            return
        if statement.level:
            module = self.tree.relative(self.path, statement.level, statement.module) or statement.source
        else:
            module = self._place(statement.module)
        for name in [item.name for item in statement.items] or ["*"]:
            below = joined_name(module, name)
            taken = (below, "") if self.tree.has(below) else (module, name)
            yield taken, f"from {statement.source} import {name}"

    def _place(self, name: str) -> str:
        found = self.tree.longest(name, self.path)
        return name if found is None else joined_name(found.place, name[len(found.name) + 1 :].replace(".", "/"))


END = r"(?!\w)"


class Spelled(Moved):
    """What moved, as a text spells a name or a path of it. A word alone is no name: people speak of the thing then."""

    def __init__(self, moved: Mapping[str, str]) -> None:
        super().__init__(MoveMap(moved), {}, "")

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The ends of old and new places of two parts or more, and a name alone where another one follows it."""
        parts = [path.split("/") for pair in self.moves for path in pair if path]
        pairs = sorted(
            {rf"{re.escape(one)}[./]{re.escape(two)}" for one, two in (each[-2:] for each in parts if each[1:])}
        )
        tops = sorted({re.escape(each[0]) for each in parts if not each[1:]})
        tops = [rf"{top}[.:]+[^\W\d]" for top in tops]
        return re.compile(rf"(?<!\w)(?:{'|'.join([*(f'{pair}{END}' for pair in pairs), *tops])})")


class Places:
    """Where the modules of a tree are after some moves."""

    def __init__(self, before: PythonTree, moves: MoveMap) -> None:
        self._before, self._moves = before, moves
        moved = {place: self.now(place) for place in {*before.files, *before.folders} if place}
        self.moved = {place: new for place, new in moved.items() if place != new}

    def now(self, place: str) -> str:
        """The new place of a place."""
        path = self._before.files.get(place)
        if path is not None:
            return place_of_module(self._moves.resolve(path))
        package = (
            None
            if self._before.has(place)
            else next((p for p in packages_above(place) if p in self._before.files), None)
        )
        return self._moves.resolve(place) if package is None else self.now(package) + place[len(package) :]

    def led(self, taken: Taken) -> Taken:
        """What is taken, from where it is afterwards."""
        return (self.now(taken[0]), taken[1])

    @cached_property
    def spelled(self) -> Spelled:
        """What moved, as texts may spell it."""
        return Spelled(self.moved)


def judge(path: str, places: Places, base: Side, ours: Side, theirs: Side) -> Judged:
    """Compare a file that is not the same."""
    found = list(imports(places, base, ours, theirs))
    for region in regions(base.body, ours.body, theirs.body):
        what = class_of(region, places.spelled, {})
        if what is not Class.SAME:
            found.append(Difference(what, region))
    return Judged(path, tuple(found) or (Difference(Class.STYLE, Region(0, (), ("order of imports",), ())),))


def imports(places: Places, base: Side, ours: Side, theirs: Side) -> Iterator[Difference]:
    """What two files do not both import."""
    origins = {places.led(taken): taken for taken in base.imports}
    for taken in sorted(ours.imports.keys() | theirs.imports.keys()):
        mine, other = ours.imports.get(taken), theirs.imports.get(taken)
        origin = origins.get(taken, taken)
        was = base.imports.get(origin)
        shown = Region(0, (was,) if was else (), (mine,) if mine else (), (other,) if other else ())
        if mine is not None and other is not None:
            if mine != other:
                yield Difference(Class.STYLE, shown)
        elif mine is not None:
            yield Difference(_ours_alone(taken, origin, base, ours, theirs), shown)
        elif taken in base.imports:
            if places.led(taken) == taken:
                yield Difference(Class.DIFFERENT, shown)
        else:
            yield Difference(Class.MISSED if taken in origins else Class.MORE, shown)


def _ours_alone(taken: Taken, origin: Taken, base: Side, ours: Side, theirs: Side) -> Class:
    """They took out an import, left it as it was, or nothing is where we take it; an old module that they kept
    serves."""
    if taken in base.imports:
        return Class.MORE
    if origin in theirs.imports:
        return Class.MORE if theirs.tree.has(origin[0]) else Class.FOLLOWED
    return Class.MORE if ours.tree.has(taken[0]) else Class.DIFFERENT
