"""`next` and `run`: pending phases become commits on branches of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from migrate.errors import PhaseError, RefusedError
from migrate.execution.tools import tool_runner
from migrate.git.commit_signing import sign_commits, signs
from migrate.git.history import differences, note_written
from migrate.git.hooks import Hooks, commit_hooks
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.git.writer import CommitWriter, commit_identity
from migrate.journal.record import Operation, carry_out, prepare
from migrate.orchestrator.hooks import review_by
from migrate.orchestrator.messages import Messages
from migrate.orchestrator.reporter import Reporter
from migrate.orchestrator.switch import Switched, switch_if_safe
from migrate.orchestrator.transition import require_synced, transition
from migrate.orchestrator.validate import validate_announced, validate_phase
from migrate.phase.runner import SILENT, Applied, Chain, PhaseReview, Watch, run_chain
from migrate.plan.phase_source import PhaseSource
from migrate.stack.model import Stack
from migrate.stack.next_step import advice_without_commit, step_when_unvalidated
from migrate.stack.phase_state import OPEN, PhaseState, State, enabling
from migrate.stack.project import Context, Project
from migrate.stack.run_options import RunOptions
from migrate.stack.unknown_history import check_fetched, check_seen, check_told
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class Advance:
    """What became of `next` or `run`."""

    stack: Stack
    made: tuple[str, ...]
    caught_up: tuple[str, ...] = ()
    """Phases made before, whose validations had not run."""
    error: PhaseError | None = None
    """Why a phase could not be run; the ones before it stand."""
    failed: str | None = None
    """The phase on which a validation failed."""
    switched: Switched | None = None


def pending_phases(stack: Stack, *, to: str | None, only_one: bool) -> tuple[PhaseSource, ...]:
    """The phases to run now, bottom first; none when nothing is left.

    Raises `RefusedError` when a failed or stale phase is in the way: the next one would absorb its changes; and when
    the remote has, or a shallow clone hides, what is not here. Raises `PlanError` when a phase is stale because its
    module cannot run.
    """
    require_synced(stack)
    failed = stack.first(State.FAILED)
    if failed is not None:
        revert = stack.reverted_by(failed.id)
        other = f"or merge {revert.branch}, which takes it back" if revert is not None else "or: migrate rollback"
        fix = enabling(failed.validations) or f"fix it on {failed.branch}, commit"
        raise RefusedError(
            f"{failed.id} {failed.reason}, and no phase runs on top of a failed phase",
            advice=f"{fix}, then: migrate validate {failed.id}; {other}",
        )
    if stack.first(State.STALE, State.UNKNOWN, *OPEN) is not None:
        check_seen(stack)
        check_told(stack)
    stale = stack.first(State.STALE)
    if stale is not None:
        stale.source.check()
        raise RefusedError(
            f"{stale.id} is stale: {stale.reason}",
            advice="migrate restack runs it again, and carries hand edits over"
            if stale.commit is not None
            else advice_without_commit(stack, stale, "next"),
        )
    pending = tuple(phase.source for phase in up_to(stack, to) if phase.state in OPEN)
    return pending[:1] if only_one else pending


def up_to(stack: Stack, to: str | None) -> tuple[PhaseState, ...]:
    """The phases from the bottom up to one; all when none is named. Raises `RefusedError` when it is not among them."""
    if to is None:
        return stack.phases
    last = next((index for index, phase in enumerate(stack, 1) if phase.id == to), None)
    if last is None:
        raise RefusedError(f"{to} has nothing left to do", advice="migrate status lists the phases")
    return stack.phases[:last]


def check_next(pending: Sequence[PhaseSource], wanted: str, flags: Sequence[str]) -> None:
    """Raise `RefusedError` when a phase is not the next one, with the command that runs all up to it."""
    if pending and pending[0].id != wanted:
        command = " ".join(["migrate run --to", wanted, *flags])
        raise RefusedError(
            f"{wanted} is not the next phase: {pending[0].id} comes before it",
            advice=f"{command} runs both" if len(pending) == 2 else f"{command} runs all {len(pending)}",
        )


def advance(
    project: Project,
    reporter: Reporter,
    options: RunOptions | None = None,
    *,
    to: str | None = None,
    only_one: bool = False,
) -> Advance:
    """Run pending phases: all of them, those up to `to`, or one. With both `to` and `only_one` it must be the next one.

    With validations each phase is finished before the next one begins, and those whose validations were interrupted or
    left out before all; without them all commits are made in one transaction. Whatever happens, the phases made before
    stand.
    """
    options = options or RunOptions()
    with transition(project, "migrate next" if only_one else "migrate run"):
        run = PhaseRun(project, reporter, options, project.look())
        check_fetched(run.stack)
        if only_one and to is not None:
            check_next(pending_phases(run.stack, to=to, only_one=False), to, options.words)
        pending = pending_phases(run.stack, to=to, only_one=only_one)
        if options.validate:
            run.catch_up(to)
            if run.caught_up and run.stack.get(run.caught_up[-1]).state is State.FAILED:
                return run.finished(failed=run.caught_up[-1])
        for step in [(source,) for source in pending] if options.validate or not pending else [pending]:
            error = run.take(step)
            if error is not None:
                return run.finished(error=error)
            if run.stack.get(step[-1].id).state is State.FAILED:
                return run.finished(failed=step[-1].id)
        return run.finished()


@dataclass
class PhaseRun:
    """One `next` or `run` at work: what it was told, the state that it saw last, and what it did up to now."""

    project: Project
    reporter: Reporter
    options: RunOptions
    context: Context
    made: tuple[str, ...] = ()
    caught_up: tuple[str, ...] = ()

    @property
    def stack(self) -> Stack:
        """The stack as it was seen last."""
        return self.context.stack

    @cached_property
    def hooks(self) -> Hooks | None:
        """The user's commit hooks, where they are to look at the phases."""
        return commit_hooks(self.project.repository) if self.options.hooks else None

    def catch_up(self, to: str | None) -> None:
        """Run the validations that were interrupted or left out, of phases up to `to`."""
        self.caught_up, self.context = catch_up(self.context, to, self.reporter)

    def take(self, sources: Sequence[PhaseSource]) -> PhaseError | None:
        """Make phases and validate them where that is wanted; gives the error of the one that could not be run."""
        before = len(self.made)
        error = self.make(sources)
        if self.options.validate and error is None:
            self.context = validate_phase(self.context, sources[0].id, self.reporter)
        for name in self.made[before:]:
            self.reporter.phase_finished(self.stack.get(name))
        return error

    def make(self, sources: Sequence[PhaseSource]) -> PhaseError | None:
        """Run phases on top of each other and make their branches in one transaction.

        Returns the error of the one that could not be run; those below it are made.
        """
        messages = Messages.of(self.stack, sources[0].id)
        parent, hooks = self.stack.parent(sources[0].id), self.hooks
        review = review_by(self.project, hooks, parent, messages, self.reporter) if hooks is not None else None
        chain = run_on(self.context, sources, self.reporter, review)
        if chain.applied:
            moved = write_phase(self.context, parent, messages, chain.applied)
            self.context = self.project.look_after(self.context.snapshot, moved)
            self.made += tuple(applied.source.id for applied in chain.applied)
        return chain.error

    def finished(self, *, error: PhaseError | None = None, failed: str | None = None) -> Advance:
        """The result, after a switch to the highest new branch that did not fail."""
        standing = [phase for phase in self.made if phase != failed]
        switched = switch_if_safe(self.project, self.project.plan.branch(standing[-1])) if standing else None
        return Advance(self.stack, self.made, self.caught_up, error, failed, switched)


def catch_up(context: Context, to: str | None, reporter: Reporter) -> tuple[tuple[str, ...], Context]:
    """Run the validations that were interrupted or left out, up to the first phase that fails.

    The phases looked at, and the state then.
    """
    done = []
    for phase in step_when_unvalidated(context.stack):
        done.append(phase.id)
        context = validate_announced(context, phase.id, reporter)
        if context.stack.get(phase.id).state is State.FAILED or phase.id == to:
            break
    return tuple(done), context


def run_on(
    context: Context,
    sources: Sequence[PhaseSource],
    watch: Watch = SILENT,
    review: PhaseReview | None = None,
) -> Chain:
    """Run phases, in memory, on what the lowest of them stands on."""
    lowest = sources[0].id
    parent, history = context.stack.parent(lowest), context.stack.history(lowest)
    return run_sources(context.project, sources, parent, history, watch, review)


def run_sources(
    project: Project,
    sources: Sequence[PhaseSource],
    parent: CommitId,
    history: MoveMap,
    watch: Watch = SILENT,
    review: PhaseReview | None = None,
) -> Chain:
    """Run phases, in memory, on a commit below which everything of `history` has moved."""
    overlay = Overlay.of(project.repository.objects, parent)
    return run_chain(project.plan, sources, overlay, history, tool_runner(project.repository), watch, review)


def write_phase(context: Context, parent: CommitId, messages: Messages, done: Sequence[Applied]) -> Sequence[RefUpdate]:
    """Make one commit and one branch for each phase, in one transaction; what moved."""
    repository, commits = context.project.repository, list[CommitId]()
    prepared = None
    with CommitWriter(repository, commit_identity(repository)) as writer:
        for applied in done:
            message = messages.write(applied)
            parent = writer.commit(message, (parent,), applied.overlay.changes(), applied.overlay.written.get)
            commits.append(parent)
        if not signs(repository):
            prepared = prepare(context, making(context, done, commits), writer)
    if prepared is None:
        commits = sign_commits(repository, commits)
        prepared = prepare(context, making(context, done, commits))
    carry_out(context.project, prepared)
    for applied, commit in zip(done, commits, strict=True):
        note_written(repository, commit, differences(applied.overlay.base, applied.overlay.changes()))
        repository.objects.know_tree(commit, applied.overlay.entries)
    return prepared.moved


def making(context: Context, done: Sequence[Applied], commits: Sequence[CommitId]) -> Operation:
    """The operation that gives phases their branches."""
    project, snapshot, _ = context
    plan, updates = project.plan, list[RefUpdate]()
    for applied, commit in zip(done, commits, strict=True):
        for ref in (BRANCH + plan.branch(applied.source.id), project.names.made(applied.source.id)):
            # A phase that the base took back may have a branch still.
            updates.append(RefUpdate(ref, snapshot.refs.get(ref), commit))
    if project.names.start not in snapshot.refs:
        updates.append(RefUpdate(project.names.start, None, snapshot.base))
    return Operation("make " + ", ".join(applied.source.id for applied in done), tuple(updates))
