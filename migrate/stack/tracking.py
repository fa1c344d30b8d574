"""Where a phase's branch is: here, on the remote, or in both places, and which of them is ahead."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from migrate.git.history import Commit, reachable
from migrate.git.objects import Oid


class Place(StrEnum):
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
class RemoteState:
    """A branch here and on the remote, as far as this clone has heard; counts are commits that the other side lacks."""

    place: Place = Place.NOWHERE
    ahead: int = 0
    behind: int = 0

    @property
    def is_published(self) -> bool:
        """Whether the remote has the branch, as it is here or otherwise."""
        return self.place not in (Place.NOWHERE, Place.LOCAL, Place.WITHDRAWN)

    @property
    def is_here(self) -> bool:
        """Whether this clone has the branch."""
        return self.place not in (Place.NOWHERE, Place.REMOTE, Place.WITHDRAWN)

    @property
    def needs_sync(self) -> bool:
        """Whether the remote has what is not here, and nothing here stands against it."""
        return self.place in (Place.REMOTE, Place.BEHIND)

    def words(self, remote: str) -> str:
        """`on origin`, `pushed`, `2 ahead`, `1 behind`, `1 ahead, 2 behind`; nothing for what was never pushed."""
        return {
            Place.NOWHERE: "",
            Place.LOCAL: "",
            Place.WITHDRAWN: f"taken back here; {remote} still has it until migrate sync",
            Place.REMOTE: f"on {remote}",
            Place.PUSHED: "pushed",
            Place.AHEAD: f"{self.ahead} ahead",
            Place.BEHIND: f"{self.behind} behind",
            Place.DIVERGED: f"{self.ahead} ahead, {self.behind} behind",
        }[self.place]


def remote_state(
    commits: Mapping[Oid, Commit], local: Oid | None, remote: Oid | None, *, is_outdated: bool
) -> RemoteState:
    """How a branch here and on the remote differ: a pure function.

    `is_outdated` says that the remote had what is here and moved on, be it to rewritten commits.
    """
    if local is None or remote is None:
        place = Place.LOCAL if local else Place.REMOTE if remote else Place.NOWHERE
        return RemoteState(place)
    if local == remote:
        return RemoteState(Place.PUSHED)
    ours, theirs = reachable(commits, local), reachable(commits, remote)
    ahead, behind = len(ours - theirs), len(theirs - ours)
    if is_outdated:
        return RemoteState(Place.BEHIND, 0 if local in theirs else ahead, behind)
    return RemoteState(Place.DIVERGED if behind else Place.AHEAD, ahead, behind)
