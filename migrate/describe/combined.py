"""A phase together with those that were merged into its branch: one pull request brings them all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from migrate.git.history import TreeChange
from migrate.stack.model import Stack, joined_moves
from migrate.stack.phase_state import PhaseState


def combined_phases(stack: Stack, phase: PhaseState) -> PhaseState:
    """A phase with the files, moves, notes and edits of those that were merged into its branch."""
    merged = stack.merged(phase.id)
    if not merged or phase.commit is None or phase.trailers is None:
        return phase
    parts = (phase, *merged)
    changes = combined_state(each.commit.changes for each in parts if each.commit is not None)
    notes = [note for each in parts if each.trailers is not None for note in each.trailers.notes]
    return replace(
        phase,
        commit=replace(phase.commit, changes=changes),
        trailers=replace(phase.trailers, moves=joined_moves(each.moves for each in parts), notes=tuple(notes)),
        above=tuple(commit for each in reversed(parts) for commit in each.above),
    )


def combined_state(steps: Iterable[Iterable[TreeChange]]) -> tuple[TreeChange, ...]:
    """The changes of several commits as one set; a file that is added and later deleted is not in it."""
    found: dict[str, TreeChange] = {}
    for changes in steps:
        for change in changes:
            before = found.get(change.path)
            found[change.path] = change if before is None else phases_over(before, change)
    return tuple(change for change in found.values() if (change.old_mode, change.old) != (change.new_mode, change.new))


def phases_over(first: TreeChange, second: TreeChange) -> TreeChange:
    """Two changes of a file, one after the other, as one change."""
    is_new, is_gone = first.status == "A", second.status == "D"
    status = "A" if is_new else "D" if is_gone else second.status if second.status == "T" else "M"
    return replace(second, status=status, old_mode=first.old_mode, old=first.old)
