"""What a person resolved in a merge on a phase's branch, such as a forge's "Update branch".

Git makes most of a merge by itself, and that is nobody's change: the phase runs again on the newer base and makes its
own of it. What a person did is the difference to that. Where git found a conflict there is nothing to compare with, so
the phase is asked: what it makes of the side that came in, with the edits before the merge, is what the person changed.
Their resolution then fits wherever the phase makes the same again, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from migrate.errors import PhaseError, RefusedError
from migrate.git.history import Commit
from migrate.git.merge import ConflictError, MergedTree, changed_paths, cherry_pick, merge_commits, with_entries
from migrate.git.objects import CommitId, TreeId, Treeish
from migrate.git.repository import Repository


@dataclass(frozen=True)
class HandEdit:
    """What a person did, as two trees; `commit` says who, when and why."""

    commit: Commit
    before: TreeId
    after: TreeId
    amends: bool = False
    """Whether it was done in the phase's own commit."""
    is_late: bool = False
    """Whether files of the base were there that the phase has not seen: they are where they were before it."""

    @property
    def what(self) -> str:
        """It in words."""
        kind = "amended commit" if self.amends else "merge" if len(self.commit.parents) > 1 else "hand edit"
        return f"{kind} {self.name}"

    @property
    def name(self) -> str:
        """Its commit as people know it: `90aa1c4 "Wait longer"`."""
        return f'{self.commit.oid[:7]} "{self.commit.subject}"'


@dataclass(frozen=True)
class MergeResolution:
    """What git makes of a merge by itself, and what it does not.

    `before` is the merge with git's own files where a person has others; at `unclear` paths git found a conflict.
    """

    before: TreeId
    unclear: frozenset[str]


def resolved_in_merge(repository: Repository, tree: TreeId, merge: Callable[[bool], MergedTree]) -> MergeResolution:
    """What of a tree is not git's own work, when it merged.

    `merge` makes the merge again, with new files going along with a folder that was moved, or not: that depends on who
    merged, and with which settings. What is nearer to the tree tells.
    """
    tried = [merge(False), merge(True)]
    touched = [changed_paths(repository, each.tree, tree).union(each.conflicts) for each in tried]
    made, paths = min(zip(tried, touched, strict=True), key=lambda pair: len(pair[1]))
    clear = paths.difference(made.conflicts)
    return MergeResolution(taken_from(repository, tree, made.tree, clear), paths - clear)


def taken_from(repository: Repository, tree: TreeId, other: Treeish, paths: Collection[str]) -> TreeId:
    """A tree with what another one has at some paths."""
    there = repository.objects.entries_of(other, sorted(paths))
    return with_entries(repository, tree, {path: there.get(path) for path in paths})


def with_merge(
    repository: Repository,
    merge: Commit,
    edits: Sequence[HandEdit],
    came: CommitId | None,
    ground: Callable[[], TreeId],
) -> list[HandEdit]:
    """The edits up to a merge, with what a person did in it.

    `came` is the commit that was merged in, where it is not of this branch, and `ground` gives the tree that the phase
    makes of it. What an earlier edit and that side both changed was resolved in the merge: it is taken from there.
    Raises `RefusedError` for a merge of more than two commits.
    """
    if len(merge.parents) > 2:
        raise RefusedError(
            f'merge {merge.oid[:7]} "{merge.subject}" joins {len(merge.parents)} commits, and nobody can tell what was '
            "changed in it",
            advice="merge them one by one: git reset --hard HEAD^ on that branch, then git merge each; or "
            "migrate rollback takes the phase back",
        )
    found = resolved_in_merge(
        repository,
        merge.tree,
        lambda follows: merge_commits(repository, *merge.parents, follows_folders=follows),
    )
    before, kept = found.before, list(edits)
    if found.unclear:
        try:
            below, kept, taken_over = replayed(repository, ground(), edits)
        except PhaseError:
            # It cannot run there: what came in is what the person had before them.
            below, taken_over = (repository.tree_of(came) if came else before), frozenset()
        before = taken_from(repository, before, below, found.unclear | taken_over)
    return [*kept, HandEdit(merge, before, merge.tree, is_late=came is not None)] if before != merge.tree else kept


def replayed(
    repository: Repository, ground: TreeId, edits: Iterable[HandEdit]
) -> tuple[TreeId, list[HandEdit], frozenset[str]]:
    """A tree with edits on it, the edits without what does not fit there, and the paths of that."""
    tree, kept, missing = ground, [], frozenset[str]()
    for edit in edits:
        fitting, paths = fitted(repository, tree, edit)
        missing |= paths
        if fitting is not None:
            tree = cherry_pick(repository, {}, base=fitting.before, ours=tree, theirs=fitting.after)
            kept.append(fitting)
    return tree, kept, missing


def fitted(repository: Repository, tree: TreeId, edit: HandEdit) -> tuple[HandEdit | None, frozenset[str]]:
    """An edit without what conflicts on a tree, None where nothing is left, and the paths that were taken out."""
    paths = frozenset[str]()
    while edit.before != edit.after:
        try:
            cherry_pick(repository, {}, base=edit.before, ours=tree, theirs=edit.after)
        except ConflictError as error:
            changed = changed_paths(repository, edit.before, edit.after)
            clashing = changed.intersection(error.conflict.paths) or changed
            edit = replace(edit, after=taken_from(repository, edit.after, edit.before, clashing))
            paths |= clashing
        else:
            return edit, paths
    return None, paths
