"""What a phase did to files, as plain data for a template."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from migrate.describe.kinds import count_by_kind
from migrate.describe.values import Values
from migrate.tree.changes import FileChange
from migrate.tree.moves import MoveMap

VERBS: tuple[tuple[str, Callable[[FileChange], bool]], ...] = (
    ("moved", lambda file: file.is_moved),
    ("rewritten", lambda file: file.is_rewritten),
    ("written", lambda file: file.is_written),
    ("deleted", lambda file: file.is_deleted),
)


def move_rows(moves: MoveMap, files: Iterable[FileChange]) -> list[Values]:
    """One row for each entry of a move map, folders first: `old`, `new`, `is_folder`, and how many `files` it moved."""
    moved = {file.old_path: moves.entry(file.old_path) for file in files if file.is_moved and file.old_path is not None}
    counts = Counter(moved.values())
    rows = [(old, new, old not in moved, counts[(old, new)]) for old, new in moves if old != new]
    rows.sort(key=lambda row: not row[2])
    return [{"old": old, "new": new, "is_folder": folder, "files": count} for old, new, folder, count in rows]


def change_rows(files: Iterable[FileChange]) -> list[Values]:
    """One row for each thing that happened to files: `verb`, `count` and the `kinds` of files (`7 Go, 1 Makefile`)."""
    listed = list(files)
    rows = [(verb, [file.path for file in listed if test(file)]) for verb, test in VERBS]
    return [{"verb": verb, "count": len(paths), "kinds": count_by_kind(paths)} for verb, paths in rows if paths]
