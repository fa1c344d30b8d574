"""Published branches that are taken back here: what must be remembered, so that the next sync deletes them there."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.stack.entries import gives_value
from migrate.stack.own_entries import read_own
from migrate.stack.project import Context


def withdrawals(context: Context, updates: Iterable[RefUpdate]) -> tuple[RefUpdate, ...]:
    """What becomes of the notes of withdrawn phases when some branches move.

    A branch that is removed and that the remote has as this clone knows it is noted; one that comes back is not any
    more.
    """
    plan, names = context.project.plan, context.project.names
    moved = {update.ref: update for update in updates}
    found = []
    for source in plan.sources:
        update = moved.get(BRANCH + plan.branch(source.id))
        ref = names.withdrawn(source.id)
        noted = context.snapshot.refs.get(ref)
        if update is None:
            continue
        there = context.snapshot.published(plan.remote, plan.branch(source.id))
        if update.new is None and there is not None and is_known(context, update, there):
            found.append(RefUpdate(ref, noted, there))
        elif update.old is None and noted is not None:
            found.append(RefUpdate(ref, noted, None))
    return tuple(found)


def is_known(context: Context, update: RefUpdate, there: CommitId) -> bool:
    """Whether what the remote has of a branch came from here, or was here once: nobody else's commits are in it."""
    project, snapshot = context.project, context.snapshot
    names = project.names
    synced = snapshot.refs.get(names.synced(project.plan.remote, update.ref))
    if there in (synced, update.old):
        return True
    if update.old is not None and project.repository.is_ancestor(there, update.old):
        return True
    entries = read_own(project.repository, names, snapshot.refs.get(names.journal))
    return any(gives_value(entry, update.ref, there) for entry in entries)
