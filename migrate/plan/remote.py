"""What this clone calls the remote of a plan: `git clone -o upstream` gives it another name than `origin`."""

from __future__ import annotations

from migrate.git.repository import Repository

REMOTE = "origin"
"""The remote of a plan that names none: what git calls the one that it cloned."""


def remote_here(repository: Repository, named: str, base: str) -> str:
    """The remote of a plan as this clone calls it.

    Where there is no `origin`, that is the one that the base branch follows, or the only one. One with a name that
    somebody chose is never taken for another: what is pushed would go elsewhere.
    """
    remotes = repository.remotes
    if named != REMOTE or named in remotes or not remotes:
        return named
    followed = repository.config(f"branch.{base}.remote")
    return followed if followed in remotes else remotes[0] if len(remotes) == 1 else named
