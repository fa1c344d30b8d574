"""Finds import cycles that a step makes, over the union of all build configurations.

Every new cycle goes through an edge that the step added, so only what such edges reach is read. A package that moves as
a whole adds none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from migrate.engines.golang.checking.step import GoStep
from migrate.engines.golang.header import Header
from migrate.engines.golang.tree import GoTree, package_name_in
from migrate.engines.splice import line_number_at
from migrate.git.paths import folder_of

WalkState = tuple[str, bool]
"""A package, and whether the way to it went through a test file: go builds the tests of one package at a time."""


class Edge(NamedTuple):
    """An import of the package in the folder `used` by a file of that in `user`; `offset` counts bytes of the file."""

    user: str
    used: str
    path: str
    imported: str
    offset: int
    is_test: bool


class Cycle(NamedTuple):
    """Packages that import each other: the edges of the circle in order."""

    edges: tuple[Edge, ...]

    def lines(self, tree: GoTree) -> list[str]:
        """Each edge with its file and line."""
        found = []
        for edge in self.edges:
            line = line_number_at(tree.content(edge.path), edge.offset)
            found.append(f'{edge.path}:{line} imports "{edge.imported}"')
        return found


class ImportReach:
    """The import graph of one tree, read as it is walked."""

    def __init__(self, tree: GoTree) -> None:
        self.tree = tree
        self._names: dict[str, str | None] = {}
        self._edges: dict[str, tuple[Edge, ...]] = {}
        self._ways: dict[WalkState, dict[WalkState, tuple[WalkState, Edge]]] = {}

    def edges(self, folder: str) -> tuple[Edge, ...]:
        """What the package of a folder and the tests in it import; external tests make no cycle."""
        if folder not in self._edges:
            files = self.tree.folders.get(folder, ())
            self._edges[folder] = tuple(
                edge for path in files if self.is_built(path) for edge in imports_of(self.tree, path)
            )
        return self._edges[folder]

    def is_built(self, path: str) -> bool:
        """Whether a file is built with the others of its folder's package."""
        header = self.tree.header(path)
        return header is not None and not header.is_ignored and header.package == self._name(folder_of(path))

    def way(self, start: WalkState, goal: str) -> list[Edge] | None:
        """The edges of a way from a package to another one; None when there is none."""
        if start not in self._ways:
            self._ways[start] = self._walk(start)
        ways = self._ways[start]
        found = next((state for state in ((goal, False), (goal, True)) if state in ways or state == start), None)
        if found is None:
            return None
        edges = []
        while found != start:
            found, edge = ways[found]
            edges.append(edge)
        return edges[::-1]

    def _walk(self, start: WalkState) -> dict[WalkState, tuple[WalkState, Edge]]:
        """The last step of a shortest way to every reachable state, by breadth-first search."""
        ways: dict[WalkState, tuple[WalkState, Edge]] = {}
        layer = [start]
        while layer:
            self.tree.preload(path for folder, _ in layer for path in self.tree.folders.get(folder, ()))
            found: dict[WalkState, tuple[WalkState, Edge]] = {}
            for folder, tested in layer:
                for edge in self.edges(folder):
                    state = (edge.used, tested or edge.is_test)
                    if not (tested and edge.is_test) and state != start and state not in ways:
                        found.setdefault(state, ((folder, tested), edge))
            ways |= found
            layer = list(found)
        return ways

    def _name(self, folder: str) -> str | None:
        if folder not in self._names:
            files = self.tree.folders.get(folder, ())
            ordinary = [path for path in files if not path.endswith("_test.go")]
            self._names[folder] = package_name_in(self.tree, ordinary or files)
        return self._names[folder]


def imports_of(tree: GoTree, path: str) -> Iterator[Edge]:
    """The edges of one file to the other packages of the tree."""
    folder, is_test = folder_of(path), path.endswith("_test.go")
    for spec, used in tree.local_imports(path):
        if used is not None and used != folder and used in tree.folders:
            yield Edge(folder, used, path, spec.path, spec.start, is_test)


def new_cycles(step: GoStep, files: Iterable[str]) -> list[Cycle]:
    """The cycles of the tree after that the tree before did not have; `files` are those after whose imports changed."""
    after, before = ImportReach(step.after), ImportReach(step.before)
    found: dict[frozenset[str], Cycle] = {}
    for edge in _added_edges(step, files):
        if after.is_built(edge.path):
            back = after.way((edge.used, edge.is_test), edge.user)
            if back is not None and not _is_old(step, before, edge):
                cycle = Cycle((edge, *back))
                found.setdefault(frozenset(each.user for each in cycle.edges), cycle)
    return list(found.values())


def _added_edges(step: GoStep, files: Iterable[str]) -> Iterator[Edge]:
    """The edges that the graph before did not have, with its packages at their new places."""
    mixed: dict[str, bool] = {}
    listed = dict.fromkeys(path for path in files if path.endswith(".go") and path in step.after.entries)
    for folder in sorted({folder_of(path) for path in listed}):
        mixed[folder] = folder in step.joined and len(step.origins(folder)) > 1
        if mixed[folder]:
            listed.update(dict.fromkeys(step.after.folders.get(folder, ())))
    for path in listed:
        known = set() if mixed[folder_of(path)] else _known_edges(step, path)
        yield from (edge for edge in imports_of(step.after, path) if edge.used not in known)


def _known_edges(step: GoStep, path: str) -> set[str]:
    """The present folders of the packages that a file imported before, if it is still in the same package."""
    old = step.source(path)
    if old is None:
        return set()
    was, now = step.before.header(old), step.after.header(path)
    same = step.place(folder_of(old)) == folder_of(path) and _edge_conditions(was, old) == _edge_conditions(now, path)
    imported = (folder for _, folder in step.before.local_imports(old))
    return {step.place(folder) for folder in imported if folder is not None} if same else set()


def _edge_conditions(header: Header | None, path: str) -> tuple[bool, bool]:
    """The facts that decide whether the imports of a file are edges of the graph."""
    is_test = path.endswith("_test.go")
    left_out = header is None or header.is_ignored or (is_test and header.package.endswith("_test"))
    return is_test, left_out


def _is_old(step: GoStep, before: ImportReach, edge: Edge) -> bool:
    """Whether the packages imported each other before already."""
    users, useds = step.origins(edge.user), step.origins(edge.used)
    pairs = [(user, used) for user in users for used in useds if user != used]
    return any(before.way((u, False), v) and before.way((v, False), u) for u, v in pairs)
