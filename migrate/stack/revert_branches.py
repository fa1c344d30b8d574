"""The branches that `rollback` made to take published or landed phases back, and how far each has come."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrate.git.history import Commit, first_parents
from migrate.git.objects import CommitId
from migrate.plan.model import Plan
from migrate.stack.snapshot import Snapshot
from migrate.stack.tracking import BranchPlace, Tracking, tracking_of_branch
from migrate.stack.trailers import read_reverts

PREFIX = "revert-"


class RevertProgress(StrEnum):
    """How far a revert has come."""

    UNPUSHED = "unpushed"
    OPEN = "open"
    """It is on the remote, and nobody merged it yet."""
    MERGED = "merged"
    UNNEEDED = "unneeded"
    """What it takes back is neither on a branch nor part of the base."""


@dataclass(frozen=True)
class RevertBranch:
    """A branch that takes phases back, bottom first."""

    branch: str
    phases: tuple[str, ...]
    tip: CommitId
    remote: Tracking
    progress: RevertProgress

    @property
    def is_here(self) -> bool:
        """Whether this clone has the branch."""
        return self.remote.place is not BranchPlace.REMOTE

    @property
    def is_waiting(self) -> bool:
        """Whether something remains to be done until it has its effect."""
        return self.progress in (RevertProgress.UNPUSHED, RevertProgress.OPEN)


def revert_branches(
    plan: Plan,
    snapshot: Snapshot,
    *,
    reverted: Collection[str],
    standing: Collection[str],
    is_merged: Callable[[CommitId], bool],
) -> tuple[RevertBranch, ...]:
    """All of them, by name: a pure function.

    `reverted` are the phases that the base took back, `standing` those that have a branch or have landed; `is_merged`
    says whether a commit is on the branch of a phase.
    """
    local, there = f"refs/heads/{plan.branch(PREFIX)}", f"refs/remotes/{plan.remote}/{plan.branch(PREFIX)}"
    names = sorted(
        {ref.removeprefix(local).removeprefix(there) for ref in snapshot.refs if ref.startswith((local, there))}
    )
    found = []
    for name in names:
        ours, theirs = snapshot.refs.get(local + name), snapshot.refs.get(there + name)
        tip = ours or theirs
        assert tip is not None
        phases = phases_of(plan.name, snapshot.reverts, tip) or ((name,) if tip not in snapshot.reverts else ())
        if not phases:  # Somebody's own branch of that name.
            continue
        remote = tracking_of_branch(snapshot.reverts, ours, theirs, is_outdated=False)
        if tip not in snapshot.reverts or is_merged(tip) or set(phases) <= set(reverted):
            progress = RevertProgress.MERGED
        elif not set(phases) & set(standing):
            progress = RevertProgress.UNNEEDED
        else:
            pushed = remote.place in (BranchPlace.REMOTE, BranchPlace.PUSHED, BranchPlace.BEHIND)
            progress = RevertProgress.OPEN if pushed else RevertProgress.UNPUSHED
        found.append(RevertBranch(plan.branch(PREFIX + name), phases, tip, remote, progress))
    return tuple(found)


def phases_of(migration: str, commits: Mapping[CommitId, Commit], tip: CommitId) -> tuple[str, ...]:
    """The phases that a branch takes back, bottom first; what was added on top by hand is passed over."""
    found: list[str] = []
    for commit in first_parents(commits, commits[tip]) if tip in commits else ():
        named = read_reverts(commit.message, migration)
        if found and not named:
            break
        found += named
    return tuple(found)
