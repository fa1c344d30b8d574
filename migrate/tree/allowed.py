"""References to moved paths that a plan allows to stay."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowed:
    """Files (a path pattern) in which old paths may stay, only on lines that hold `text` when it is given."""

    files: str
    text: str | None
    reason: str
