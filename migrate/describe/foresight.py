"""What a phase would do, in the lines that `migrate plan` prints."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from migrate.changes import Counts
from migrate.describe.kinds import kind
from migrate.paths import is_under
from migrate.running import Applied
from migrate.text import plural

SYMBOLS = {"→": "moved", "~": "rewritten", "+": "written", "-": "deleted", "i": "note", "!": "problem"}
NAMED = 4
"""So many files are named one by one; more are counted by kind."""


@dataclass(frozen=True)
class PhaseForesight:
    """One phase of a plan: lines of a symbol and a text."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...]
    counts: Counts
    moves: tuple[tuple[str, str, int], ...]
    rewritten: tuple[str, ...]
    written: tuple[str, ...]
    deleted: tuple[str, ...]

    def as_json(self) -> dict[str, object]:
        """The phase for programs."""
        return {
            "id": self.id,
            "title": self.title,
            "moves": [{"from": old, "to": new, "files": files} for old, new, files in self.moves],
            "moved": self.counts.moved,
            "rewritten": list(self.rewritten),
            "written": list(self.written),
            "deleted": list(self.deleted),
        }


def foresee(applied: Applied) -> PhaseForesight:
    """The lines of one phase."""
    moved = [file for file in applied.files if file.is_moved]
    moves = tuple(
        (old, new, sum(is_under(file.old_path or "", old) and is_under(file.new_path or "", new) for file in moved))
        for old, new in applied.moves
    )
    rewritten = tuple(file.path for file in applied.files if file.is_rewritten)
    written = tuple(file.path for file in applied.files if file.is_written)
    deleted = tuple(file.path for file in applied.files if file.is_deleted)
    lines = [("→", text) for text in move_lines(moves)]
    if rewritten:
        lines.append(("~", by_kind(rewritten)))
    lines += [("+", path) for path in written]
    lines += [("-", path) for path in deleted]
    lines += [("i", note) for note in applied.notes]
    return PhaseForesight(
        applied.source.id, applied.source.title, tuple(lines), applied.counts, moves, rewritten, written, deleted
    )


def move_lines(moves: tuple[tuple[str, str, int], ...]) -> list[str]:
    """One line a move, in columns."""
    wide_old = max((len(old) for old, _, _ in moves), default=0)
    wide_new = max((len(new) for _, new, _ in moves), default=0)
    return [f"{old:<{wide_old}}  {new:<{wide_new}}  {plural(files, 'file')}" for old, new, files in moves]


def by_kind(paths: tuple[str, ...]) -> str:
    """`9 files: 7 Go, README.md, Makefile`: kinds with many files are counted, the others named."""
    kinds = Counter(kind(path) for path in paths)
    parts = [f"{number} {name}" for name, number in kinds.most_common() if number > NAMED]
    parts += [path for path in paths if kinds[kind(path)] <= NAMED]
    return f"{plural(len(paths), 'file')}: {', '.join(parts)}"


def diff(applied: Applied) -> Iterator[str]:
    """A unified diff of every file that is not only moved."""
    overlay = applied.overlay
    for file in applied.files:
        if file.is_moved and not file.is_rewritten:
            continue
        sides = [
            overlay.content(entry.oid) if entry and entry.is_text_candidate else b"" for entry in (file.old, file.new)
        ]
        if any(b"\0" in side for side in sides):
            yield f"binary {file.path}"
            continue
        before, after = (side.decode("utf-8", "replace").splitlines() for side in sides)
        old, new = (
            f"a/{file.old_path}" if file.old else "/dev/null",
            f"b/{file.new_path}" if file.new else "/dev/null",
        )
        yield from difflib.unified_diff(before, after, old, new, lineterm="")
