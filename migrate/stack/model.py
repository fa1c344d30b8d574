"""The state of every phase, derived from a snapshot and never stored: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import takewhile

from migrate.git.history import Commit, reachable
from migrate.git.objects import CommitId, TreeId
from migrate.plan import builtin_phase
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.phase_source import PhaseSource
from migrate.stack import stragglers
from migrate.stack.branches import branches_apart, existing_phase, orphan_state
from migrate.stack.conflict_state import PendingConflict
from migrate.stack.evaluation import evaluate_phase, with_validations
from migrate.stack.landings import Landing
from migrate.stack.phase_state import OrphanState, PhaseState, State
from migrate.stack.revert_branches import RevertBranch, revert_branches
from migrate.stack.snapshot import Snapshot
from migrate.stack.trailers import Trailers
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class Stack:
    """All phases of a migration, bottom first."""

    plan: Plan
    base: CommitId
    base_branch: str
    newer: int
    """How many commits the base has that the stack does not stand on."""
    phases: tuple[PhaseState, ...]
    pending_conflict: PendingConflict | None = None
    """The conflict that a command stopped at."""
    remote_newer: int = 0
    """How many commits the base has on the remote that it lacks here."""
    remote_beside: int = 0
    """The same, where the base has others here that the remote lacks."""
    is_shallow: bool = False
    """Whether an answer may be another one in a clone that is not shallow."""
    is_unfetched: bool = False
    """Whether this clone does not fetch the branches that the remote has of phases."""
    silent: tuple[Trailers, ...] = ()
    """The phases that landed although no commit of the base says so; the lowest phase above them does."""
    reverts: tuple[RevertBranch, ...] = ()
    """The branches that take phases back."""
    has_journal: bool = True
    """Whether this clone has a journal of the migration: its own, or that of others; `finish` deletes it."""
    is_ended: bool = False
    """Whether it was finished here, and nothing was done or synced since, while the remote still had some of it."""
    orphans: tuple[OrphanState, ...] = ()
    """The branches of the migration that no phase of the plan owns."""
    more_orphans: int = 0
    """How many of them there are besides, of which nothing was read."""
    base_tree: TreeId | None = None
    """The tree with which failures are compared: that of `root`, where a receipt compares at all."""
    doubted: tuple[str, ...] = ()
    """The phases of which somebody says that they landed, and no file shows it."""

    def __iter__(self) -> Iterator[PhaseState]:
        return iter(self.phases)

    @property
    def may_have_been_made(self) -> bool:
        """Whether the remote may have phases of which this clone cannot know: it fetches none, and never made one."""
        return self.is_unfetched and not self.has_journal

    @property
    def is_shared(self) -> bool:
        """Whether the remote has anything of the stack."""
        return any(phase.published for phase in self.phases)

    def get(self, phase_id: str) -> PhaseState:
        """The state of a phase that the plan has."""
        return next(phase for phase in self.phases if phase.id == phase_id)

    def first(self, *states: State) -> PhaseState | None:
        """The lowest phase in one of the states."""
        return next((phase for phase in self.phases if phase.state in states), None)

    def reverted_by(self, phase_id: str) -> RevertBranch | None:
        """The branch that takes a phase back and has not had its effect yet."""
        return next((each for each in self.reverts if each.is_waiting and phase_id in each.phases), None)

    @property
    def stranded(self) -> OrphanState | None:
        """A branch of no phase that holds what a person did: nothing runs again before somebody says whose it is."""
        return next((orphan for orphan in self.orphans if orphan.holds_work), None)

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

    def merged(self, phase_id: str) -> tuple[PhaseState, ...]:
        """The phases that were merged into the branch of a phase, bottom first."""
        return tuple(phase for phase in self.phases if phase.into == phase_id)

    def on_top_of(self, phase_id: str) -> tuple[PhaseState, ...]:
        """A phase and those above it that have a branch, bottom first."""
        index = next(i for i, phase in enumerate(self.phases) if phase.id == phase_id)
        return tuple(phase for phase in self.phases[index:] if phase.exists)

    def parent(self, phase_id: str) -> CommitId:
        """The commit that a phase is run on: the tip of what it stands on, or the base's."""
        below = self.below(phase_id)
        return below.tip.oid if below is not None and below.tip is not None else self.base

    def history(self, phase_id: str) -> MoveMap:
        """Everything that the phases below this one moved, as one map."""
        return joined_moves(phase.moves for phase in takewhile(lambda phase: phase.id != phase_id, self.phases))

    def moves_up_to(self, phase: PhaseState) -> MoveMap:
        """Everything that a phase and those below it moved, as one map."""
        return self.history(phase.id).then(phase.moves)

    def root(self) -> CommitId:
        """The commit of the base that the lowest phase stands on; the base's tip before there is any phase."""
        lowest = next((phase.commit for phase in self.phases if phase.exists and phase.commit), None)
        return lowest.parents[0] if lowest is not None and lowest.parents else self.base

    def moves(self) -> MoveMap:
        """Everything that the whole stack moved, as one map."""
        return joined_moves(phase.moves for phase in self.phases)


def joined_moves(steps: Iterable[MoveMap]) -> MoveMap:
    """One map that does what the steps do one after the other."""
    return reduce(MoveMap.then, steps, MoveMap())


def compute_stack(plan: Plan, snapshot: Snapshot) -> Stack:
    """The state of every phase."""
    names = RefNames(plan.name)
    landed = {phase: landing for phase, landing in snapshot.landings.items() if landing.reverted is None}
    phases: list[PhaseState] = []
    expected: CommitId | None = None
    broken = ""
    root: CommitId | None = None
    late = stragglers.late_arrivals(
        snapshot.arrived, joined_moves(landed[s.id].trailers.moves for s in plan.phases if s.id in landed)
    )
    for source in with_stragglers(plan, snapshot, landed, late):
        phase = existing_phase(plan, snapshot, source, phases)
        landing = None if source.id == builtin_phase.ID and late else landing_of(snapshot, phase)
        if source.id == builtin_phase.ID and late and not phase.exists:
            # What landed of it before is not what has arrived since.
            phase = replace(phase, state=State.PENDING, reason=stragglers.stragglers_sentence(late))
        if landing is not None and landing.reverted is None:
            phase = arrived_stragglers(snapshot, phase, landing, landed.values())
        elif landing is not None and landing.reverted is not None and source.id not in snapshot.remade:
            phase = reverted_state(plan, phase, landing.reverted)
        elif phase.tip is not None and phase.commit is not None:
            root = root or next(iter(phase.commit.parents), snapshot.base)
            phase = evaluate_phase(plan, snapshot, phase, snapshot.base_tree(root), expected, broken)
            expected = phase.tip.oid if phase.tip else None
        elif phase.tip is not None:  # By its name the branch is that of the phase.
            phase = with_validations(plan, snapshot, phase, snapshot.base_tree(root))
            expected = phase.tip.oid if phase.state is State.UNKNOWN and phase.tip else expected
        broken = broken or breaks_chain(phase)
        phases.append(phase)
    return Stack(
        plan,
        snapshot.base,
        snapshot.base_branch,
        newer_commit_words(snapshot, phases),
        branches_apart(snapshot, phases),
        snapshot.pending_conflict,
        snapshot.remote_newer,
        snapshot.remote_beside,
        snapshot.is_cut or bool(snapshot.ends),
        snapshot.is_unfetched and not all(phase.is_merged for phase in phases),
        silent_landings(plan, landed),
        reverting_branch(plan, snapshot, phases),
        names.journal in snapshot.refs,
        names.ended in snapshot.refs and names.journal not in snapshot.refs,
        tuple(orphan_state(snapshot, orphan) for orphan in snapshot.orphans),
        snapshot.more_orphans,
        snapshot.base_tree(root),
        doubted_of(plan, snapshot, phases),
    )


def silent_landings(plan: Plan, landed: Mapping[str, Landing]) -> tuple[Trailers, ...]:
    """The phases that landed although no commit of the base says so, as the lowest phase above them tells it."""
    there = [landed[source.id] for source in plan.sources if source.id in landed]
    return tuple(replace(each.trailers, landed=each.commit.oid, notes=(), base="") for each in there if each.is_silent)


def doubted_of(plan: Plan, snapshot: Snapshot, phases: Sequence[PhaseState]) -> tuple[str, ...]:
    """The phases that did not land as far as is known, where a ref says that they did."""
    told = {each.ref for each in snapshot.strange if each.is_doubted}
    left = (phase.id for phase in phases if not phase.is_merged)
    return tuple(phase for phase in left if RefNames(plan.name).landed(phase) in told)


def reverting_branch(plan: Plan, snapshot: Snapshot, phases: Sequence[PhaseState]) -> tuple[RevertBranch, ...]:
    """The branches that take phases back."""
    return revert_branches(
        plan,
        snapshot,
        reverted=[phase for phase, landing in snapshot.landings.items() if landing.reverted is not None],
        standing=[phase.id for phase in phases if phase.exists or phase.is_merged],
        is_merged=lambda oid: any(
            oid in reachable(snapshot.commits, phase.tip.oid) for phase in phases if phase.tip is not None
        ),
    )


def landing_of(snapshot: Snapshot, phase: PhaseState) -> Landing | None:
    """What the base says of a phase; one that landed in silence took along what was merged into its branch."""
    names = (phase.id, *phase.source.declaration.formerly)
    landing = next((snapshot.landings[name] for name in names if name in snapshot.landings), None)
    host = snapshot.landings.get(phase.into)
    if landing is None and host is not None and host.is_silent and phase.trailers is not None:
        return replace(host, trailers=phase.trailers)
    return landing


def arrived_stragglers(
    snapshot: Snapshot, phase: PhaseState, landing: Landing, landed: Collection[Landing]
) -> PhaseState:
    """A phase that the base has: what people did on it is what its commit there has beside what the phase made.

    Of a commit that brought several phases nobody can tell it.
    """
    is_alone = sum(each.commit.oid == landing.commit.oid for each in landed) == 1
    return replace(
        phase,
        state=State.LANDED,
        reason="",
        commit=landing.commit,
        trailers=landing.trailers,
        made=snapshot.made.get(phase.id) if is_alone else None,
        above=(),
        tip=None,
    )


def breaks_chain(phase: PhaseState) -> str:
    """Why what stands above a phase is stale because of it, or nothing."""
    if phase.state is State.PENDING:
        return f"{phase.id}, below it, has not run yet"
    if phase.state is State.REVERTED:
        return f"{phase.id}, below it, was {phase.reason}"
    return f"{phase.id}, below it, is stale" if phase.state is State.STALE else ""


def reverted_state(plan: Plan, phase: PhaseState, revert: Commit) -> PhaseState:
    """A phase that the base had and took back."""
    why = f'reverted on {plan.base} by {revert.oid[:7]} "{revert.subject}"'
    return PhaseState(phase.source, State.REVERTED, phase.branch, why, remote=phase.remote)


def with_stragglers(
    plan: Plan, snapshot: Snapshot, landed: Mapping[str, object], late: Collection[str]
) -> tuple[PhaseSource, ...]:
    """The phases, with the one for stragglers above what has landed, when there are any or it has a branch."""
    branch = plan.branch(builtin_phase.ID)
    if not late and snapshot.branch(branch) is None and snapshot.published(plan.remote, branch) is None:
        return plan.phases
    top = max((index for index, source in enumerate(plan.phases, 1) if source.id in landed), default=0)
    return (*plan.phases[:top], builtin_phase.source(), *plan.phases[top:])


def newer_commit_words(snapshot: Snapshot, phases: list[PhaseState]) -> int:
    """How many commits of the base the lowest phase does not stand on; none where nobody can count them."""
    lowest = next((phase for phase in phases if phase.exists and phase.commit is not None), None)
    if snapshot.is_cut or lowest is None or lowest.commit is None or not lowest.commit.parents:
        return 0
    return snapshot.newer.get(lowest.commit.parents[0], 0)
