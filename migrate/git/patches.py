"""Changes as patches: such as `git apply` takes, and the ids by which the same change is known in another commit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count

from migrate.git.objects import CommitId, TreeId, Treeish
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
    return next((identity for identity, _ in patch_ids(repository, encode(f"{new}\n") + patch)), None)


def patches_of(repository: Repository, commits: Iterable[CommitId]) -> dict[str, CommitId]:
    """The commits by the id of the change that each makes to its one parent; of several with one id the first."""
    wanted = "".join(f"{commit}\n" for commit in commits)
    if not wanted:
        return {}
    shown = repository.git.run(*SHOW, "--stdin", stdin=encode(wanted)).stdout
    found: dict[str, CommitId] = {}
    for identity, commit in patch_ids(repository, shown):
        found.setdefault(identity, CommitId(commit))
    return found


def patches_between(repository: Repository, pairs: Sequence[tuple[TreeId, TreeId]]) -> list[str | None]:
    """The id of the change from one tree to another, for each of some pairs; None where there is none."""
    asked = "".join(f"{old} {new}\n" for old, new in pairs)
    if not asked:
        return []
    # A line with the names of both trees begins each; nothing in a patch is such a line. A number takes its place.
    begins, numbers = re.compile(rb"^[0-9a-f]{40,64} [0-9a-f]{40,64}$", re.MULTILINE), count()
    width = len(pairs[0][0])
    shown = repository.git.run(*SHOW, "--stdin", stdin=encode(asked)).stdout
    numbered = begins.sub(lambda _: b"%0*x" % (width, next(numbers)), shown)
    found = {int(number, 16): identity for identity, number in patch_ids(repository, numbered)}
    return [found.get(number) for number in range(len(pairs))]


def patch_ids(repository: Repository, patches: bytes) -> list[tuple[str, str]]:
    """The ids of the patches of a stream, each with the name that stands before it."""
    lines = repository.git.run("patch-id", "--verbatim", stdin=patches).text.splitlines()
    return [(identity, name) for identity, _, name in (line.partition(" ") for line in lines)]
