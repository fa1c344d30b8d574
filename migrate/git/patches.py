"""Changes as patches: such as `git apply` takes, and the ids by which the same change is known in another commit."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.git.objects import CommitId, Treeish
from migrate.git.repository import Repository
from migrate.text import encode

PLAIN = ("--root", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--full-index")
"""A patch that no setting of the user changes. `git log -p` heeds many: context, prefixes, the algorithm."""
SHOW = ("diff-tree", "-p", "-r", *PLAIN, "--ignore-submodules=none", "--submodule=short")


APPLICABLE = ("diff-tree", "-p", "-r", "--no-color", "--no-ext-diff", "--no-textconv", "--ignore-submodules=none")
"""A patch of which no setting of the user and no program of the repository makes something else."""
ALIKE = ("-M30%", "-l0")
"""Renamed from 30 % of common content on: half of a short Go file is its package clause and imports."""


def patch_between(repository: Repository, old: Treeish, new: Treeish, *, binary: bool) -> bytes:
    """The change from one tree to another, which `git apply` makes exactly: renames, modes and line ends included.

    Without `binary` files that are no text are only named, for a person to read.
    """
    whole = ("--binary", "--full-index") if binary else ()
    # Names that no terminal could show reach none, whatever reads the pipe.
    quoted = ("-c", f"core.quotePath={str(binary).lower()}")
    return repository.git.run(*quoted, *APPLICABLE, "--submodule=short", *ALIKE, *whole, old, new).stdout


def patch_of(repository: Repository, old: Treeish, new: Treeish) -> str | None:
    """The id of the change from one tree to another; None when there is none. White space counts."""
    patch = repository.git.run(*SHOW, old, new).stdout
    return next(iter(patch_ids(repository, encode(f"{new}\n") + patch)), None)


def patches_of(repository: Repository, commits: Iterable[CommitId]) -> dict[str, CommitId]:
    """The commits by the id of the change that each makes to its one parent."""
    wanted = "".join(f"{commit}\n" for commit in commits)
    if not wanted:
        return {}
    return patch_ids(repository, repository.git.run(*SHOW, "--stdin", stdin=encode(wanted)).stdout)


def patch_ids(repository: Repository, patches: bytes) -> dict[str, CommitId]:
    """The commits of a stream of patches by their ids; of several with one id the first."""
    found: dict[str, CommitId] = {}
    for line in repository.git.run("patch-id", "--verbatim", stdin=patches).text.splitlines():
        identity, _, commit = line.partition(" ")
        found.setdefault(identity, CommitId(commit))
    return found
