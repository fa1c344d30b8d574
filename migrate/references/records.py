"""What the search for stale references reports."""

from __future__ import annotations

from dataclasses import dataclass


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
    new: str
    """Where that is now; several places, parted by commas, for a folder that was split."""
    kind: str
    """The kind of file."""
    reason: str | None
    """Why it may stay, or None when it must be fixed."""
