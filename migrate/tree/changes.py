"""What a commit does to files, in people's words: moved, rewritten, written, deleted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrate.git.history import TreeChange
from migrate.git.objects import TreeEntry
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class FileChange:
    """One file before and after; None on the side where it does not exist."""

    old_path: str | None
    new_path: str | None
    old: TreeEntry | None
    new: TreeEntry | None

    @property
    def is_moved(self) -> bool:
        """Whether its path changed."""
        return self.old_path is not None and self.new_path is not None and self.old_path != self.new_path

    @property
    def is_rewritten(self) -> bool:
        """Whether its content or mode changed."""
        return self.old is not None and self.new is not None and self.old != self.new

    @property
    def is_written(self) -> bool:
        """Whether it is new."""
        return self.old is None

    @property
    def is_deleted(self) -> bool:
        """Whether it was deleted."""
        return self.new is None

    @property
    def path(self) -> str:
        """Its path now, or its last one when it was deleted."""
        return self.new_path or self.old_path or ""


@dataclass(frozen=True)
class Counts:
    """How many files a phase moves, rewrites, writes and deletes; a moved file that changed counts twice."""

    moved: int = 0
    rewritten: int = 0
    written: int = 0
    deleted: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.moved + other.moved,
            self.rewritten + other.rewritten,
            self.written + other.written,
            self.deleted + other.deleted,
        )

    def sentence(self) -> str:
        """`31 moved, 74 rewritten`; counts of zero are left out."""
        parts = [
            (self.moved, "moved"),
            (self.rewritten, "rewritten"),
            (self.written, "written"),
            (self.deleted, "deleted"),
        ]
        return ", ".join(f"{count:,} {word}" for count, word in parts if count) or "nothing changed"


def count_changes(files: Iterable[FileChange]) -> Counts:
    """The counts of a set of files."""
    listed = list(files)
    return Counts(
        moved=sum(file.is_moved for file in listed),
        rewritten=sum(file.is_rewritten for file in listed),
        written=sum(file.is_written for file in listed),
        deleted=sum(file.is_deleted for file in listed),
    )


def pair_changes(old: Mapping[str, TreeEntry], new: Mapping[str, TreeEntry], moves: MoveMap) -> tuple[FileChange, ...]:
    """Pair the changed paths of two trees by the move map; rename detection plays no part (it misses big moves).

    `old` and `new` hold the paths that differ, each on the side where it exists.
    """
    files = []
    places = {path: moves.resolve(path) for path in old}
    arrived = {place for place in places.values() if place in new}
    for path, entry in old.items():
        place = places[path]
        if place in new:
            files.append(FileChange(path, place, entry, new[place]))
        elif path in new and path not in arrived:
            arrived.add(path)
            files.append(FileChange(path, path, entry, new[path]))
        else:
            files.append(FileChange(path, None, entry, None))
    files += [FileChange(None, path, None, entry) for path, entry in new.items() if path not in arrived]
    return tuple(sorted(files, key=lambda file: file.path))


def from_commit(changes: Iterable[TreeChange], moves: MoveMap) -> tuple[FileChange, ...]:
    """The file changes of a commit."""
    listed = list(changes)
    old = {c.path: TreeEntry(c.old_mode, c.old) for c in listed if c.status != "A"}
    new = {c.path: TreeEntry(c.new_mode, c.new) for c in listed if c.status != "D"}
    return pair_changes(old, new, moves)


def from_trees(
    base: Mapping[str, TreeEntry], changed: Mapping[str, TreeEntry | None], moves: MoveMap
) -> tuple[FileChange, ...]:
    """The file changes between a tree and what an overlay made of it."""
    old = {path: base[path] for path in changed if path in base}
    new = {path: entry for path, entry in changed.items() if entry is not None}
    return pair_changes(old, new, moves)
