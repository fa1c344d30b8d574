"""What a phase notes of what follows from where files stand, with everything that it looks at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.changes import FileChange
from migrate.golang.checking.step import folder_of
from migrate.golang.tree import GoTree
from migrate.implied.covered import coverage_notes
from migrate.implied.generators import Renamed, generator_notes
from migrate.implied.names import name_notes
from migrate.overlay import Overlay


def implied_notes(overlay: Overlay, files: Sequence[FileChange]) -> Iterator[str]:
    """A note for each thing that follows from where a file stands and is another one after a phase."""
    moved = {file.old_path: file.new_path for file in files if file.is_moved and file.old_path and file.new_path}
    if not moved:
        return
    before = overlay.before()
    renamed = list(packages(before, overlay, moved))
    yield from coverage_notes(before, overlay, moved)
    yield from name_notes(overlay, moved, {p.old_folder: p.folder for p in renamed if p.old == p.name == "main"})
    yield from generator_notes(overlay, [each for each in renamed if each.old != each.name])


def packages(before: Overlay, after: Overlay, moved: dict[str, str]) -> Iterator[Renamed]:
    """The packages whose folder moved as a whole, with their names."""
    old_tree, new_tree = GoTree.of(before), GoTree.of(after)
    pairs = {(folder_of(old), folder_of(new)) for old, new in moved.items() if old.endswith(".go")}
    for old, new in sorted(pairs):
        names = old_tree.package_name(old), new_tree.package_name(new)
        if old != new and old not in new_tree.folders and names[0] and names[1]:
            yield Renamed(old, names[0], new, names[1])
