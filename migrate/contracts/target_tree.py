"""Comparing a tree with its drawing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrate.git.objects import SUBMODULE, TreeEntry
from migrate.git.paths import folder_of, parents
from migrate.plan.drawing import Drawing, Drawn
from migrate.tree.globs import glob_matches


@dataclass(frozen=True)
class ComparedTree:
    """The result of comparing a tree with its drawing. Folders have no final slash."""

    drawing: Drawing
    missing: tuple[Drawn, ...]
    """What is in the target tree but missing."""
    undrawn: tuple[str, ...]
    """Folders beside drawn ones that are not drawn themselves."""
    others: tuple[str, ...]
    """Such folders where the drawing says that there are others."""

    @property
    def is_kept(self) -> bool:
        """Whether nothing must be fixed."""
        return not self.missing and not self.undrawn

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "drawn": len(self.drawing.places),
            "missing": [{"path": place.name, "line": place.line} for place in self.missing],
            "undrawn": list(self.undrawn),
            "others": list(self.others),
        }


def compare_with_drawing(drawing: Drawing, entries: Mapping[str, TreeEntry], own: Sequence[str]) -> ComparedTree:
    """Compare the entries of a tree with a drawing; files that match `own`, the migration's own, need not be drawn.

    If a drawing shows one subfolder of a folder, it must show all, unless it says that there are others. If it shows
    none, it says nothing about them. Folders whose names begin with a dot need not be drawn, because `tree` leaves them
    out.
    """
    folders = folders_of_entries(entries)
    drawn = {place.path for place in drawing.places}
    complete = {folder_of(place.path) for place in drawing.places if place.is_folder or place.path in folders}
    beside = sorted(
        folder
        for folder in folders_of_entries(
            {path: entry for path, entry in entries.items() if not glob_matches(path, own)}
        )
        - drawn
        if folder_of(folder) in complete and not folder.rpartition("/")[2].startswith(".")
    )
    return ComparedTree(
        drawing,
        missing=tuple(p for p in drawing.places if p.path not in folders and (p.is_folder or p.path not in entries)),
        undrawn=tuple(folder for folder in beside if folder_of(folder) not in drawing.unfinished),
        others=tuple(folder for folder in beside if folder_of(folder) in drawing.unfinished),
    )


def folders_of_entries(entries: Mapping[str, TreeEntry]) -> set[str]:
    """Every folder of a tree, submodules included."""
    submodules = {path for path, entry in entries.items() if entry.mode == SUBMODULE}
    return submodules | {folder for path in entries for folder in parents(path)}
