"""The import graph of a program, over the union of all build configurations."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from migrate.engines.base import FileRole, SourceSummary


@dataclass(frozen=True)
class ImportGraph:
    """Which folder imports which; only packages of the tree are nodes.

    `edges` are the imports of what is built, `test_edges` those of tests in the package itself. Tests beside it make no
    cycle and are not of it, nor are files that no build takes.
    """

    edges: Mapping[str, frozenset[str]]
    test_edges: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, sources: Iterable[SourceSummary]) -> ImportGraph:
        """The graph of some files."""
        files = list(sources)
        edges: dict[str, set[str]] = {source.folder: set() for source in files}
        tests: dict[str, set[str]] = {folder: set() for folder in edges}
        for source in files:
            if source.role is not FileRole.BESIDE:
                kind = edges if source.role is FileRole.BUILT else tests
                kind[source.folder].update(each.folder for each in source.imports or () if each.folder in edges)
        return cls(*({k: frozenset(v - {k}) for k, v in found.items()} for found in (edges, tests)))

    def cycles(self) -> list[tuple[str, ...]]:
        """Every set of packages that import each other, each as sorted folders (Tarjan's algorithm)."""
        return sorted(tuple(sorted(group)) for group in strongly_connected(self.edges) if len(group) > 1)

    def test_cycles(self) -> list[tuple[str, str]]:
        """Every (package, imported) where a test file in the package imports what imports the package."""
        return sorted(
            (folder, imported)
            for folder, targets in self.test_edges.items()
            for imported in targets
            if folder in self.reachable(imported)
        )

    def reachable(self, folder: str) -> set[str]:
        """Every package that a build of `folder` needs, itself included."""
        seen = {folder}
        waiting = [folder]
        while waiting:
            new = self.edges.get(waiting.pop(), frozenset()) - seen
            seen |= new
            waiting += new
        return seen


def strongly_connected(edges: Mapping[str, Collection[str]]) -> list[list[str]]:
    """The groups of nodes that reach each other, one alone included (Tarjan's algorithm).

    Without recursion: a chain may be deeper than Python's stack.
    """
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[list[str]] = []
    for root in edges:
        work = [] if root in index else [(root, iter(edges[root]))]
        while work:
            node, targets = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
                on_stack.add(node)
            for target in targets:
                if target not in index:
                    work.append((target, iter(edges.get(target, ()))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(stack[cut:])
                    on_stack.difference_update(stack[cut:])
                    del stack[cut:]
    return found
