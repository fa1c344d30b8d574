"""The layers of a program as a plan states them, and which may import which: pure rules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrate.git.paths import is_under


@dataclass(frozen=True)
class Exempt:
    """Imports that may stay although a layer forbids them.

    `files` and `imports` are path patterns: for the importing files, and for the imported folders.
    """

    files: str
    imports: str
    reason: str
    line: int
    """The line of the plan."""


@dataclass(frozen=True)
class Layer:
    """The folders of one layer with everything below them, and its rule. A layer may always import itself."""

    name: str
    folders: tuple[str, ...]
    may_import: tuple[str, ...] | None
    """The layers that it may import; None when any is allowed."""
    imports_nothing_of: tuple[str, ...]
    exempt: tuple[Exempt, ...]
    line: int
    """The line of the plan."""

    def forbids(self, used: Layer | None) -> bool:
        """Whether this layer must not import `used`; None means code of the program that is in no layer."""
        if used == self:
            return False
        if self.may_import is not None:
            return used is None or used.name not in self.may_import
        return used is not None and used.name in self.imports_nothing_of


def layer_of(layers: Iterable[Layer], folder: str) -> Layer | None:
    """The layer of a folder: the layer that names the folder itself, or else the nearest folder above it."""
    named = [(len(top), layer) for layer in layers for top in layer.folders if is_under(folder, top)]
    return max(named, key=lambda found: found[0])[1] if named else None
