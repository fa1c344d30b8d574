"""What the search for stale references reports."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class StaleVerdict(Enum):
    """What must be done about a place that names an old path."""

    STALE = "stale"
    """A person must fix it."""
    ALLOWED = "allowed"
    """It may stay."""
    GENERATED = "generated"
    """A program wrote it and must write it again."""
    DOUBTFUL = "doubtful"
    """It may be no path at all."""


@dataclass(frozen=True)
class Stale:
    """One reference to a path that is gone; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    text: str
    """The whole line."""
    old: str
    new: str
    reason: str | None
    """Why it may stay, or None when a person must fix it."""
    verdict: StaleVerdict = StaleVerdict.STALE
