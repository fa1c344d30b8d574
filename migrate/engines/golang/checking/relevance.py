"""Which changes of a tree may decide about Go code. Every phase asks this: it imports nothing slow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.git.objects import SUBMODULE
from migrate.tree.changes import FileChange

SOURCES = (".go", ".s")
"""How the files end that name packages by their import paths."""

VENDORED = frozenset({"vendor"})
"""The name of the folders with copies of somebody else's code, which are left alone."""

_DECIDING = (*SOURCES, ".mod", "go.work")


def is_code(change: FileChange) -> bool:
    """Whether a change may decide about Go code."""
    if is_vendored(change.path):
        return False
    is_submodule = any(entry is not None and entry.mode == SUBMODULE for entry in (change.old, change.new))
    return is_submodule or any(path and path.endswith(_DECIDING) for path in (change.old_path, change.new_path))


def may_decide(changes: Sequence[FileChange], entries: Iterable[str]) -> bool:
    """Whether some changes may decide about the Go code of a tree: of its files, or of what one of them embeds."""
    if any(map(is_code, changes)):
        return True
    leaves = any(change.old_path is not None and change.new_path != change.old_path for change in changes)
    return leaves and any(path.endswith(".go") for path in entries)


def is_vendored(path: str) -> bool:
    """Whether a file is a copy of somebody else's, which is left alone."""
    return not VENDORED.isdisjoint(path.split("/"))
