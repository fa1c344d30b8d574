"""The import graph of a tree, over the union of all build configurations."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from migrate.golang.header import Header
from migrate.golang.tree import GoTree


@dataclass(frozen=True)
class ImportGraph:
    """Which folder imports which; only packages of the tree are nodes.

    `edges` are the imports of what is built, `test_edges` those of test files in the package itself. Imports of
    external test packages make no cycle and are not of it, nor are files that are ignored in every build.
    """

    edges: Mapping[str, frozenset[str]]
    test_edges: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, tree: GoTree) -> ImportGraph:
        """Read the graph of a tree from the headers of its files."""
        tree.read_headers()
        edges: dict[str, set[str]] = {}
        test_edges: dict[str, set[str]] = {}
        for folder, files in tree.folders.items():
            name = tree.package_name(folder)
            edges[folder], test_edges[folder] = set(), set()
            for path in files:
                header = tree.header(path)
                if header is not None and not header.is_ignored and header.package == name:
                    kind = test_edges if path.endswith("_test.go") else edges
                    kind[folder].update(imported_folders(tree, header))
        return cls(*({k: frozenset(v - {k}) for k, v in found.items()} for found in (edges, test_edges)))

    def cycles(self) -> list[tuple[str, ...]]:
        """Every set of packages that import each other, each as sorted folders (Tarjan's algorithm)."""
        return sorted(tuple(sorted(group)) for group in _components(self.edges) if len(group) > 1)

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

    def way(self, start: str, end: str) -> list[str]:
        """The shortest chain of imports from one package to another, both included; empty when there is none."""
        waiting = deque([[start]])
        seen = {start}
        while waiting:
            chain = waiting.popleft()
            if chain[-1] == end:
                return chain
            for folder in sorted(self.edges.get(chain[-1], frozenset()) - seen):
                seen.add(folder)
                waiting.append([*chain, folder])
        return []


def imported_folders(tree: GoTree, header: Header) -> Iterator[str]:
    """The folders with Go files that a file imports."""
    for spec in header.imports:
        folder = tree.modules.folder(spec.path)
        if folder is not None and folder in tree.folders:
            yield folder


def _components(edges: Mapping[str, frozenset[str]]) -> list[list[str]]:
    """The strongly connected components of a graph, without recursion: a chain may be deeper than Python's stack."""
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
