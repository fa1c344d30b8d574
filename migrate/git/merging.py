"""Three-way merges without a work tree."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.git.objects import Oid
from migrate.git.process import decode
from migrate.git.repository import Repository


@dataclass(frozen=True)
class Merged:
    """The tree of a merge, and the paths that conflict in it."""

    tree: Oid
    conflicts: tuple[str, ...]


def merge_trees(repository: Repository, *, base: str, ours: str, theirs: str) -> Merged:
    """Merge the trees of two commits that have the tree of a third as their base.

    git 2.39 has `merge-tree --write-tree` without `--merge-base`; two synthetic commits on a synthetic base make the
    base be the one that is wanted.
    """
    git = repository.git
    root = synthetic(repository, base)
    ours_commit = synthetic(repository, ours, root)
    theirs_commit = synthetic(repository, theirs, root)
    done = git.run(
        "merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours_commit, theirs_commit, accept=(0, 1)
    )
    tree, *conflicts = [decode(field) for field in done.stdout.split(b"\0") if field]
    return Merged(tree, tuple(conflicts) if done.code == 1 else ())


def synthetic(repository: Repository, treeish: str, *parents: Oid) -> Oid:
    """A commit that nothing names, with the tree of another."""
    identity = {
        f"GIT_{role}_{part}": value
        for role in ("AUTHOR", "COMMITTER")
        for part, value in (("NAME", "migrate"), ("EMAIL", "migrate"), ("DATE", "@0 +0000"))
    }
    parent_arguments = [part for parent in parents for part in ("-p", parent)]
    tree = repository.tree_of(treeish)
    return repository.git.run("commit-tree", tree, *parent_arguments, "-m", "merge", env=identity).text
