"""What a sync does not publish, and what a colleague took back: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import RefAction, RefDecision, RefRole
from migrate.plan.names import RefNames
from migrate.stack.entries import EntryKind, JournalEntry
from migrate.stack.model import Stack
from migrate.stack.phase_state import State


def taken_back_by_others(
    names: RefNames, entries: Iterable[JournalEntry], own: Iterable[JournalEntry]
) -> dict[str, JournalEntry]:
    """By branch the entry by which a colleague withdrew it, where no later one moved it; oldest entry first.

    `own` are those that were made in this clone.
    """
    mine = {entry.oid for entry in own}
    found: dict[str, JournalEntry] = {}
    for entry in entries:
        if entry.kind is EntryKind.SYNC:  # It repeats what others did.
            continue
        noted = {update.ref for update in entry.refs if update.new is not None}
        for update in entry.refs:
            if update.ref.startswith(BRANCH):
                found.pop(update.ref, None)
                phase = update.ref.rpartition("/")[2]
                if update.new is None and names.withdrawn(phase) in noted and entry.oid not in mine:
                    found[update.ref] = entry
    return found


def held_back_branches(
    stack: Stack, decisions: Sequence[RefDecision], *, allow_failed: bool
) -> tuple[RefDecision, ...]:
    """The decisions without the pushes of phases that failed, and of those that stand on what is not there."""
    held: dict[str, str] = {}
    ground = ""
    actions = {d.ref_values.phase: d.action for d in decisions if d.ref_values.role is RefRole.BRANCH}
    for phase in stack:
        if not phase.exists:
            continue
        if not ground and (phase.failed or phase.state is State.FAILED) and not allow_failed:
            why = phase.failed[0].spec.name if phase.failed else ""
            held[phase.id] = f"it failed {why}".rstrip()
            ground = f"it stands on {phase.id}, which failed"
        elif ground:
            held[phase.id] = ground
        if not ground and actions.get(phase.id) is RefAction.ADOPT:
            ground = f"it stands on the earlier {phase.id} of this clone; migrate restack moves it to the one that came"
    return tuple(with_hold(each, held) for each in decisions)


def with_hold(decision: RefDecision, held: dict[str, str]) -> RefDecision:
    """A decision, or the one not to push where its phase is held back."""
    ref_values = decision.ref_values
    if (
        decision.action is RefAction.PUSH
        and ref_values.role in (RefRole.BRANCH, RefRole.MADE)
        and ref_values.phase in held
    ):
        return replace(decision, action=RefAction.HOLD, why=held[ref_values.phase])
    return decision
