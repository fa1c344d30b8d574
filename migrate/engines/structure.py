"""The structure of a program: where its files are, what imports what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrate.engines.base import SourceSummary
from migrate.engines.graph import ImportGraph
from migrate.git.paths import folder_of

RENDERABLE = 40
"""Above this many nodes a picture of the import graph cannot be read."""


@dataclass(frozen=True)
class Area:
    """A folder of the first two levels: how many files stand below it, and their share of the folder above."""

    folder: str
    files: int
    share: float


@dataclass(frozen=True)
class PackageFacts:
    """One package: `fan_in` packages of the program import it, it imports `fan_out` of them (tests not counted)."""

    folder: str
    name: str
    files: int
    fan_in: int
    fan_out: int

    @property
    def is_reusable(self) -> bool:
        """Whether it imports nothing of the program, so that any program could use it."""
        return self.fan_out == 0 and self.name != "main"


@dataclass(frozen=True)
class Structure:
    """What `analyze` finds out."""

    areas: tuple[Area, ...]
    packages: tuple[PackageFacts, ...]
    cycles: tuple[tuple[str, ...], ...]
    edges: tuple[tuple[str, str], ...]

    @property
    def files(self) -> int:
        """How many files there are, tests included."""
        return sum(package.files for package in self.packages)

    @property
    def reusable(self) -> tuple[PackageFacts, ...]:
        """The packages that import nothing of the program."""
        return tuple(package for package in self.packages if package.is_reusable)

    def mermaid(self) -> str:
        """The import graph as a Mermaid flowchart, by groups of the first two path levels when it is large."""
        nodes = {package.folder: package.folder for package in self.packages}
        if len(nodes) > RENDERABLE:
            nodes = {folder: "/".join(folder.split("/")[:2]) for folder in nodes}
        ids = {group: f"n{number}" for number, group in enumerate(sorted(set(nodes.values())))}
        lines = [f'  {key}["{_label(group)}"]' for group, key in ids.items()]
        links = Counter((nodes[user], nodes[used]) for user, used in self.edges if nodes[user] != nodes[used])
        lines += [f"  {ids[user]} --> {ids[used]}" for user, used in sorted(links)]
        return "\n".join(["flowchart LR", *lines]) + "\n"


def structure_of(sources: Iterable[SourceSummary]) -> Structure:
    """The structure of some source code."""
    files = list(sources)
    graph = ImportGraph.of(files)
    fan_in = Counter(target for targets in graph.edges.values() for target in targets)
    folders = Counter(source.folder for source in files)
    names = {source.folder: source.package for source in files}
    packages = [
        PackageFacts(folder, names[folder], count, fan_in[folder], len(graph.edges[folder]))
        for folder, count in sorted(folders.items())
    ]
    return Structure(
        areas=tuple(_areas(folders)),
        packages=tuple(packages),
        cycles=tuple(graph.cycles()),
        edges=tuple(sorted((user, used) for user, targets in graph.edges.items() for used in targets)),
    )


def _areas(folders: Mapping[str, int]) -> list[Area]:
    counts: Counter[str] = Counter()
    for folder, files in folders.items():
        parts = folder.split("/")[:2] if folder else []
        for depth in range(len(parts) + 1):
            counts["/".join(parts[:depth])] += files
    return [
        Area(folder, count, count / counts[folder_of(folder)]) for folder, count in sorted(counts.items()) if folder
    ]


def _label(folder: str) -> str:
    """A text that can neither end a quoted Mermaid label nor be read as markup in it."""
    special = '"<>&`#'
    return "".join(f"#{ord(c)};" if c in special or not c.isprintable() else c for c in folder or "(top)")
