"""The state of every phase, derived from a snapshot and never stored: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from itertools import takewhile

from migrate import stragglers
from migrate.changes import Counts, FileChange, count, from_commit
from migrate.git.history import Commit
from migrate.git.objects import Oid
from migrate.moves import MoveMap
from migrate.phase import PhaseSource
from migrate.plan import Plan
from migrate.snapshot import Snapshot
from migrate.stopped import Stopped
from migrate.trailers import Trailers, read_trailers
from migrate.validation.outcome import Outcome
from migrate.validation.receipts import Receipt
from migrate.validation.spec import Validation


class State(StrEnum):
    """What a phase is."""

    PENDING = "pending"
    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    STALE = "stale"
    LANDED = "landed"


@dataclass(frozen=True)
class ValidationState:
    """One validation on a phase's present tree. `outcome` is None when it has not run on it."""

    spec: Validation
    receipt: Receipt | None

    @property
    def outcome(self) -> Outcome | None:
        """What the receipt says; a gate without one is waiting."""
        if self.receipt is not None:
            return self.receipt.outcome
        return Outcome.WAITING if self.spec.manual else None

    @property
    def word(self) -> str:
        """The outcome in one word."""
        return str(self.outcome or "not-run")


@dataclass(frozen=True)
class PhaseState:
    """Where one phase stands."""

    source: PhaseSource
    state: State
    branch: str
    reason: str = ""
    """Why it is stale, failed or waiting."""
    tip: Commit | None = None
    """The commit its branch names."""
    commit: Commit | None = None
    """The commit that running the phase made."""
    trailers: Trailers | None = None
    made: Commit | None = None
    """The same as it was before anybody amended it; None when nothing says so."""
    hand_edits: tuple[Commit, ...] = ()
    """What a person committed on top, newest first."""
    validations: tuple[ValidationState, ...] = ()
    published: bool = False

    @property
    def id(self) -> str:
        """The phase's identity."""
        return self.source.id

    @property
    def moves(self) -> MoveMap:
        """What it moved, as its commit says."""
        return self.trailers.moves if self.trailers else MoveMap()

    @property
    def files(self) -> tuple[FileChange, ...]:
        """What it did to files."""
        return from_commit(self.commit.changes, self.moves) if self.commit else ()

    @property
    def counts(self) -> Counts:
        """How many files it moved, rewrote, wrote and deleted."""
        return count(self.files)

    @property
    def is_amended(self) -> bool:
        """Whether a person changed files in the phase's own commit."""
        return self.made is not None and self.commit is not None and self.made.tree != self.commit.tree

    @property
    def exists(self) -> bool:
        """Whether it has a branch that is not yet part of the base."""
        return self.tip is not None


@dataclass(frozen=True)
class Stack:
    """All phases of a migration, bottom first."""

    plan: Plan
    base: Oid
    base_branch: str
    newer: int
    """How many commits the base has that the stack does not stand on."""
    phases: tuple[PhaseState, ...]
    stopped: Stopped | None = None
    """The conflict that a command stopped at."""

    def __iter__(self) -> Iterator[PhaseState]:
        return iter(self.phases)

    def get(self, phase_id: str) -> PhaseState:
        """The state of a phase that the plan has."""
        return next(phase for phase in self.phases if phase.id == phase_id)

    def first(self, *states: State) -> PhaseState | None:
        """The lowest phase in one of the states."""
        return next((phase for phase in self.phases if phase.state in states), None)

    def top(self) -> PhaseState | None:
        """The highest phase that has a branch."""
        return next((phase for phase in reversed(self.phases) if phase.exists), None)

    def below(self, phase_id: str) -> PhaseState | None:
        """The phase that this one stands on: the nearest one below that has a branch of its own."""
        found = None
        for phase in self.phases:
            if phase.id == phase_id:
                return found
            if phase.exists:
                found = phase
        return None

    def on_top_of(self, phase_id: str) -> tuple[PhaseState, ...]:
        """A phase and those above it that have a branch, bottom first."""
        index = next(i for i, phase in enumerate(self.phases) if phase.id == phase_id)
        return tuple(phase for phase in self.phases[index:] if phase.exists)

    def parent(self, phase_id: str) -> Oid:
        """The commit that a phase is run on: the tip of what it stands on, or the base's."""
        below = self.below(phase_id)
        return below.tip.oid if below is not None and below.tip is not None else self.base

    def history(self, phase_id: str) -> MoveMap:
        """Everything that the phases below this one moved, as one map."""
        return joined(phase.moves for phase in takewhile(lambda phase: phase.id != phase_id, self.phases))

    def moves_up_to(self, phase: PhaseState) -> MoveMap:
        """Everything that a phase and those below it moved, as one map."""
        return self.history(phase.id).then(phase.moves)

    def root(self) -> Oid:
        """The commit of the base that the lowest phase stands on; the base's tip before there is any phase."""
        lowest = next((phase.commit for phase in self.phases if phase.exists and phase.commit), None)
        return lowest.parents[0] if lowest is not None and lowest.parents else self.base

    def moves(self) -> MoveMap:
        """Everything that the whole stack moved, as one map."""
        return joined(phase.moves for phase in self.phases)


def joined(steps: Iterable[MoveMap]) -> MoveMap:
    """One map that does what the steps do one after the other."""
    return reduce(MoveMap.then, steps, MoveMap())


def compute(plan: Plan, snapshot: Snapshot) -> Stack:
    """The state of every phase."""
    landed = landings(plan, snapshot)
    phases: list[PhaseState] = []
    expected: Oid | None = None
    broken = ""
    late = stragglers.late(snapshot.arrived, joined(landed[s.id][1].moves for s in plan.phases if s.id in landed))
    for source in with_stragglers(plan, snapshot, landed, late):
        phase = existing(plan, snapshot, source)
        if source.id == stragglers.ID and late and not phase.exists:
            # What landed of it before is not what has arrived since.
            phase = PhaseState(source, State.PENDING, phase.branch, stragglers.sentence(late))
        if source.id in landed and not (source.id == stragglers.ID and late):
            commit, trailers = landed[source.id]
            phase = replace(phase, state=State.LANDED, commit=commit, trailers=trailers, tip=None)
        elif phase.state is not State.LANDED and phase.commit is not None:
            phase = judged(plan, snapshot, phase, expected, broken)
            expected = phase.tip.oid if phase.tip else None
            broken = phase.id if phase.state is State.STALE else broken
        elif phase.state in (State.PENDING, State.STALE):
            broken = broken or source.id
        phases.append(phase)
    return Stack(
        plan, snapshot.base, snapshot.base_branch, newer_commits(snapshot, phases), tuple(phases), snapshot.stopped
    )


def with_stragglers(
    plan: Plan, snapshot: Snapshot, landed: Mapping[str, object], late: Collection[str]
) -> tuple[PhaseSource, ...]:
    """The phases, with the one for stragglers above what has landed, when there are any or it has a branch."""
    if not late and snapshot.branch(plan.branch(stragglers.ID)) is None:
        return plan.phases
    top = max((index for index, source in enumerate(plan.phases, 1) if source.id in landed), default=0)
    return (*plan.phases[:top], stragglers.source(), *plan.phases[top:])


def landings(plan: Plan, snapshot: Snapshot) -> dict[str, tuple[Commit, Trailers]]:
    """The commit of the base with which each phase landed: one that says so, or one of which `land` found out."""
    found = {}
    for source in plan.sources:
        commit = snapshot.base_commits.get(snapshot.landed.get(source.id, ""))
        for trailers in of_phase(plan, source, snapshot.made.get(source.id)) if commit is not None else ():
            assert commit is not None
            found[source.id] = (commit, trailers)
    for commit in snapshot.base_commits.values():
        for trailers in read_trailers(commit.message):
            if trailers.migration == plan.name:
                found[trailers.phase] = (commit, trailers)
    return found


def of_phase(plan: Plan, source: PhaseSource, commit: Commit | None) -> list[Trailers]:
    """The trailers in which a commit says that it is of a phase."""
    said = read_trailers(commit.message) if commit is not None else []
    return [trailers for trailers in said if (trailers.migration, trailers.phase) == (plan.name, source.id)]


def existing(plan: Plan, snapshot: Snapshot, source: PhaseSource) -> PhaseState:
    """A phase with its branch, before it is judged."""
    branch = plan.branch(source.id)
    oid = snapshot.branch(branch)
    published = snapshot.published(plan.remote, branch) is not None
    if oid is None:
        return PhaseState(source, State.PENDING, branch, source.trouble, published=published)
    if oid not in snapshot.commits:
        return contained(plan, source, branch, snapshot.contained.get(oid), published=published)
    tip = snapshot.commits[oid]
    above: list[Commit] = []
    commit: Commit | None = tip
    while commit is not None:
        for trailers in of_phase(plan, source, commit):
            return PhaseState(
                source,
                State.PASSED,
                branch,
                tip=tip,
                commit=commit,
                trailers=trailers,
                made=snapshot.made.get(source.id),
                hand_edits=tuple(above),
                published=published,
            )
        above.append(commit)
        commit = snapshot.commits.get(commit.parents[0]) if commit.parents else None
    return PhaseState(
        source,
        State.STALE,
        branch,
        reason="its branch holds no commit of this phase",
        tip=tip,
        hand_edits=tuple(above),
        published=published,
    )


def contained(plan: Plan, source: PhaseSource, branch: str, tip: Commit | None, *, published: bool) -> PhaseState:
    """A phase whose branch is part of the base: it has landed, unless the branch is somebody else's."""
    for trailers in of_phase(plan, source, tip):
        return PhaseState(source, State.LANDED, branch, commit=tip, trailers=trailers, published=published)
    why = f"its branch is part of {plan.base} and holds no commit of this phase"
    return PhaseState(source, State.STALE, branch, reason=why, published=published)


def judged(plan: Plan, snapshot: Snapshot, phase: PhaseState, expected: Oid | None, broken: str) -> PhaseState:
    """A phase that has been run, with its state and the reason for it."""
    assert phase.tip is not None
    tree = phase.tip.tree
    states = tuple(ValidationState(v, snapshot.receipts.of(tree, v)) for v in plan.validations_of(phase.source))
    phase = replace(phase, validations=states)
    why = stale_because(snapshot, phase, expected, broken)
    if why:
        return replace(phase, state=State.STALE, reason=why)
    for validation in states:
        if validation.outcome is Outcome.FAILED:
            said = validation.receipt.reason if validation.receipt else ""
            return replace(
                phase, state=State.FAILED, reason=f"failed {validation.spec.name}" + (f": {said}" if said else "")
            )
    open_gates = [v.spec.name for v in states if v.outcome is Outcome.WAITING]
    unrun = [v.spec.name for v in states if v.outcome is None]
    if open_gates or unrun:
        parts = [f"gate: {', '.join(open_gates)}"] if open_gates else []
        parts += [f"not run: {', '.join(unrun)}"] if unrun else []
        return replace(phase, state=State.WAITING, reason="; ".join(parts))
    return replace(phase, state=State.PASSED)


def stale_because(snapshot: Snapshot, phase: PhaseState, expected: Oid | None, broken: str) -> str:
    """Why a phase no longer says what its commit says, or nothing."""
    assert phase.commit is not None
    assert phase.trailers is not None
    parent = phase.commit.parents[0] if phase.commit.parents else None
    if phase.source.problem is not None:
        return phase.source.trouble
    if broken:
        return f"{broken} below it changed or is gone"
    if expected is None and parent in snapshot.commits:
        return "a phase below it has landed"
    if expected is not None and parent != expected:
        return "the branch that it stands on has moved"
    if not phase.source.is_made_from(phase.trailers.source):
        return "its module changed since it ran"
    return ""


def newer_commits(snapshot: Snapshot, phases: list[PhaseState]) -> int:
    """How many commits of the base the lowest phase does not stand on."""
    lowest = next((phase for phase in phases if phase.commit is not None and phase.state is not State.LANDED), None)
    if lowest is None or lowest.commit is None:
        return 0
    under = set()
    queue = list(lowest.commit.parents)
    while queue:
        oid = queue.pop()
        if oid in snapshot.base_commits and oid not in under:
            under.add(oid)
            queue.extend(snapshot.base_commits[oid].parents)
    return len(snapshot.base_commits) - len(under)
