"""Moving branches that somebody may stand on.

A branch that is checked out in another work tree is never moved: its files would not follow. The user's own branch is
left first, by a switch when it goes and by taking HEAD off it when it moves, and only when the work tree is clean.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from migrate.errors import RefusedError
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH, attach, checked_out, detach, dirty
from migrate.journal import Operation, record
from migrate.orchestrator.switching import Switched, follow, obstacle, switch_if_safe
from migrate.project import Project
from migrate.snapshot import Snapshot
from migrate.text import plural
from migrate.workspace import matches


def moving(updates: Iterable[RefUpdate]) -> dict[str, RefUpdate]:
    """The branches that are there now and will name something else, or nothing."""
    return {
        update.ref.removeprefix(BRANCH): update
        for update in updates
        if update.ref.startswith(BRANCH) and update.old is not None and update.old != update.new
    }


def check_standing(project: Project, snapshot: Snapshot, updates: Iterable[RefUpdate], land_on: str | None) -> None:
    """Raise `RefusedError` when a work tree is on a branch that moves and cannot leave it; another's never does.

    `land_on` is where the user goes when their own branch is no more.
    """
    moved = moving(updates)
    for branch, place in checked_out(project.repository).items():
        if branch in moved and (branch, place) != (snapshot.head.branch, project.repository.work_tree):
            raise RefusedError(
                f"{branch} {verb(moved[branch])}, but it is checked out in {place}",
                advice="switch that work tree to another branch, then run the command again",
            )
    own = moved.get(snapshot.head.branch or "")
    if own is None:
        return
    why = obstacle(project.repository, land_on) if own.new is None and land_on else unclean(project)
    if why is not None:
        raise stuck(project, snapshot, own, why)


@dataclass(frozen=True)
class Moved:
    """The number of an operation, and whether the user stands on their branch again when it was moved."""

    number: int
    switched: Switched | None = None


def move(project: Project, snapshot: Snapshot, operation: Operation, *, land_on: str | None = None) -> Moved:
    """Carry out an operation, the user's own branch included.

    Raises `RefusedError` as `check_standing` does.
    A branch that goes is left for `land_on`. On one that moves the user stands again afterwards, on its new commit.
    """
    check_standing(project, snapshot, operation.updates, land_on)
    changing = moving(operation.updates)
    own = changing.get(snapshot.head.branch or "")
    if own is None or snapshot.head.branch is None:
        return Moved(record(project, snapshot, operation))
    target = snapshot.head.branch if own.new is not None else land_on or project.plan.base
    made = {update.ref for update in operation.updates if update.old is None}
    if own.new is None and target not in changing and BRANCH + target not in made:
        switched = switch_if_safe(project.repository, target)
        if not switched.done:
            raise stuck(project, snapshot, own, switched.why)
        return Moved(record(project, snapshot, operation), switched)
    try:
        leaving = replace(operation, head=snapshot.head.branch, land_on=target)
        number = record(project, snapshot, leaving, ready=lambda: detach(project.repository))
    except BaseException:
        if project.repository.head().branch is None:
            attach(project.repository, snapshot.head.branch)
        raise
    return Moved(number, follow(project.repository, target))


def unclean(project: Project) -> str | None:
    """Why the files of the work tree cannot follow a branch, or None."""
    # Who mends a phase has it open: its own files are carried along by git, or git refuses and they stay.
    changed = [path for path in dirty(project.repository) if not matches(path, project.own)]
    return f"your work tree has {plural(len(changed), 'change')} and was left alone" if changed else None


def verb(update: RefUpdate) -> str:
    """What becomes of a branch."""
    return "would be deleted" if update.new is None else "would move"


def stuck(project: Project, snapshot: Snapshot, update: RefUpdate, why: str) -> RefusedError:
    """The error for a branch that cannot be left."""
    return RefusedError(
        f"you are on {snapshot.head.branch}, which {verb(update)}, and {why}",
        advice=f"commit or stash what is open, git switch {project.plan.base}, then run the command again",
    )
