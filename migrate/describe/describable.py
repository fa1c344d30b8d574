"""Which phases have a pull request to describe: those with a branch that holds their commit."""

from __future__ import annotations

from typing import NamedTuple

from migrate.errors import RefusedError
from migrate.git.repository import Head
from migrate.stack.checked_out import phases_at
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.unknown_history import missing_history, no_phase


class Describable(NamedTuple):
    """The phases to describe, bottom first, and those that have a branch but cannot be described."""

    phases: tuple[PhaseState, ...]
    left_out: tuple[PhaseState, ...]


def describable_phases(stack: Stack, head: Head, name: str | None, *, everything: bool) -> Describable:
    """The phase with that id; or all; or else the one that is checked out, the one that failed, or the highest one.

    None when all that were made have landed. Raises `RefusedError` when no phase was made yet, or the one that was
    named cannot be described.
    """
    if name is not None:
        return Describable((the_one(stack, name),), ())
    made = [phase for phase in stack if phase.exists]
    good = tuple(phase for phase in made if not unreadable_commit(phase))
    left_out = tuple(phase for phase in made if unreadable_commit(phase))
    if not made and not any(phase.state is State.LANDED for phase in stack):
        raise no_phase(stack)
    if not good and left_out:
        raise not_described(stack, left_out[0])
    if everything:
        return Describable(good, left_out)
    own = phases_at(stack, head)[:1]
    if own and unreadable_commit(own[0]):
        raise not_described(stack, own[0])
    failed = tuple(phase for phase in good if phase.state is State.FAILED)
    return Describable((own or failed or good[-1:])[:1], left_out)


def the_one(stack: Stack, name: str) -> PhaseState:
    """The phase that the user named. Raises `RefusedError` when it has no pull request to describe."""
    phase = next((phase for phase in stack if phase.id == name), None)
    if phase is None:
        raise RefusedError(f"{name} has nothing left to do", advice="migrate status lists the phases")
    if phase.state is State.LANDED:
        raise RefusedError(f"{name} has landed: its pull request is done", advice="migrate status")
    if phase.into:
        raise RefusedError(
            f"{name} was merged into {phase.into} and no longer has a branch of its own",
            advice=f"name {phase.into}: it stands for both",
        )
    if phase.tip is None and phase.state is State.UNKNOWN:
        raise RefusedError(f"{name} has no branch here: {phase.reason}", advice=missing_history(stack.plan.remote))
    if phase.tip is None:
        raise RefusedError(f"{name} has no branch yet", advice=f"migrate run --to {name} makes it")
    if unreadable_commit(phase):
        raise not_described(stack, phase)
    return phase


def unreadable_commit(phase: PhaseState) -> str:
    """Why a phase that has a branch cannot be described; empty when it can be."""
    if phase.commit is None:
        return phase.reason
    return "the history of this shallow clone begins at its commit" if phase.is_end else ""


def not_described(stack: Stack, phase: PhaseState) -> RefusedError:
    """The error for a phase that cannot be described."""
    is_cut = phase.is_end or phase.state is State.UNKNOWN
    advice = missing_history(stack.plan.remote) if is_cut else "migrate status"
    return RefusedError(f"{phase.id} cannot be described: {unreadable_commit(phase)}", advice=advice)
