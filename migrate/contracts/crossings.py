"""Checking every import of a tree against the layers, in all build configurations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from migrate.engines.base import SourceSummary
from migrate.git.paths import folder_of, is_under
from migrate.plan.layers import Exempt, Layer, layer_of
from migrate.tree.globs import glob_matches


@dataclass(frozen=True)
class LayerCrossing:
    """One import that a layer forbids; `reason` says why it may stay, None when it may not."""

    path: str
    line: int
    layer: str
    imported: str
    """The folder that is imported."""
    used: str | None
    """The layer of that folder; None when it is in no layer."""
    reason: str | None

    @property
    def position(self) -> str:
        """`internal/core/auth/auth.go:13`."""
        return f"{self.path}:{self.line}"

    def as_json(self) -> dict[str, object]:
        """The import for programs."""
        return {"importer": folder_of(self.path), **vars(self)}


@dataclass(frozen=True)
class JudgedLayers:
    """The result of checking a tree against the layers."""

    layers: tuple[Layer, ...]
    imports: int
    """How many imports of the program there are in files of layers."""
    crossings: tuple[LayerCrossing, ...]
    empty: tuple[tuple[Layer, str], ...]
    """Folders of layers without source code: nothing can break their rule."""
    unread: tuple[str, ...]
    """Files of layers whose imports cannot be read."""
    unneeded: tuple[Exempt, ...]
    """Exceptions of the plan that no import needs any more."""

    @property
    def broken(self) -> tuple[LayerCrossing, ...]:
        """The imports that must be fixed."""
        return tuple(crossing for crossing in self.crossings if crossing.reason is None)

    @property
    def excepted(self) -> tuple[LayerCrossing, ...]:
        """The imports that may stay."""
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


def judge_layers(layers: Sequence[Layer], sources: Iterable[SourceSummary]) -> JudgedLayers:
    """Check every import in the files of layers against the rules of these layers.

    Tests count, and so do files that some or all builds leave out. An import counts when it is of this program, even if
    the imported code is generated and not in the tree.
    """
    place = lru_cache(maxsize=None)(lambda folder: layer_of(layers, folder))
    imports = 0
    crossings, unread, needed = [], [], set()
    folders = set()
    for source in sources:
        folders.add(source.folder)
        layer = place(source.folder)
        if layer is None:
            continue
        if source.imports is None:
            unread.append(source.path)
        for line, imported in source.imports or ():
            imports += 1
            used = place(imported)
            if layer.forbids(used):
                exempt = _exempt(layer, source.path, imported)
                needed.add(exempt)
                name, reason = used.name if used else None, exempt.reason if exempt else None
                crossings.append(LayerCrossing(source.path, line, layer.name, imported, name, reason))
    tops = [(layer, top) for layer in layers for top in layer.folders]
    return JudgedLayers(
        layers=tuple(layers),
        imports=imports,
        crossings=tuple(crossings),
        empty=tuple((layer, top) for layer, top in tops if not any(is_under(folder, top) for folder in folders)),
        unread=tuple(unread),
        unneeded=tuple(exempt for layer in layers for exempt in layer.exempt if exempt not in needed),
    )


def _exempt(layer: Layer, path: str, imported: str) -> Exempt | None:
    """The first exception that covers an import."""
    fitting = (
        item for item in layer.exempt if glob_matches(path, [item.files]) and glob_matches(imported, [item.imports])
    )
    return next(fitting, None)
