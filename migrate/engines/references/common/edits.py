"""One edit of a reference."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ReferenceEdit:
    """`text[start:end]` becomes `new`."""

    start: int
    end: int
    new: str
    old: str = ""
    """The moved path that was named there, where that is known."""
