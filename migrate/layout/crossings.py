"""Every import of a tree held against the layers, over all build configurations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from migrate.golang.splice import line_at
from migrate.golang.tree import GoTree
from migrate.layout.layers import Exempt, Layer, layer_of
from migrate.paths import is_under
from migrate.workspace import matches


@dataclass(frozen=True)
class Crossing:
    """One import that the rule of a layer forbids; `reason` says why it may stay, None when it may not."""

    path: str
    line: int
    layer: str
    imported: str
    """The folder that is imported."""
    used: str | None
    """The layer of that folder; None when it is in none."""
    reason: str | None

    @property
    def position(self) -> str:
        """`internal/core/auth/auth.go:13`."""
        return f"{self.path}:{self.line}"

    def as_json(self) -> dict[str, object]:
        """The import for programs."""
        return {"importer": self.path.rpartition("/")[0], **vars(self)}


@dataclass(frozen=True)
class Judged:
    """How far a tree keeps to the layers."""

    layers: tuple[Layer, ...]
    imports: int
    """How many imports of the program stand in the files of layers."""
    crossings: tuple[Crossing, ...]
    empty: tuple[tuple[Layer, str], ...]
    """Folders of layers without any Go file: a rule that nothing can break."""
    unread: tuple[str, ...]
    """Go files of layers that have no package clause, so that their imports are not known."""
    unneeded: tuple[Exempt, ...]
    """Exceptions that no import needs."""

    @property
    def broken(self) -> tuple[Crossing, ...]:
        """What must be fixed."""
        return tuple(crossing for crossing in self.crossings if crossing.reason is None)

    @property
    def excepted(self) -> tuple[Crossing, ...]:
        """What may stay."""
        return tuple(crossing for crossing in self.crossings if crossing.reason is not None)

    @property
    def is_kept(self) -> bool:
        """Whether nothing must be fixed."""
        return not self.broken and not self.empty

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "layers": [layer.name for layer in self.layers],
            "imports": self.imports,
            "broken": [crossing.as_json() for crossing in self.broken],
            "excepted": [crossing.as_json() for crossing in self.excepted],
            "empty": [{"layer": layer.name, "folder": folder, "line": layer.line} for layer, folder in self.empty],
            "unread": list(self.unread),
            "unneeded": [vars(exempt) for exempt in self.unneeded],
        }


def judge(layers: Sequence[Layer], tree: GoTree) -> Judged:
    """Hold every import in a Go file of a layer against the rule of that layer.

    Tests count, and files that some or all builds leave out: what they import, the layer's code knows of. What is
    imported counts when an import path of this tree's modules leads to it, be it generated and not there.
    """
    place = lru_cache(maxsize=None)(lambda folder: layer_of(layers, folder))
    tree.read_headers()
    imports = 0
    crossings, unread, needed = [], [], set()
    for path in sorted(tree.files):
        layer = place(path.rpartition("/")[0])
        if layer is None:
            continue
        if tree.header(path) is None:
            unread.append(path)
        for start, imported in _imports(tree, path):
            imports += 1
            used = place(imported)
            if layer.forbids(used):
                exempt = _exempt(layer, path, imported)
                needed.add(exempt)
                line = line_at(tree.content(path), start)
                name, reason = used.name if used else None, exempt.reason if exempt else None
                crossings.append(Crossing(path, line, layer.name, imported, name, reason))
    return Judged(
        layers=tuple(layers),
        imports=imports,
        crossings=tuple(crossings),
        empty=tuple((layer, top) for layer in layers for top in layer.folders if not _holds_go(tree, top)),
        unread=tuple(unread),
        unneeded=tuple(exempt for layer in layers for exempt in layer.exempt if exempt not in needed),
    )


def _imports(tree: GoTree, path: str) -> Iterator[tuple[int, str]]:
    """Where every import of this program begins in a file, and the folder that it means."""
    header = tree.header(path)
    for spec in () if header is None else header.imports:
        folder = tree.local_import(path, spec.path)
        if folder is not None:
            yield spec.start, folder


def _exempt(layer: Layer, path: str, imported: str) -> Exempt | None:
    """The first exception that an import comes under."""
    fitting = (item for item in layer.exempt if matches(path, [item.files]) and matches(imported, [item.imports]))
    return next(fitting, None)


def _holds_go(tree: GoTree, top: str) -> bool:
    return any(is_under(folder, top) for folder in tree.folders)
