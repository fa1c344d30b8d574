"""Measure the imports of the program: rooms, floors, arrows, circles. `python -m tests.house` prints them.

With `--import` it also imports every module, as a validation of phases that move them.

A room is what stands directly under `migrate/`, the root files together one of them. Imports inside functions and those
for types alone count like any other: to know a name is to know it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import grimp

from migrate.engines.graph import strongly_connected

ROOT_FILES = frozenset({"deadline", "errors", "limits", "text"})
"""The files that stand beside the rooms on purpose: small helpers that every room may know."""

Graph = Mapping[str, frozenset[str]]
"""What imports what."""


@dataclass(frozen=True)
class House:
    """The files of a package and what each imports of it."""

    files: Graph

    @classmethod
    def of(cls, package: str = "migrate") -> House:
        """The house as it stands; `package` must be importable."""
        graph = grimp.build_graph(package, cache_dir=None)
        return cls({name: frozenset(graph.find_modules_directly_imported_by(name)) for name in graph.modules})

    @cached_property
    def rooms(self) -> Graph:
        """The rooms, each with those that it imports from."""
        found: dict[str, set[str]] = {}
        for file, imported in self.files.items():
            here = room(file)
            found.setdefault(here, set()).update(room(other) for other in imported if room(other) != here)
        return {name: frozenset(others) for name, others in found.items()}

    @property
    def arrows(self) -> int:
        """How many pairs of rooms there are of which one imports the other."""
        return sum(map(len, self.rooms.values()))

    @property
    def floors(self) -> int:
        """The longest way down through the rooms; rooms in one circle are on one floor."""
        return depth(self.rooms)


def room(file: str) -> str:
    """`migrate.git.refs` → `git`; the files that belong to no room are one room."""
    name = file.split(".")[1] if "." in file else "(package)"
    return "" if name in ROOT_FILES else name


def circles(graph: Graph) -> list[list[str]]:
    """Every set of nodes that import each other, largest first."""
    found = (sorted(each) for each in strongly_connected(graph) if len(each) > 1)
    return sorted(found, key=lambda each: (-len(each), each))


def depth(graph: Graph) -> int:
    """The number of floors: the longest way down, with every circle taken as one node."""
    group = {node: frozenset({node}) for node in graph}
    for circle in circles(graph):
        group |= dict.fromkeys(circle, frozenset(circle))
    known: dict[frozenset[str], int] = {}

    def floor(nodes: frozenset[str]) -> int:
        if nodes not in known:
            below: Iterable[frozenset[str]] = {group[other] for node in nodes for other in graph[node]} - {nodes}
            known[nodes] = 1 + max(map(floor, below), default=0)
        return known[nodes]

    return max(map(floor, group.values()))


def main(words: Sequence[str]) -> None:
    """Print the numbers."""
    house = House.of()
    if "--import" in words:
        for name in sorted(house.files.keys() - {"migrate.__main__"}):
            importlib.import_module(name)
    print(f"files {len(house.files)} · rooms {len(house.rooms)} · floors {house.floors} · arrows {house.arrows}")
    for what, graph in (("files", house.files), ("rooms", house.rooms)):
        print(f"circles of {what}: {len(circles(graph))}")
        for circle in circles(graph):
            print(f"  {' '.join(circle)}")


if __name__ == "__main__":
    main(sys.argv[1:])
