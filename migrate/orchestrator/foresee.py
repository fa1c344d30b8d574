"""`plan`: what the pending phases would do, run for real in memory. No ref moves and nothing is validated."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.changes import Counts
from migrate.errors import PhaseError
from migrate.orchestrator.advance import pending_phases, run_on
from migrate.phase import PhaseSource
from migrate.project import Project
from migrate.running import Applied


@dataclass(frozen=True)
class Foreseen:
    """What the pending phases would do, up to the first that cannot run."""

    applied: tuple[Applied, ...]
    error: PhaseError | None
    stopped_at: PhaseSource | None

    @property
    def counts(self) -> Counts:
        """All phases together."""
        return sum((applied.counts for applied in self.applied), Counts())


def run_pending(project: Project) -> Foreseen:
    """Run every pending phase on the chain, in memory."""
    _, stack = project.look()
    pending = pending_phases(stack, to=None, only_one=False)
    if not pending:
        return Foreseen((), None, None)
    chain = run_on(project, stack, pending)
    stopped = pending[len(chain.applied)] if chain.error is not None else None
    return Foreseen(chain.applied, chain.error, stopped)
