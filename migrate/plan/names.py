"""The refs of one migration."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass


@dataclass(frozen=True)
class RefNames:
    """The refs of one migration."""

    migration: str

    @property
    def journal(self) -> str:
        """The chain of operations."""
        return f"refs/migrate/{self.migration}/journal"

    @property
    def start(self) -> str:
        """The base commit on which the first phase was made."""
        return f"refs/migrate/{self.migration}/start"

    @property
    def receipts(self) -> str:
        """The notes that hold receipts."""
        return f"refs/notes/migrate/{self.migration}"

    @property
    def intent(self) -> str:
        """The operation that is being carried out; the ref exists only meanwhile, or after a kill."""
        return f"refs/migrate/{self.migration}/intent"

    @property
    def pending_conflict(self) -> str:
        """The conflict that a command stopped at."""
        return f"refs/migrate/{self.migration}/stopped"

    @property
    def resolutions(self) -> str:
        """The earlier resolutions of conflicts."""
        return f"refs/migrate/{self.migration}/resolutions"

    def made(self, phase: str) -> str:
        """The commit that running a phase made, as it was before anybody amended it."""
        return f"refs/migrate/{self.migration}/made/{phase}"

    def landed(self, phase: str) -> str:
        """The commit of the base with which a phase landed, where only `land` could tell."""
        return f"refs/migrate/{self.migration}/landed/{phase}"

    def withdrawn(self, phase: str) -> str:
        """What the remote has of a phase that was taken back here, until `migrate sync` deletes it there.

        It is this clone's own: no remote ever sees it.
        """
        return f"refs/migrate/{self.migration}/withdrawn/{phase}"

    def synced(self, remote: str, ref: str) -> str:
        """The value that a ref had when this clone and a remote last agreed; never pushed."""
        return f"refs/migrate-remotes/{remote}/{self.migration}/{ref.removeprefix('refs/')}"

    @property
    def ended(self) -> str:
        """What this clone knows of a migration that was finished here; never pushed."""
        return f"refs/migrate-ended/{self.migration}"

    @property
    def kept_landings(self) -> str:
        """The landings that the base does not mention, as `finish` knew them; never pushed."""
        return f"refs/migrate-landed/{self.migration}"

    def archive(self, operation: int, name: str) -> str:
        """Where an operation keeps what it replaced."""
        return f"{self.archive_prefix}{operation}/{name}"

    @property
    def archive_prefix(self) -> str:
        """What the names of all archived refs begin with."""
        return f"refs/migrate/{self.migration}/archive/"


def base_ref(refs: Container[str], base: str, remote: str) -> str | None:
    """The ref of a base branch: the local branch, else the remote's, else None."""
    places = (f"refs/heads/{base}", f"refs/remotes/{remote}/{base}")
    return next((ref for ref in places if ref in refs), None)
