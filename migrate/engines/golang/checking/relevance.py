"""Which changes of a tree may affect Go code. Every phase asks this, so it imports nothing slow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.git.objects import SUBMODULE
from migrate.tree.changes import FileChange

SOURCES = (".go", ".s")
"""The endings of files that name packages by import path."""

VENDORED = frozenset({"vendor"})
"""The name of folders with copies of other people's code, which are not touched."""

_DECIDING = (*SOURCES, ".mod", "go.work")


def is_code(change: FileChange) -> bool:
    """Whether a change may affect Go code."""
    if is_vendored(change.path):
        return False
    is_submodule = any(entry is not None and entry.mode == SUBMODULE for entry in (change.old, change.new))
    return is_submodule or any(path and path.endswith(_DECIDING) for path in (change.old_path, change.new_path))


def may_decide(changes: Sequence[FileChange], entries: Iterable[str]) -> bool:
    """Whether some changes may affect the Go code of a tree, or files that it embeds."""
    if any(map(is_code, changes)):
        return True
    leaves = any(change.old_path is not None and change.new_path != change.old_path for change in changes)
    return leaves and any(path.endswith(".go") for path in entries)


def is_vendored(path: str) -> bool:
    """Whether a file is a copy of other people's code, which is not touched."""
    return not VENDORED.isdisjoint(path.split("/"))
