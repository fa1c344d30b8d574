"""Leaving the user on a branch: only on a clean tree, and never away from commits that nothing else names."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.filters import broken_filter
from migrate.git.repository import Repository
from migrate.git.worktrees import checked_out, dirty, switch
from migrate.text import plural, printable


@dataclass(frozen=True)
class Switched:
    """Whether HEAD is on `branch` now, and why not."""

    branch: str
    done: bool
    why: str = ""


def switch_if_safe(repository: Repository, branch: str) -> Switched:
    """Switch the work tree to a branch when nothing can be lost by it; a tree that is not clean is left alone."""
    why = obstacle(repository, branch)
    if why is not None:
        return Switched(branch, done=False, why=why)
    return follow(repository, branch)


def follow(repository: Repository, branch: str) -> Switched:
    """Go to a branch that HEAD was taken off while it moved. The tree is clean, and the archive names where it was."""
    try:
        switch(repository, branch)
    except RepositoryError as error:
        return Switched(branch, done=False, why=error.message)
    return Switched(branch, done=True)


def obstacle(repository: Repository, branch: str) -> str | None:
    """Why the work tree cannot go to another branch now, or None."""
    if repository.work_tree is None:
        return "the repository has no work tree"
    head = repository.head()
    if head.branch == branch:
        return None
    try:
        changed = dirty(repository)
    except GitFailedError as error:
        return f"git cannot tell whether your work tree is clean ({first_line(error.stderr)})"
    if changed:
        return f"your work tree has {plural(len(changed), 'change')} and was left alone"
    if head.branch is None and head.commit is not None and not named(repository, head.commit):
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


def named(repository: Repository, commit: str) -> bool:
    """Whether some branch or tag contains a commit."""
    places = ("refs/heads", "refs/tags", "refs/remotes")
    return bool(repository.git.text("for-each-ref", "--count=1", "--contains", commit, "--format=%(refname)", *places))
