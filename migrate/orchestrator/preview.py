"""`plan`: what a restack and the pending phases would do, run for real. No ref moves and nothing is validated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from migrate.errors import MigrateError, PhaseError
from migrate.git.refs import RefUpdate
from migrate.orchestrator.advance import pending_phases, run_on, run_sources, up_to
from migrate.orchestrator.replay.conflict import DoesNotFitError, kept_resolutions
from migrate.orchestrator.replay.rebuild import RerunPhase, rebuild
from migrate.orchestrator.replay.restack import check_orphans, fetch_before_restack, out_of_date
from migrate.phase.runner import SILENT, Applied, Chain, Watch
from migrate.plan.location import PlanLocation
from migrate.plan.phase_source import PhaseSource
from migrate.stack.conflict_state import Attempt, Stoppable
from migrate.stack.model import Stack
from migrate.stack.phase_state import OPEN, PhaseState, State
from migrate.stack.project import Context, Project
from migrate.stack.run_options import RunOptions
from migrate.tree.changes import Counts


@dataclass(frozen=True)
class PlanPreview:
    """What would happen, up to the first phase that cannot run, or to the one that was asked for."""

    stack: Stack
    rerun: tuple[RerunPhase, ...]
    """Phases that a restack runs again."""
    same: frozenset[str]
    """Those of them that come out with the files that they have."""
    applied: tuple[Applied, ...]
    """The pending phases, on top."""
    error: MigrateError | None
    failed_phase: PhaseSource | None
    blocked: bool = False
    """Whether the error keeps the restack itself from being done."""
    base: RefUpdate | None = None
    """The step of the base branch to what was fetched; it has not moved."""
    location: PlanLocation | None = None
    """Where the plan was read that ran."""

    @property
    def counts(self) -> Counts:
        """All pending phases together."""
        return sum((applied.counts for applied in self.applied), Counts())

    def of(self, phase_id: str | None) -> PlanPreview:
        """The same of one phase alone; a problem stays, because without what is below it nobody can say more."""
        if phase_id is None:
            return self
        return replace(
            self,
            rerun=tuple(rerun for rerun in self.rerun if rerun.source.id == phase_id),
            applied=tuple(applied for applied in self.applied if applied.source.id == phase_id),
        )


def run_pending(project: Project, *, to: str | None = None, fetch: bool = False, watch: Watch = SILENT) -> PlanPreview:
    """Run again what a restack would, and every pending phase on top, none above `to`; `watch` is told of each.

    With `fetch` as on the base that the remote has: its remote-tracking branch follows, and no branch moves. Raises
    `RefusedError` while a phase is failed or nothing can run again, `RepositoryError` when the remote is out of reach.
    """
    base = fetch_before_restack(project, Attempt(Stoppable("restack", RunOptions(fetch=fetch))))
    project = project.at(base.new if base is not None else None)
    context = project.look(base.new if base is not None else None)
    return replace(preview_pending(context, to, watch), base=base, location=project.location)


def preview_pending(context: Context, to: str | None, watch: Watch) -> PlanPreview:
    """The same from a known state."""
    project, snapshot, stack = context
    wanted = frozenset(phase.id for phase in up_to(stack, to))
    stale = () if stack.first(State.FAILED) else out_of_date(stack)
    phases = [phase for phase in stale if phase.id in wanted]
    if not stale:
        pending = pending_phases(stack, to=to, only_one=False)
        chain = run_on(context, pending, watch) if pending else Chain((), None)
        return preview_plan(stack, (), frozenset(), chain, pending)
    if not phases:
        return PlanPreview(stack, (), frozenset(), (), None, None)
    check_orphans(stack)
    resolutions = kept_resolutions(context) | dict(
        snapshot.pending_conflict.resolutions if snapshot.pending_conflict is not None else {}
    )
    done: list[RerunPhase] = []
    try:
        rebuild(context, phases, resolutions, begins=watch.phase_started, told=done.append)
    except (PhaseError, DoesNotFitError) as error:
        at, same = phases[len(done)].source, unchanged(project, done)
        return PlanPreview(stack, tuple(done), same, (), error, at, blocked=True)
    pending = pending_above(stack, done, wanted)
    moved = stack.history(phases[0].id)
    for rerun in done:
        moved = moved.then(rerun.applied.moves)
    chain = run_sources(project, pending, done[-1].tip, moved, watch)
    return preview_plan(stack, tuple(done), unchanged(project, done), chain, pending)


def pending_above(stack: Stack, done: Sequence[RerunPhase], wanted: frozenset[str]) -> tuple[PhaseSource, ...]:
    """The pending phases that do not run as a part of the restack."""
    again = {rerun.source.id for rerun in done}

    def runs(phase: PhaseState) -> bool:
        return phase.state in OPEN and phase.id in wanted and phase.id not in again

    return tuple(phase.source for phase in stack if runs(phase))


def preview_plan(
    stack: Stack, rerun: tuple[RerunPhase, ...], same: frozenset[str], chain: Chain, pending: Sequence[PhaseSource]
) -> PlanPreview:
    """What a chain of pending phases gave."""
    failed_phase = pending[len(chain.applied)] if chain.error is not None else None
    return PlanPreview(stack, rerun, same, chain.applied, chain.error, failed_phase)


def unchanged(project: Project, rerun: Sequence[RerunPhase]) -> frozenset[str]:
    """The phases whose branch would hold the files that it has now."""
    tree = project.repository.tree_of
    return frozenset(r.source.id for r in rerun if r.old.tip is not None and r.old.tip.tree == tree(r.tip))
