"""The old paths of a tree, with what the engines of its languages say of them."""

from __future__ import annotations

from itertools import chain

from migrate.engines.old_paths import OldPaths
from migrate.engines.registry import all_engines, has_packages
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


def old_paths_of(overlay: Overlay, moves: MoveMap) -> OldPaths:
    """The old paths of a tree that some moves made."""
    packages = {folder_of(path) for path in overlay.entries if has_packages(path)}
    return OldPaths.of(overlay, moves, packages, chain.from_iterable(each.omitted for each in all_engines()))
