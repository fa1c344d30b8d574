"""The same change in another commit: patch ids, as `git patch-id` makes them."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.git.objects import Oid
from migrate.git.process import encode
from migrate.git.repository import Repository

PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--full-index", "--ignore-submodules=none")
"""A patch that no setting of the user changes."""


def patch_of(repository: Repository, old: Oid, new: Oid) -> str | None:
    """The id of the change from one tree to another; None when there is none. White space counts."""
    patch = repository.git.run("diff-tree", "-p", "-r", *PLAIN, old, new).stdout
    return next(iter(patch_ids(repository, encode(f"commit {new}\n") + patch)), None)


def patches_of(repository: Repository, commits: Iterable[Oid]) -> dict[str, Oid]:
    """The commits by the id of the change that each makes to its one parent."""
    wanted = "\n".join(commits)
    if not wanted:
        return {}
    listed = repository.git.run(
        *("log", "-p", "--no-walk=unsorted", "--no-merges", "--no-show-signature", *PLAIN, "--format=commit %H"),
        "--stdin",
        stdin=encode(wanted + "\n"),
    )
    return patch_ids(repository, listed.stdout)


def patch_ids(repository: Repository, patches: bytes) -> dict[str, Oid]:
    """The commits of a stream of patches by their ids; of several with one id the first."""
    found: dict[str, Oid] = {}
    for line in repository.git.run("patch-id", "--verbatim", stdin=patches).text.splitlines():
        identity, _, commit = line.partition(" ")
        found.setdefault(identity, commit)
    return found
