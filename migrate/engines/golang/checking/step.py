"""A Go tree before and after some edits, and which file became which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class GoStep:
    """What a plan or a phase does to a tree."""

    before: GoTree
    after: GoTree
    moves: MoveMap
    changed: Mapping[str, str | None]
    """For every file with a new path or content, by its new path: its old path, None for a new file."""
    gone: frozenset[str] = frozenset()
    """The old paths of files that were deleted."""

    def origin(self, path: str) -> str | None:
        """The path that a file of the tree after had before; None when it is new."""
        return self.changed.get(path, path)

    def source(self, path: str) -> str | None:
        """`origin`, if that was a readable regular file."""
        old = self.origin(path)
        entry = None if old is None else self.before.entries.get(old)
        return old if entry is not None and entry.is_text_candidate else None

    def is_rewritten(self, path: str) -> bool:
        """Whether a file of the tree after is new, or has other content than before."""
        old = self.source(path)
        return old is None or self.before.entries[old].oid != self.after.entries[path].oid

    def place(self, folder: str) -> str:
        """The present place of what was in a folder of the tree before."""
        return self.moves.resolve(folder)

    def origins(self, folder: str) -> set[str]:
        """The old folders of the Go files of a folder."""
        old = (self.origin(path) for path in self.after.folders.get(folder, ()))
        return {folder_of(path) for path in old if path is not None}

    @cached_property
    def joined(self) -> frozenset[str]:
        """The folders after the step that got files from other folders."""
        places = ((folder_of(path), folder_of(old)) for path, old in self.changed.items() if old is not None)
        return frozenset(new for new, old in places if new != old)

    @cached_property
    def touched(self) -> frozenset[str]:
        """The folders, after and before the step, of Go files that changed."""
        paths = [*self.changed, *self.gone, *(path for path in self.changed.values() if path is not None)]
        return frozenset(folder_of(path) for path in paths if path.endswith(".go"))
