"""Leaving the user on a branch: only on a clean tree, and never away from commits that nothing else names."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace

from migrate.errors import GitFailedError, MigrateError, RepositoryError
from migrate.git.filters import broken_filter
from migrate.git.half_switch import undo_half_switch
from migrate.git.locks import clear_locks
from migrate.git.objects import CommitId
from migrate.git.repository import Head, Repository
from migrate.git.worktrees import BRANCH, checked_out, is_dirty, switch
from migrate.journal.record import Operation, has_arrived, write_intent
from migrate.plan.location import PlanOrigin, path_inside
from migrate.stack.entries import EntryKind
from migrate.stack.project import Project
from migrate.text import plural, printable


@dataclass(frozen=True)
class Switched:
    """Whether HEAD is on `branch` now, and why not."""

    branch: str
    done: bool
    why: str = ""


class HalfSwitchedError(RepositoryError):
    """git stopped in the middle of a switch, and the files could not be put back."""

    code = "half-switched"


def switch_if_safe(project: Project, branch: str) -> Switched:
    """Switch the work tree to a branch when nothing can be lost by it; a tree that is not clean is left alone.

    An intent says so meanwhile, so that the next command can put right what a kill leaves. Raises as `follow` does.
    """
    repository = project.repository
    head = repository.head()
    why = switch_obstacle(repository, branch, head)
    if why is not None:
        return Switched(branch, done=False, why=why)
    if head.branch == branch:
        return Switched(branch, done=True)
    target = repository.commit(BRANCH + branch)
    if head.commit is None or target is None:
        return follow_move(repository, branch)
    if is_left_behind(project, head.commit, target):
        return Switched(branch, done=False, why=f"the plan is on {head.branch or 'this commit'}, and not on {branch}")
    try:
        intent = write_intent(
            project, travel(Operation(f"switch to {branch}", (), EntryKind.FACT), head, branch, target)
        )
    except MigrateError as error:
        return Switched(branch, done=False, why=error.message)
    switched = go(repository, branch, head.commit, target)
    # An intent that cannot be taken away now is by the next command.
    with suppress(MigrateError):
        has_arrived(project, intent)
    return switched


def is_left_behind(project: Project, head: CommitId, target: CommitId) -> bool:
    """Whether the plan is a file of the commit where the user stands, and not of the base, nor of another commit."""
    location = project.location
    inside = (
        path_inside(project.repository, location.path)
        if location is not None and location.origin is PlanOrigin.DISK
        else None
    )
    if inside is None:
        return False
    return [bool(project.repository.objects.entries_of(each, [inside])) for each in (head, target)] == [True, False]


def travel(operation: Operation, head: Head, branch: str, target: CommitId | None) -> Operation:
    """An operation that takes the user from HEAD to a branch, which is at `target` then."""
    return replace(
        operation,
        head=head.branch,
        head_commit=head.commit,
        checkout_after=branch,
        checkout_after_commit=target or head.commit,
    )


def follow_move(repository: Repository, branch: str) -> Switched:
    """Go to a branch, from a tree that is clean and a commit that has a name.

    Where git stops half-way, the files are put back. A commit that somebody made meanwhile on a detached HEAD is kept.
    Raises `HalfSwitchedError` where the files cannot be put back: then the intent must stay.
    """
    return go(repository, branch, repository.head().commit, repository.commit(BRANCH + branch))


def go(repository: Repository, branch: str, here: CommitId | None, target: CommitId | None) -> Switched:
    """`follow`, with the commits of HEAD and of the branch."""
    try:
        is_whole = switch(repository, branch)
    except BaseException as error:
        is_back = put_back(repository, here, target)
        if not isinstance(error, RepositoryError):
            raise
        if not is_back:
            raise half_switched(error.message) from error
        return Switched(branch, done=False, why=error.message)
    if not is_whole and not put_back(repository, target, here):
        raise half_switched(f'git could not replace all files for "{branch}"')
    return Switched(branch, done=True)


def half_switched(why: str) -> HalfSwitchedError:
    """The error for files that are not as one branch has them."""
    advice = "migrate status says what was done; the next command that changes something restores your files first"
    return HalfSwitchedError(f"git stopped in the middle of a switch: {why}", advice=f"fix that; {advice}")


def put_back(repository: Repository, source: CommitId | None, target: CommitId | None) -> bool:
    """Put the files as HEAD's commit has them, where a switch left some as the other one does; False when git cannot.

    A git that died left its locks, also where it had replaced nothing yet.
    """
    with suppress(MigrateError):
        clear_locks(repository, [], index=True)
    if source is None or target is None:
        return True
    try:
        undo_half_switch(repository, source, target)
    except (MigrateError, OSError):
        return False
    return True


def switch_obstacle(repository: Repository, branch: str, head: Head) -> str | None:
    """Why the work tree cannot go from HEAD to another branch now, or None."""
    if repository.work_tree is None:
        return "the repository has no work tree"
    if head.branch == branch:
        return None
    try:
        changed = is_dirty(repository)
    except GitFailedError as error:
        return f"git cannot tell whether your work tree is clean ({first_line(error.stderr)})"
    if changed:
        return f"your work tree has {plural(len(changed), 'change')} and was left alone"
    if head.branch is None and head.commit is not None and not name_of_branch(repository, head.commit):
        return "HEAD is detached at a commit that no branch contains"
    elsewhere = checked_out(repository).get(branch)
    if elsewhere is not None:
        return f"{branch} is checked out in {elsewhere}"
    broken = broken_filter(repository, branch) if head.commit is not None else None
    if broken is not None:
        return f'the filter "{printable(broken.name)}", which {printable(broken.path)} needs, does not work here'
    return None


def first_line(text: str) -> str:
    """The first line of what git said, safe to print."""
    return printable(text.partition("\n")[0])


def name_of_branch(repository: Repository, commit: str) -> bool:
    """Whether some branch or tag contains a commit."""
    places = ("refs/heads", "refs/tags", "refs/remotes")
    return bool(repository.git.text("for-each-ref", "--count=1", "--contains", commit, "--format=%(refname)", *places))
