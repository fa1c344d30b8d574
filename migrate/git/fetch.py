"""Fetching from a remote: only remote-tracking refs are updated."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.locks import clear_locks
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.text import encode, printable, printable_lines


def fetch_refs(repository: Repository, remote: str, refspecs: Sequence[str], *, prune: bool = False) -> None:
    """Fetch some refs of a remote. Raises `RepositoryError` when it cannot be reached, or lacks one of them."""
    # Even in a partial clone fetch all new objects: they are read next, and git would fetch them one by one.
    # An empty refmap: otherwise git would also update the refs in the user's own refspecs; in a mirror, the branches.
    alone = ("--no-filter", "--no-tags", "--refmap=", "--no-recurse-submodules")
    quiet = ("--quiet", "--no-auto-maintenance", "--no-write-fetch-head")
    options = (*alone, *quiet, *(("--prune",) if prune else ()))
    # There may be more of them than a command line holds.
    lines = encode("".join(f"{each}\n" for each in refspecs))
    try:
        repository.git.online().run("fetch", *options, "--stdin", "--end-of-options", remote, stdin=lines)
    except GitFailedError as error:
        raise unreachable(repository, remote, error) from error


def list_refs(repository: Repository, remote: str, *patterns: str) -> dict[str, CommitId]:
    """What a remote has now, by full name; a pattern may have `*`. Raises `RepositoryError` when it cannot be reached.

    No object is fetched, and no ref of this repository moves.
    """
    try:
        listed = repository.git.online().text("ls-remote", "--refs", "--quiet", "--end-of-options", remote, *patterns)
    except GitFailedError as error:
        raise unreachable(repository, remote, error) from error
    return {name: CommitId(oid) for oid, _, name in (line.partition("\t") for line in listed.split("\n") if line)}


def unreachable(repository: Repository, remote: str, error: GitFailedError) -> RepositoryError:
    """The error for a remote that does not answer, or does not exist."""
    if not has_remote(repository, remote) and repository.remotes:
        return RepositoryError(
            f'this repository has no remote "{printable(remote)}", which the plan names',
            advice=f"{command_that_renames(repository, remote)} gives it that name; then run the command again",
        )
    if not has_remote(repository, remote):
        return RepositoryError(
            f'this repository has no remote "{printable(remote)}"',
            advice=f"git remote add {shlex.quote(remote)} URL sets it up; nothing was changed",
        )
    return RepositoryError(
        f'"{remote}" cannot be fetched: {printable_lines(error.stderr)}',
        advice=f"git remote get-url {remote} says where it is; nothing was changed",
    )


def command_that_renames(repository: Repository, remote: str) -> str:
    """The command that gives an existing remote the name that the plan uses."""
    return " or ".join(f"git remote rename {shlex.quote(each)} {shlex.quote(remote)}" for each in repository.remotes)


def has_remote(repository: Repository, remote: str) -> bool:
    """Whether a remote was set up."""
    return repository.git.run("remote", "get-url", "--end-of-options", remote, accept=(0, 2, 128)).code == 0


def fetch_base(repository: Repository, remote: str, base: str) -> None:
    """Update the remote-tracking branch of the base, even if an earlier fetch was killed."""
    tracking = f"refs/remotes/{remote}/{base}"
    clear_locks(repository, [tracking])
    fetch_refs(repository, remote, [f"+refs/heads/{base}:{tracking}"])
