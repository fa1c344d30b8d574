"""Moving branches that somebody may stand on.

A branch that is checked out in another work tree is never moved: its files would not follow. The user's own branch is
left first, by a switch when it goes and by taking HEAD off it when it moves, and only when the work tree is clean.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.errors import MigrateError, RefusedError
from migrate.git.process import Git
from migrate.git.refs import RefUpdate
from migrate.git.repository import Repository
from migrate.git.worktrees import (
    BRANCH,
    changed_files,
    checked_out,
    detach,
    git_dir_of,
    in_progress,
    is_dirty,
    rebased_branch,
)
from migrate.journal.record import Operation, record
from migrate.orchestrator.recovery import recover
from migrate.orchestrator.switch import HalfSwitchedError, Switched, follow_move, switch_obstacle, travel
from migrate.stack.project import Context, Project
from migrate.text import plural
from migrate.tree.globs import glob_matches


def branch_update(updates: Iterable[RefUpdate]) -> dict[str, RefUpdate]:
    """The branches that are there now and will name something else, or nothing."""
    return {
        update.ref.removeprefix(BRANCH): update
        for update in updates
        if update.ref.startswith(BRANCH) and update.old is not None and update.old != update.new
    }


def check_standing(
    context: Context,
    updates: Iterable[RefUpdate],
    checkout_after: str | None,
    *,
    carries_edits: bool = False,
) -> None:
    """Raise `RefusedError` when a work tree is on a branch that moves and cannot leave it; another's never does.

    `checkout_after` is where the user goes when their own branch no longer exists; `carries_edits` says that what
    people commit on a branch comes along when it moves.
    """
    project = context.project
    moved = branch_update(updates)
    check_others(context, moved)
    own = moved.get(context.snapshot.head.branch or "")
    if own is None:
        return
    why = (
        switch_obstacle(project.repository, checkout_after, project.repository.head())
        if own.new is None and checkout_after
        else unclean(project)
    )
    if why is not None:
        raise stuck(context, own, why, carries_edits=carries_edits)


def check_others(context: Context, moved: Mapping[str, RefUpdate]) -> None:
    """Raise `RefusedError` when another work tree is on a branch that moves."""
    for branch, place in elsewhere(context, moved):
        raise RefusedError(
            f"{branch} {move_verb(moved[branch])}, but it is checked out in {place}",
            advice=f"{freeing(branch, place)}; then run the command again",
        )


def freeing(branch: str, place: Path) -> str:
    """What to do so that a work tree holds a branch no longer."""
    if not place.is_dir():
        return "that folder no longer exists: git worktree prune forgets it"
    if rebased_branch(git_dir_of(place)) == branch:
        return "end the rebase there"
    return f"git -C {shlex.quote(str(place))} switch --detach leaves it"


def elsewhere(context: Context, moved: Mapping[str, RefUpdate]) -> list[tuple[str, Path]]:
    """The other work trees that are on a branch that moves."""
    own = (context.snapshot.head.branch, context.project.repository.work_tree)
    held = checked_out(context.project.repository) if moved else {}
    return [(branch, place) for branch, place in held.items() if branch in moved and (branch, place) != own]


@dataclass(frozen=True)
class BranchUpdate:
    """The number of an operation, and whether the user stands on their branch again when it was moved."""

    number: int
    switched: Switched | None = None


def move_branches(
    context: Context,
    operation: Operation,
    *,
    checkout_after: str | None = None,
    carries_edits: bool = False,
) -> BranchUpdate:
    """Carry out an operation, the user's own branch included.

    Raises `RefusedError` as `check_standing` does; when it fails, the user is where they were.
    A branch that is deleted is left for `checkout_after`. On one that moves the user stands again afterwards, on its
    new commit.
    """
    project = context.project
    check_standing(context, operation.updates, checkout_after, carries_edits=carries_edits)
    repository, head, changing = project.repository, context.snapshot.head, branch_update(operation.updates)
    own = changing.get(head.branch or "")
    if own is None or head.branch is None:
        number = record(context, operation, ready=lambda: check_others(context, changing))
        leave_behind(context, changing)
        return BranchUpdate(number)
    target = head.branch if own.new is not None else checkout_after or project.plan.base
    made = {update.ref: update.new for update in operation.updates}
    is_left_first = BRANCH + target not in made
    switched: list[Switched] = []

    def leave() -> None:
        check_others(context, changing)
        if not is_left_first:
            detach(repository, target)
            return
        switched.append(follow_move(repository, target))
        if not switched[0].done:
            raise stuck(context, own, switched[0].why)

    goal = made.get(BRANCH + target) or repository.commit(BRANCH + target)
    try:
        number = record(context, travel(operation, head, target, goal), ready=leave)
    except BaseException:
        # What cannot be put right now, the next command does.
        with suppress(MigrateError):
            back = recover(repository, project.names)
            if back is not None and not back.done:
                repository.tell(f"You are on {target}: {back.why}.")
        raise
    leave_behind(context, changing)
    arrived = arrive(project, target)
    return BranchUpdate(number, switched[0] if switched else told_where(repository, arrived))


def arrive(project: Project, target: str) -> Switched | None:
    """Take the user to a branch when the refs have moved; a git that failed, or was killed, is asked once more.

    Raises `HalfSwitchedError`.
    """
    with suppress(MigrateError):
        return recover(project.repository, project.names)
    try:
        return recover(project.repository, project.names)
    except HalfSwitchedError:
        raise
    except MigrateError as error:
        return Switched(target, done=False, why=error.message)


def told_where(repository: Repository, switched: Switched | None) -> Switched | None:
    """What became of the way to a branch, with where the user is when it was not gone."""
    head = repository.head()
    if switched is None or switched.done or head.branch is not None:
        return switched
    return replace(switched, why=f"{switched.why}; HEAD is detached at {(head.commit or '')[:7]}")


def leave_behind(context: Context, moved: Mapping[str, RefUpdate]) -> None:
    """Take work trees off branches to which they went while those moved: their files are of the old commits."""
    for branch, place in elsewhere(context, moved):
        old = moved[branch].old
        assert old is not None
        Git(place).run("update-ref", "--no-deref", "-m", f"migrate: off {branch}, which moved", "HEAD", old)
        back = f"; git -C {place} switch {branch} takes it there" if moved[branch].new is not None else ""
        context.project.repository.tell(
            f"{place} was switched to {branch} while that {'moved' if back else 'was deleted'}: "
            f"it is detached at the old commit {old[:7]}{back}."
        )


def unclean(project: Project) -> str | None:
    """Why the files of the work tree cannot follow a branch, or None."""
    # Who fixes a phase has it open: its own files are carried along by git, or git refuses and they stay.
    changed = [path for path in is_dirty(project.repository) if not glob_matches(path, project.own)]
    return f"your work tree has {plural(len(changed), 'change')} and was left alone" if changed else None


def move_verb(update: RefUpdate) -> str:
    """What becomes of a branch."""
    return "would be deleted" if update.new is None else "would move"


def stuck(context: Context, update: RefUpdate, why: str, *, carries_edits: bool = False) -> RefusedError:
    """The error for a branch that cannot be left, with what makes the same command work.

    A commit does where the command `carries_edits`: else it would be one more thing that the branch must not lose.
    """
    if in_progress(context.project.repository):
        advice = "git status says how to finish what git began there; then run the command again"
    elif changed_files(context.project.repository):
        first = "commit the changes, which makes them a hand edit, or " if carries_edits and update.new else ""
        advice = f"{first}git stash puts them aside until git stash pop; then run the command again"
    else:
        advice = "git switch --detach leaves it; then run the command again"
    return RefusedError(
        f"you are on {context.snapshot.head.branch}, which {move_verb(update)}, and {why}", advice=advice
    )
