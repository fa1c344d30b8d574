"""`sync`: what a remote has of the migration comes here, and what it lacks goes there.

Everything is decided first, and refused when both sides changed a branch. What is taken moves in one transaction, which
the journal tells; then what is given is pushed, each ref with the exact value that the remote had. Killed in between,
running it again finishes: a ref that both have is one that is done.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from migrate.errors import RefusedError
from migrate.git.locks import clear_locks
from migrate.git.push import RefPush
from migrate.git.refs import RefUpdate, exactly, move_refs
from migrate.orchestrator.branch_updates import BranchUpdate, check_standing, move_branches
from migrate.orchestrator.sharing import divergence
from migrate.orchestrator.sharing.publish import after_push, archive_folder, publish, push_refusal, push_steps
from migrate.orchestrator.sharing.remote_state import RemoteState, read_remote_state
from migrate.orchestrator.sharing.sync_plan import SyncPlan, plan_sync
from migrate.orchestrator.switch import Switched
from migrate.orchestrator.transition import transition
from migrate.stack.model import Stack
from migrate.stack.phase_state import State
from migrate.stack.project import Context, Project


@dataclass(frozen=True)
class Synced:
    """What a sync did."""

    exchange: SyncPlan
    pushed: tuple[RefPush, ...]
    stack: Stack
    warnings: tuple[str, ...] = ()
    """What of the receipts could not be understood."""
    switched: Switched | None = None
    """Whether the user stands on their branch again, where it was moved."""


def sync(
    project: Project,
    agree: Callable[[SyncPlan, bool], bool],
    told: Callable[[str], None],
    *,
    push: bool,
    allow_failed: bool = False,
    revive: bool = False,
) -> Synced | None:
    """Take what the remote has, and with `push` give what it lacks when `agree` says so; None when the answer was no.

    A phase that failed is pushed with `allow_failed` alone, and a migration that the remote does not have any more with
    `revive`. `agree` is told what is decided, and whether something will
    be pushed. Raises `RefusedError` when both sides changed a branch, or the remote did not take what was pushed.
    """
    with transition(project, "migrate sync"):
        remote_state = read_remote_state(project)
        remote_state = replace(remote_state, is_anew=remote_state.is_anew or revive)
        context = project.look()
        check_unfinished(context, remote_state)
        exchange = plan_sync(context, remote_state, allow_failed=allow_failed)
        clashing = divergence.divergence_error(project, exchange)
        if clashing is not None:
            raise clashing
        check_standing(context, exchange.operation.updates if exchange.operation else (), project.plan.base)
        giving = push and exchange.gives
        if not agree(exchange, giving):
            return None
        moved = apply_taken(context, exchange)
        pushed: tuple[RefPush, ...] = ()
        if giving:
            to_push = push_steps(project, exchange, remote_state)
            published = publish(project, to_push, told, archive_folder(project, remote_state, to_push))
            note_last_synced(project, after_push(project, published.pushed), f"pushed to {exchange.remote}")
            if published.left:
                raise push_refusal(project, published)
            pushed = published.pushed
        context = project.look()
        return Synced(
            exchange, pushed, context.stack, context.snapshot.receipts.warnings, moved.switched if moved else None
        )


def check_unfinished(context: Context, remote_state: RemoteState) -> None:
    """Raise `RefusedError` when the remote had the journal of the migration, and has it no more.

    Only `finish` deletes it. A remote that was made anew does not have the base either.
    """
    project = context.project
    names = project.names
    noted = names.synced(project.plan.remote, names.journal)
    if (
        remote_state.is_anew
        or names.journal in {**remote_state.refs, **remote_state.strange}
        or noted not in exactly(project.repository, noted)
    ):
        return
    landed = all(phase.state is State.LANDED for phase in context.stack)
    raise RefusedError(
        f"{project.plan.remote} no longer has {project.plan.name}: somebody finished it",
        advice=f"migrate finish{'' if landed else ' --abandon'} ends it here, too; "
        "migrate sync --revive publishes it again",
    )


def apply_taken(context: Context, exchange: SyncPlan) -> BranchUpdate | None:
    """Move here what the remote has; without anything to tell, note only what both have."""
    clear_locks(context.project.repository, [update.ref for update in exchange.silent])
    if exchange.operation is None:
        note_last_synced(context.project, exchange.silent, f"the same as on {exchange.remote}")
        return None
    return move_branches(context, replace(exchange.operation, silent=exchange.silent))


def note_last_synced(project: Project, updates: Sequence[RefUpdate], reason: str) -> None:
    """Move refs that are this clone's own affair."""
    if updates:
        move_refs(project.repository, updates, reason)
