"""What the search for stale references reports, and what a plan allows."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.workspace import matches


@dataclass(frozen=True)
class Allowed:
    """A stale reference that the plan allows: in files that match `files`, on lines that hold `text`, for a reason."""

    files: str
    text: str | None
    reason: str

    def covers(self, path: str, line: str) -> bool:
        """Whether this allows a reference on a line of a file."""
        return (self.text is None or self.text in line) and matches(path, [self.files])


@dataclass(frozen=True)
class Stale:
    """One reference to a path that is gone; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    text: str
    """The whole line."""
    old: str
    """The moved path that it names or stands below."""
    now: str
    """Where that is now; several places, parted by commas, for a folder that was split."""
    kind: str
    """The kind of file."""
    reason: str | None
    """Why it may stay, or None when it must be mended."""
