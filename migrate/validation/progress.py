"""Who is told about validations while they run."""

from __future__ import annotations

from typing import Protocol

from migrate.validation.outcome import RunVerdict
from migrate.validation.receipt import Receipt


class ValidationProgress(Protocol):
    """Is told about each validation: `started`, any number of `update`, then `finished`; or only `kept`."""

    def started(self, name: str) -> None:
        """A validation begins."""

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """It has run for this many seconds; `last_line` is its last line of output, safe to print.

        Called about 5 times a second.
        """

    def finished(self, name: str, verdict: RunVerdict) -> None:
        """It ended."""

    def kept(self, receipt: Receipt) -> None:
        """It did not run, because a receipt already says how it went."""


class SilentProgress:
    """Reports to nobody."""

    def started(self, name: str) -> None:
        """Do nothing."""

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """Do nothing."""

    def finished(self, name: str, verdict: RunVerdict) -> None:
        """Do nothing."""

    def kept(self, receipt: Receipt) -> None:
        """Do nothing."""
