"""Whom to tell while validations run."""

from __future__ import annotations

from typing import Protocol

from migrate.validation.outcome import RunVerdict
from migrate.validation.receipt import Receipt


class ValidationProgress(Protocol):
    """Told of each validation as it goes: `started`, any number of `update`, `finished`; or `kept` alone."""

    def started(self, name: str) -> None:
        """A validation begins."""

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """It has run for so many seconds; `last_line` is the last that it printed, safe to print. About 5 a second."""

    def finished(self, name: str, verdict: RunVerdict) -> None:
        """It ended."""

    def kept(self, receipt: Receipt) -> None:
        """It did not have to run: a receipt says how it went."""


class SilentProgress:
    """Tells nobody."""

    def started(self, name: str) -> None:
        """Say nothing."""

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """Say nothing."""

    def finished(self, name: str, verdict: RunVerdict) -> None:
        """Say nothing."""

    def kept(self, receipt: Receipt) -> None:
        """Say nothing."""
