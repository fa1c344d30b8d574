"""Three-way merges of trees without a work tree, and commits that keep who wrote them."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from migrate.errors import Exit, MigrateError
from migrate.git.fast_import import CommitHead
from migrate.git.objects import SUBMODULE, CommitId, TreeEntry, TreeId, Treeish
from migrate.git.repository import Repository
from migrate.git.tree_writer import tree_object
from migrate.git.writer import write_commit, write_empty_tree, write_object
from migrate.text import decode, encode

NOBODY = "migrate <migrate> 0 +0000"
"""Who writes a commit that nothing names."""
FILE = "file"
"""The name of the one file in a tree that says how a file was resolved."""


@dataclass(frozen=True)
class MergedTree:
    """The tree of a merge, and the paths that conflict in it."""

    tree: TreeId
    conflicts: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    """For each such path, the key of its conflict: the same files with the same name."""


@dataclass(frozen=True)
class Conflict:
    """Three trees that do not merge by themselves: what changed from `base` to `theirs` does not fit on `ours`."""

    base: TreeId
    ours: TreeId
    theirs: TreeId
    merged: TreeId
    """The tree with markers in it."""
    paths: tuple[str, ...]
    keys: Mapping[str, str] = field(default_factory=dict)
    """By path what the conflict in that file is known by."""
    known: Mapping[str, TreeEntry | None] = field(default_factory=dict)
    """The files that were resolved before, in a conflict of the same files; None for a file that was deleted."""
    labels: tuple[str, ...] = ()
    """The names of the three sides for people, in the order of the trees."""

    @property
    def key(self) -> str:
        """Its key: the same three trees are always the same conflict."""
        return conflict_key(self.base, self.ours, self.theirs)


class ConflictError(MigrateError):
    """A change does not fit where it should go, and a person must say what is right."""

    code = "merge-conflict"
    exit_code = Exit.CONFLICT

    def __init__(self, conflict: Conflict) -> None:
        super().__init__(f"conflict in {', '.join(conflict.paths)}")
        self.conflict = conflict


def conflict_key(base: TreeId, ours: TreeId, theirs: TreeId) -> str:
    """The name under which the resolution of a conflict is kept."""
    return conflict_digest(base, ours, theirs)


def conflict_digest(*parts: str) -> str:
    """A short hash of some words."""
    return sha256(encode(" ".join(parts))).hexdigest()[:16]


def cherry_pick(
    repository: Repository, resolutions: Mapping[str, TreeId], *, base: TreeId, ours: TreeId, theirs: TreeId
) -> TreeId:
    """The tree `ours` with what changes from the tree `base` to the tree `theirs`, as a cherry-pick makes it.

    A conflict that a person resolved before is resolved the same way: that of the same trees, and that of the same
    files. Raises `ConflictError` for another one.
    """
    if ours in (base, theirs):
        return theirs
    if base == theirs:
        return ours
    resolved = resolutions.get(conflict_key(base, ours, theirs))
    if resolved is not None:
        return resolved
    merged = merge_trees(repository, base=base, ours=ours, theirs=theirs)
    if not merged.conflicts:
        return merged.tree
    known = {
        path: repository.objects.tree(resolutions[key]).get(FILE)
        for path, key in merged.keys.items()
        if key in resolutions
    }
    tree = with_entries(repository, merged.tree, known)
    paths = tuple(path for path in merged.conflicts if path not in known)
    if paths:
        raise ConflictError(Conflict(base, ours, theirs, tree, paths, merged.keys, known))
    return tree


def file_resolutions(repository: Repository, conflict: Conflict, tree: TreeId) -> dict[str, TreeId]:
    """How each file of a conflict was resolved in a tree, so that the same conflict is resolved so in other trees, too.

    Each is a tree with that file alone, or an empty one. There is none where a person changed other files as well: what
    they moved elsewhere belongs together.
    """
    if changed_paths(repository, conflict.merged, tree).difference(conflict.paths):
        return {}
    entries = repository.objects.entries_of(tree, conflict.paths)
    found = {}
    for path in conflict.paths:
        entry = entries.get(path)
        if path in conflict.keys and (entry is None or entry.mode != SUBMODULE):
            found[conflict.keys[path]] = tree_of(repository, entry)
    return found


def tree_of(repository: Repository, entry: TreeEntry | None) -> TreeId:
    """A tree with one file alone, or an empty one."""
    if entry is None:
        return write_empty_tree(repository)
    # Whether git could write it is seen when it becomes part of another one.
    return TreeId(write_object(repository, "tree", tree_object({FILE: entry})))


def merge_trees(
    repository: Repository, *, base: TreeId, ours: TreeId, theirs: TreeId, follows_folders: bool | None = None
) -> MergedTree:
    """Merge two trees that have a third as their base; `follows_folders` as in `merge_commits`, None as git is set.

    git 2.39 has `merge-tree --write-tree` without `--merge-base`; two synthetic commits on a synthetic base make the
    base be the one that is wanted.
    """
    root = synthetic(repository, base)
    ours_commit = synthetic(repository, ours, root)
    theirs_commit = synthetic(repository, theirs, root)
    return merge_commits(repository, ours_commit, theirs_commit, follows_folders=follows_folders)


def merge_commits(
    repository: Repository, one: CommitId, other: CommitId, *, follows_folders: bool | None = None
) -> MergedTree:
    """The merge of two commits, as git makes it.

    With `follows_folders` a new file of one side moves with a folder that the other side moved; None leaves that to the
    user's settings.
    """
    setting = () if follows_folders is None else ("-c", f"merge.directoryRenames={str(follows_folders).lower()}")
    done = repository.git.run(
        *(*setting, "merge-tree", "--write-tree", "-z", "--no-messages"),
        *("--allow-unrelated-histories", one, other),
        accept=(0, 1),
    )
    tree, *listed = [decode(field) for field in done.stdout.split(b"\0") if field]
    stages: dict[str, list[str]] = {}
    for line in listed if done.code == 1 else ():
        stage, _, path = line.partition("\t")
        stages.setdefault(path, []).append(stage)
    keys = {path: f"file-{conflict_digest(path, *found)}" for path, found in stages.items()}
    return MergedTree(TreeId(tree), tuple(stages), keys)


def changed_paths(repository: Repository, old: Treeish, new: Treeish) -> frozenset[str]:
    """The paths at which two trees, or those of two commits, differ."""
    if old == new:
        return frozenset()
    return frozenset(repository.git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", old, new).fields())


def with_entries(repository: Repository, tree: TreeId, entries: Mapping[str, TreeEntry | None]) -> TreeId:
    """A tree with new files at some paths; None deletes a file."""
    if not entries:
        return tree
    null = "0" * len(tree)
    # Deletions come first: a file may replace a folder.
    listed = sorted(entries.items(), key=lambda item: item[1] is not None)
    lines = "".join(
        f"0 {null}\t{path}\0" if entry is None else f"{entry.mode} {entry.oid}\t{path}\0" for path, entry in listed
    )
    with tempfile.TemporaryDirectory(prefix="migrate-") as folder:
        env = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        repository.git.run("read-tree", tree, env=env)
        repository.git.run("update-index", "--replace", "-z", "--index-info", stdin=encode(lines), env=env)
        return TreeId(repository.git.run("write-tree", env=env).text)


def synthetic(repository: Repository, tree: TreeId, *parents: CommitId, message: str = "merge") -> CommitId:
    """A commit of a tree that nothing names."""
    return write_commit(repository, CommitHead(NOBODY, NOBODY, message, parents), tree)
