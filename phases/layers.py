"""The layers of the target structure, and which packages do not keep to them."""

from __future__ import annotations

from dataclasses import dataclass

from migrate import Workspace

from . import layout


@dataclass(frozen=True)
class Layer:
    """Folders of one layer; `may` names the layers that it may import beside itself."""

    name: str
    folders: tuple[str, ...]
    may: tuple[str, ...]


LAYERS = (
    Layer("commands", ("cmd",), ("api", "infrastructure", "services", "core", "pkg")),
    Layer("api", ("internal/api",), ("infrastructure", "services", "core", "pkg")),
    Layer("infrastructure", ("internal/infrastructure",), ("services", "core", "pkg")),
    Layer("services", ("internal/services",), ("core", "pkg")),
    Layer("core", ("internal/core",), ("pkg",)),
    Layer("pkg", ("pkg",), ()),
)

EVERYWHERE = (f"{layout.INFRASTRUCTURE.folder}/logger",)
"""What any layer may import."""


def layer_of(folder: str) -> Layer | None:
    """The layer that a folder is in."""
    for layer in LAYERS:
        if any(folder == top or folder.startswith(f"{top}/") for top in layer.folders):
            return layer
    return None


def exceptions(ws: Workspace) -> list[tuple[str, list[str]]]:
    """Every package that imports one of a layer that its own may not import, with what it imports of those."""
    found: dict[str, list[str]] = {}
    for user, used in ws.go.analyze().edges:
        above, below = layer_of(user), layer_of(used)
        if above is None or below is None or used in EVERYWHERE or above == below or below.name in above.may:
            continue
        found.setdefault(user, []).append(used)
    return sorted(found.items())
