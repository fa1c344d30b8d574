"""Phases that were merged into the branch of another one and taken back there: pure functions over its commits."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from migrate.git.history import Commit, TreeChange, reachable
from migrate.git.objects import CommitId
from migrate.stack.trailers import read_trailers, taken_back_by


def taken_back_phases(above: Sequence[Commit], migration: str) -> frozenset[CommitId]:
    """What stands above a phase's own commit and counts no more: other phases that were merged in and taken back.

    `above` is newest first. With them goes all that came with the same merge, the merge, and the commit that took it
    back; where people did that by hand, without the words of `git revert`, the phase alone.
    """
    commits = {commit.oid: commit for commit in above}
    phases = {commit.oid for commit in above if is_commit_of(commit, migration)}
    undone: frozenset[CommitId] = frozenset()
    effects: dict[CommitId, tuple[frozenset[CommitId], bool]] = {}
    for commit in reversed(above):
        for oid in taken_back_by(commit.message):
            if oid in effects:  # The revert of a revert.
                what, was_back = effects[oid]
            else:
                what, was_back = brought_phases(commits, oid), False
            if not what & phases:
                continue
            effects[commit.oid] = what, not was_back
            undone = (undone - what if was_back else undone | what) | {commit.oid}
    return undone | by_hand(above, phases - undone)


def is_commit_of(commit: Commit, migration: str) -> bool:
    """Whether a commit says that it is of phases of a migration."""
    return any(each.migration == migration and not each.landed for each in read_trailers(commit.message))


def brought_phases(commits: dict[CommitId, Commit], oid: CommitId) -> frozenset[CommitId]:
    """A commit, and where it is a merge all that came in with it."""
    if oid not in commits:
        return frozenset()
    parents = commits[oid].parents
    inside = reachable(commits, oid) - reachable(commits, parents[0]) if len(parents) > 1 else set()
    return frozenset({oid, *inside})


def by_hand(above: Sequence[Commit], phases: Collection[CommitId]) -> frozenset[CommitId]:
    """The commits of phases of which later commits made every file what it was before."""
    found = set()
    later: dict[str, TreeChange] = {}
    for commit in above:
        if commit.oid in phases and commit.changes and all(is_back(each, later) for each in commit.changes):
            found.add(commit.oid)
        if len(commit.parents) < 2 and not read_trailers(commit.message):
            later = {change.path: change for change in commit.changes} | later
    return frozenset(found)


def is_back(change: TreeChange, later: dict[str, TreeChange]) -> bool:
    """Whether the last change of a path gave it what it had before a change."""
    last = later.get(change.path)
    return last is not None and (last.new, last.new_mode) == (change.old, change.old_mode)
