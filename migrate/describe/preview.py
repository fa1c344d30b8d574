"""What a phase would do, in the lines that `migrate plan` prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.describe.kinds import few_named_by_kind
from migrate.execution.tools import commit_of_overlay
from migrate.git.patches import patch_between
from migrate.git.paths import is_under
from migrate.git.repository import Repository
from migrate.phase.runner import Applied
from migrate.text import plural
from migrate.tree.changes import Counts

SYMBOLS = {"→": "moved", "~": "rewritten", "+": "written", "-": "deleted", "i": "note", "!": "problem"}


@dataclass(frozen=True)
class PhasePreview:
    """One phase of a plan: lines of a symbol and a text."""

    id: str
    title: str
    lines: tuple[tuple[str, str], ...]
    counts: Counts
    moves: tuple[tuple[str, str, int], ...]
    rewritten: tuple[str, ...]
    written: tuple[str, ...]
    deleted: tuple[str, ...]
    notes: tuple[str, ...]

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
            "notes": list(self.notes),
        }


def preview_phase(applied: Applied) -> PhasePreview:
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
        lines.append(("~", few_named_by_kind(rewritten)))
    lines += [("+", path) for path in written]
    lines += [("-", path) for path in deleted]
    lines += [("i", note) for note in applied.notes]
    return PhasePreview(
        applied.source.id,
        applied.source.title,
        tuple(lines),
        applied.counts,
        moves,
        rewritten,
        written,
        deleted,
        applied.notes,
    )


def move_lines(moves: tuple[tuple[str, str, int], ...]) -> list[str]:
    """One line a move, in columns."""
    wide_old = max((len(old) for old, _, _ in moves), default=0)
    wide_new = max((len(new) for _, new, _ in moves), default=0)
    return [f"{old:<{wide_old}}  {new:<{wide_new}}  {plural(files, 'file')}" for old, new, files in moves]


def preview_patch(repository: Repository, steps: Sequence[Applied], *, binary: bool) -> bytes:
    """What several phases in a row change together, as a patch.

    `git apply` takes it when `binary` is set; otherwise it is to be read.

        This writes objects to git, but no ref.
    """
    before, after = (commit_of_overlay(repository, tree) for tree in (steps[0].overlay.before(), steps[-1].overlay))
    return patch_between(repository, before, after, binary=binary)
