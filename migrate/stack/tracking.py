"""Where a phase's branch is: here, on the remote, or in both places, and which of them is ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrate.git.history import Commit, reachable
from migrate.git.objects import CommitId


class BranchPlace(StrEnum):
    """How a branch here and the same branch on the remote differ."""

    NOWHERE = "nowhere"
    LOCAL = "local"
    """It was never pushed, or it was deleted there."""
    REMOTE = "remote"
    """It is on the remote alone."""
    PUSHED = "pushed"
    AHEAD = "ahead"
    BEHIND = "behind"
    """It is here as it once was on the remote, which has moved on."""
    DIVERGED = "diverged"
    WITHDRAWN = "withdrawn"
    """It was taken back here, and the remote has it until the next sync."""


@dataclass(frozen=True)
class Tracking:
    """A branch here and on the remote, as far as this clone has heard; counts are commits that the other side lacks."""

    place: BranchPlace = BranchPlace.NOWHERE
    ahead: int = 0
    behind: int = 0

    @property
    def is_published(self) -> bool:
        """Whether the remote has the branch, as it is here or otherwise."""
        return self.place not in (BranchPlace.NOWHERE, BranchPlace.LOCAL, BranchPlace.WITHDRAWN)

    @property
    def is_here(self) -> bool:
        """Whether this clone has the branch."""
        return self.place not in (BranchPlace.NOWHERE, BranchPlace.REMOTE, BranchPlace.WITHDRAWN)

    @property
    def needs_sync(self) -> bool:
        """Whether the remote has what is not here, and nothing here stands against it."""
        return self.place in (BranchPlace.REMOTE, BranchPlace.BEHIND)

    def words(self, remote: str) -> str:
        """`on origin`, `pushed`, `2 ahead`, `1 behind`, `1 ahead, 2 behind`; nothing for what was never pushed."""
        return {
            BranchPlace.NOWHERE: "",
            BranchPlace.LOCAL: "",
            BranchPlace.WITHDRAWN: f"taken back here; {remote} still has it until migrate sync",
            BranchPlace.REMOTE: f"on {remote}",
            BranchPlace.PUSHED: "pushed",
            BranchPlace.AHEAD: f"{self.ahead} ahead",
            BranchPlace.BEHIND: f"{self.behind} behind",
            BranchPlace.DIVERGED: f"{self.ahead} ahead, {self.behind} behind",
        }[self.place]


def tracking_of_branch(
    commits: Mapping[CommitId, Commit], local: CommitId | None, remote: CommitId | None, *, is_outdated: bool
) -> Tracking:
    """How a branch here and on the remote differ: a pure function.

    `is_outdated` says that the remote had what is here and moved on, be it to rewritten commits.
    """
    if local is None or remote is None:
        place = BranchPlace.LOCAL if local else BranchPlace.REMOTE if remote else BranchPlace.NOWHERE
        return Tracking(place)
    if local == remote:
        return Tracking(BranchPlace.PUSHED)
    ours, theirs = reachable(commits, local), reachable(commits, remote)
    ahead, behind = len(ours - theirs), len(theirs - ours)
    if is_outdated:
        return Tracking(BranchPlace.BEHIND, 0 if local in theirs else ahead, behind)
    return Tracking(BranchPlace.DIVERGED if behind else BranchPlace.AHEAD, ahead, behind)
