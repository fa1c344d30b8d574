"""What a sync does not publish, and what a colleague took back: pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import Action, Decision, Role
from migrate.plan.names import Names
from migrate.stack.entries import Entry, Kind
from migrate.stack.model import Stack
from migrate.stack.phase_state import State


def taken_back(names: Names, entries: Iterable[Entry], own: Iterable[Entry]) -> dict[str, Entry]:
    """By branch the entry by which a colleague withdrew it, where no later one moved it; oldest entry first.

    `own` are those that were made in this clone.
    """
    mine = {entry.oid for entry in own}
    found: dict[str, Entry] = {}
    for entry in entries:
        if entry.kind is Kind.SYNC:  # It repeats what others did.
            continue
        noted = {update.ref for update in entry.refs if update.new is not None}
        for update in entry.refs:
            if update.ref.startswith(BRANCH):
                found.pop(update.ref, None)
                phase = update.ref.rpartition("/")[2]
                if update.new is None and names.withdrawn(phase) in noted and entry.oid not in mine:
                    found[update.ref] = entry
    return found


def held_back(stack: Stack, decisions: Sequence[Decision], *, allow_failed: bool) -> tuple[Decision, ...]:
    """The decisions without the pushes of phases that failed, and of those that stand on what is not there."""
    held: dict[str, str] = {}
    ground = ""
    actions = {d.sides.phase: d.action for d in decisions if d.sides.role is Role.BRANCH}
    for phase in stack:
        if not phase.exists:
            continue
        if not ground and (phase.failed or phase.state is State.FAILED) and not allow_failed:
            why = phase.failed[0].spec.name if phase.failed else ""
            held[phase.id] = f"it failed {why}".rstrip()
            ground = f"it stands on {phase.id}, which failed"
        elif ground:
            held[phase.id] = ground
        if not ground and actions.get(phase.id) is Action.ADOPT:
            ground = f"it stands on {phase.id} as it was here before; migrate restack puts it on the one that came"
    return tuple(with_hold(each, held) for each in decisions)


def with_hold(decision: Decision, held: dict[str, str]) -> Decision:
    """A decision, or the one not to push where its phase is held back."""
    sides = decision.sides
    if decision.action is Action.PUSH and sides.role in (Role.BRANCH, Role.MADE) and sides.phase in held:
        return replace(decision, action=Action.HOLD, why=held[sides.phase])
    return decision
