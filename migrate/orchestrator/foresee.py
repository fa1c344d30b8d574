"""`plan`: what a restack and the pending phases would do, run for real. No ref moves and nothing is validated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.changes import Counts
from migrate.errors import MigrateError, PhaseError
from migrate.orchestrator.advance import pending_phases, run_on, run_sources
from migrate.orchestrator.replay.regenerating import Redone, regenerate
from migrate.orchestrator.replay.restack import out_of_date
from migrate.orchestrator.replay.stopping import StoppedAtError, kept_resolutions
from migrate.phase import PhaseSource
from migrate.project import Project
from migrate.running import Applied, Chain
from migrate.stack import State


@dataclass(frozen=True)
class Foreseen:
    """What would happen, up to the first phase that cannot run."""

    redone: tuple[Redone, ...]
    """Phases that a restack runs again."""
    same: frozenset[str]
    """Those of them that come out with the files that they have."""
    applied: tuple[Applied, ...]
    """The pending phases, on top."""
    error: MigrateError | None
    stopped_at: PhaseSource | None
    blocked: bool = False
    """Whether the error keeps the restack itself from being done."""
    is_stopped: bool = False
    """Whether a command waits at a conflict for a person."""

    @property
    def counts(self) -> Counts:
        """All pending phases together."""
        return sum((applied.counts for applied in self.applied), Counts())


def run_pending(project: Project) -> Foreseen:
    """Run again what a restack would, and every pending phase on top."""
    snapshot, stack = project.look()
    phases = () if stack.first(State.FAILED) else out_of_date(stack)
    if not phases:
        pending = pending_phases(stack, to=None, only_one=False)
        chain = run_on(project, stack, pending) if pending else Chain((), None)
        return foreseen((), frozenset(), chain, pending)
    resolutions = kept_resolutions(project) | dict(snapshot.stopped.resolutions if snapshot.stopped is not None else {})
    done: list[Redone] = []
    try:
        regenerate(project, stack, phases, resolutions, told=done.append)
    except (PhaseError, StoppedAtError) as error:
        at, stopped = phases[len(done)].source, snapshot.stopped is not None
        return Foreseen(tuple(done), unchanged(project, done), (), error, at, blocked=True, is_stopped=stopped)
    pending = tuple(p.source for p in stack if p.state is State.PENDING and not any(p.id == r.source.id for r in done))
    moved = stack.history(phases[0].id)
    for redone in done:
        moved = moved.then(redone.applied.moves)
    chain = run_sources(project, pending, done[-1].tip, moved)
    return foreseen(tuple(done), unchanged(project, done), chain, pending)


def foreseen(
    redone: tuple[Redone, ...], same: frozenset[str], chain: Chain, pending: Sequence[PhaseSource]
) -> Foreseen:
    """What a chain of pending phases gave."""
    stopped = pending[len(chain.applied)] if chain.error is not None else None
    return Foreseen(redone, same, chain.applied, chain.error, stopped)


def unchanged(project: Project, redone: Sequence[Redone]) -> frozenset[str]:
    """The phases whose branch would hold the files that it has now."""
    tree = project.repository.tree_of
    return frozenset(r.source.id for r in redone if r.old.tip is not None and r.old.tip.tree == tree(r.tip))
