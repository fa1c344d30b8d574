"""The name of a plan's remote in this clone: `git clone -o upstream` gives it another name than `origin`."""

from __future__ import annotations

from migrate.git.repository import Repository

REMOTE = "origin"
"""The remote of a plan that names none: git's own default."""


def remote_here(repository: Repository, named: str, base: str) -> str:
    """The remote of a plan as this clone calls it.

    When there is no `origin`, it is the remote that the base branch follows, or the only one. A remote that the plan
    names is never replaced by another, because a push would then go elsewhere.
    """
    remotes = repository.remotes
    if named != REMOTE or named in remotes or not remotes:
        return named
    followed = repository.config(f"branch.{base}.remote")
    return followed if followed in remotes else remotes[0] if len(remotes) == 1 else named
