"""The modules of a tree, in all languages: which import path belongs to which folder."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.engines.module_folder import ModuleFolder
from migrate.engines.registry import all_engines
from migrate.git.objects import TreeEntry
from migrate.tree.overlay import Overlay


def modules_of(overlay: Overlay, entries: Mapping[str, TreeEntry]) -> tuple[ModuleFolder, ...]:
    """The modules of a tree whose objects `overlay` can read, innermost folder first."""
    found = (module for engine in all_engines() for module in engine.modules(overlay, entries))
    return tuple(sorted(found, key=lambda module: (-len(module.folder), module.import_path)))
