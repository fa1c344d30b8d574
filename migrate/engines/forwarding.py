"""Files that are at old places on purpose, so that importers of old places find the new ones."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.engines.registry import all_engines
from migrate.git.objects import TreeEntry
from migrate.tree.overlay import Overlay


def forwarding_files(overlay: Overlay, entries: Mapping[str, TreeEntry] | None = None) -> list[str]:
    """The forwarding files of all languages in a tree, or in other entries of it, sorted."""
    tree = overlay.entries if entries is None else entries
    return sorted(path for engine in all_engines() for path in engine.forwarding(overlay, tree))


def without_forwarding(overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Mapping[str, TreeEntry]:
    """The entries of a tree without its forwarding files."""
    files = set(forwarding_files(overlay, entries))
    return {path: entry for path, entry in entries.items() if path not in files} if files else entries
