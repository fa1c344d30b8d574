"""`plan`: what the pending phases would do, run for real in memory. No ref moves and nothing is validated."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from dataclasses import dataclass

from migrate.changes import Counts
from migrate.errors import PhaseError
from migrate.orchestrator.advance import pending_phases
from migrate.overlay import Overlay
from migrate.phase import PhaseSource
from migrate.project import Project
from migrate.running import Applied, run_chain
from migrate.validation.tools import tool_runner


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
    snapshot, stack = project.look()
    pending = pending_phases(stack, to=None, only_one=False)
    if not pending:
        return Foreseen((), None, None)
    below = stack.below(pending[0].id)
    parent = below.tip.oid if below is not None and below.tip is not None else snapshot.base
    overlay = Overlay.of(project.repository.objects, parent)
    history = stack.history(pending[0].id)
    with redirect_stdout(sys.stderr):  # What a phase prints is no result of the command.
        chain = run_chain(project.plan, pending, overlay, history, tool_runner(project.repository))
    stopped = pending[len(chain.applied)] if chain.error is not None else None
    return Foreseen(chain.applied, chain.error, stopped)
