"""What every command that moves refs begins with: the lock, and what a killed command left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from migrate.errors import RefusedError
from migrate.git.refs import exactly
from migrate.journal.lock import locked
from migrate.orchestrator.recovery import recover
from migrate.stack.conflict_place import conflict_place
from migrate.stack.conflict_state import read_pending_conflict
from migrate.stack.model import Stack
from migrate.stack.project import Project
from migrate.stack.strange_refs import set_aside


@contextmanager
def transition(project: Project, command: str, *, while_conflict_pending: bool = False) -> Iterator[None]:
    """Hold the repository for one command, such as `migrate run`.

    Raises `LockedError` when another command is at work, `RefusedError` when one stopped at a conflict, unless this one
    is about that.
    """
    repository, names = project.repository, project.names
    with locked(repository, command):
        there = set_aside(repository, names)
        recover(repository, names, there)
        if names.intent in there:
            there = exactly(repository, names.pending_conflict)
        oid = there.get(names.pending_conflict)
        if oid is not None and not while_conflict_pending:
            pending_conflict = read_pending_conflict(repository, oid)
            place = conflict_place(repository, names.migration, pending_conflict) if pending_conflict else None
            where = f" in {place}" if place is not None else ""
            raise RefusedError(
                pending_conflict.sentence if pending_conflict else "a command stopped at a conflict",
                advice=f"migrate continue when it is resolved{where}, or migrate abort",
            )
        yield


def require_synced(stack: Stack) -> None:
    """Raise `RefusedError` when the remote has phases, or newer commits of them, that this clone does not have."""
    away = next((phase for phase in stack if phase.needs_sync), None)
    if away is not None:
        remote = stack.plan.remote
        raise RefusedError(
            f"{away.id} is {away.remote.words(remote)}, and this clone does not have that",
            advice=f"migrate sync brings what {remote} has",
        )
