"""Guessing the base branch of a new plan, which is rarely the branch that is checked out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from migrate.errors import PlanError
from migrate.git.refs import is_branch_name, read_refs
from migrate.git.repository import Repository
from migrate.plan.remote import REMOTE, remote_here
from migrate.text import did_you_mean, printable

USUAL = ("main", "master")


@dataclass(frozen=True)
class BaseGuess:
    """The branch that is probably the base. `here` is the branch that is checked out, None when HEAD is detached."""

    branch: str
    here: str | None
    is_clear: bool
    """Whether there is no need to ask the user."""


def guess_base(repository: Repository) -> BaseGuess:
    """Look for the base branch."""
    here = repository.head().branch
    default = repository.config("init.defaultBranch")
    return guessed(here, branch_names(repository), remote_default(repository), default)


def guessed(here: str | None, branches: Collection[str], remote_default: str | None, default: str | None) -> BaseGuess:
    """The base: the remote's default branch, else `main`, `master` or git's own default, else the current branch."""
    if not branches:
        return BaseGuess(here or default or USUAL[0], here, is_clear=True)
    usual = [name for name in (*USUAL, default) if name is not None and name in branches]
    if remote_default is None and here is not None and here in usual:
        return BaseGuess(here, here, is_clear=True)
    known = [remote_default] if remote_default is not None else usual
    if known:
        return BaseGuess(known[0], here, is_clear=here in (known[0], None))
    branch = here if here is not None and here in branches else min(branches)
    return BaseGuess(branch, here, is_clear=len(branches) == 1)


def named_base(repository: Repository, name: str) -> BaseGuess:
    """The base that somebody named. Raises `PlanError` when there is no such branch, here or on the remote."""
    branches = branch_names(repository)
    here = repository.head().branch
    wanted = name if name in branches else name.removeprefix(f"{guessed_remote(repository)}/")
    if wanted in branches or (not branches and is_branch_name(repository, wanted)):
        return BaseGuess(wanted, here, is_clear=True)
    raise PlanError(
        f'there is no branch "{printable(name)}"{did_you_mean(name, branches)}',
        advice="git branch --all lists the branches",
    )


def branch_names(repository: Repository) -> set[str]:
    """The names of all branches, here and on the remote."""
    local, remote = "refs/heads/", f"refs/remotes/{guessed_remote(repository)}/"
    refs = read_refs(repository, local, remote)
    return {ref.removeprefix(local).removeprefix(remote) for ref in refs} - {"HEAD"}


def remote_default(repository: Repository) -> str | None:
    """The default branch of the remote, as far as this clone knows and has it."""
    prefix = f"refs/remotes/{guessed_remote(repository)}/"
    asked = repository.git.run("symbolic-ref", "--quiet", f"{prefix}HEAD", accept=(0, 1, 128))
    if asked.code != 0 or repository.commit(asked.text) is None:
        return None
    return asked.text.removeprefix(prefix)


def guessed_remote(repository: Repository) -> str:
    """The remote that a new plan will share with."""
    return remote_here(repository, REMOTE, repository.head().branch or "")
