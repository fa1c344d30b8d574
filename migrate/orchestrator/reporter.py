"""What a transition tells while it works; the command line prints it."""

from __future__ import annotations

from typing import Protocol

from migrate.phase.runner import Applied
from migrate.plan.phase_source import PhaseSource
from migrate.stack.phase_state import PhaseState
from migrate.validation.progress import ValidationProgress


class Reporter(ValidationProgress, Protocol):
    """Told of each step of a transition, in order."""

    def phase_started(self, source: PhaseSource) -> None:
        """A phase begins."""

    def applied(self, applied: Applied, seconds: float) -> None:
        """Its module ran, and its commit can be made."""

    def phase_finished(self, phase: PhaseState) -> None:
        """It has its commit, and its validations ran as far as they were asked to."""
