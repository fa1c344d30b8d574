"""The outcome of a validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Outcome(StrEnum):
    """The five ways in which a validation can end. Only `PASSED` and `NO_WORSE` let a migration go on."""

    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"
    """It could not run: a program is not installed."""
    WAITING = "waiting"
    """A gate that nobody has approved yet."""
    NO_WORSE = "no-worse"
    """It fails exactly as on the base."""

    @property
    def is_good(self) -> bool:
        """Whether a migration may continue with it."""
        return self in (Outcome.PASSED, Outcome.NO_WORSE)


@dataclass(frozen=True)
class RunVerdict:
    """How one validation went on one commit.

    `code` is the exit code, None when nothing ran to its end. `tail` holds the lines that the base does not have, then
    the last 20 lines of output, safe to print. `reason` says in one line why it did not pass. `problems` are the lines
    that the validation's `baseline` selects, without the slot's path.
    """

    outcome: Outcome
    seconds: float = 0.0
    code: int | None = None
    tail: tuple[str, ...] = ()
    log: Path | None = None
    reason: str = ""
    problems: Sequence[str] = ()
