"""The state of every phase, derived from a snapshot and never stored: pure functions."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import reduce
from itertools import takewhile

from migrate import stragglers
from migrate.changes import Counts, FileChange, count, from_commit
from migrate.former import Orphan, own_commit
from migrate.git.history import Commit, first_parents, reachable
from migrate.git.objects import Oid
from migrate.git.repository import Head
from migrate.landings import Landing
from migrate.moves import MoveMap
from migrate.names import Names
from migrate.phase import PhaseSource
from migrate.plan import Plan
from migrate.remote_state import Place, RemoteState, remote_state
from migrate.revert_branches import RevertBranch, revert_branches
from migrate.snapshot import Snapshot
from migrate.stopped import Stopped
from migrate.trailers import Trailers, read_trailers, trailers_of
from migrate.validation.outcome import Outcome
from migrate.validation.receipts import Receipt
from migrate.validation.spec import Validation


class State(StrEnum):
    """What a phase is."""

    PENDING = "pending"
    WAITING = "waiting"
    PASSED = "passed"
    UNVALIDATED = "unvalidated"
    """No validation could run on it, or the plan has none for it."""
    FAILED = "failed"
    STALE = "stale"
    MERGED = "merged"
    """Its commit is part of the branch of a phase below."""
    LANDED = "landed"
    REVERTED = "reverted"
    """The base had it, and took it back."""


OPEN = (State.PENDING, State.REVERTED)
"""The states of a phase that can be made."""


@dataclass(frozen=True)
class ValidationState:
    """One validation on a phase's present tree. `outcome` is None when it has not run on it."""

    spec: Validation
    receipt: Receipt | None
    earlier: Receipt | None = None
    """For a gate that waits: who confirmed it on an earlier commit of the phase."""

    @property
    def outcome(self) -> Outcome | None:
        """What the receipt says; a gate without one is waiting."""
        if self.receipt is not None:
            return self.receipt.outcome
        return Outcome.WAITING if self.spec.manual else None

    @property
    def before(self) -> str:
        """`Ann approved it on 1a2b3c4`, an earlier commit; nothing where nobody did."""
        if self.earlier is None:
            return ""
        who = self.earlier.who.partition("<")[0].strip() or "somebody without a name"
        return f"{who} approved it on {self.earlier.commit[:7]}, before the phase changed"

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
    """Why it is stale, failed, waiting, merged or reverted."""
    tip: Commit | None = None
    """The commit that its branch names: here, or on the remote where that has moved on."""
    commit: Commit | None = None
    """The commit that running the phase made."""
    trailers: Trailers | None = None
    made: Commit | None = None
    """The same as it was before anybody amended it; None when nothing says so."""
    above: tuple[Commit, ...] = ()
    """What the branch holds above the phase's own commit, newest first: hand edits, merges, and phases merged in."""
    validations: tuple[ValidationState, ...] = ()
    remote: RemoteState = field(default_factory=RemoteState)
    into: str = ""
    """The phase whose branch it was merged into."""
    former: Orphan | None = None
    """The branch that it still has under another name."""
    lost_trailers: bool = False
    """Whether its commit is known only by what was made before: somebody amended the trailers away."""

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
    def hand_edits(self) -> tuple[Commit, ...]:
        """What people did, newest first: commits on top, and the phase's own commit where they amended it."""
        amended = (self.commit,) if self.is_amended and self.commit is not None else ()
        return (*(commit for commit in self.above if is_edit(commit)), *amended)

    @property
    def merges(self) -> tuple[Commit, ...]:
        """The merges on its branch, newest first, such as a forge's "Update branch"."""
        return tuple(commit for commit in self.above if len(commit.parents) > 1)

    @property
    def is_amended(self) -> bool:
        """Whether a person changed files in the phase's own commit."""
        if self.made is None or self.commit is None or self.made.tree == self.commit.tree:
            return False
        return self.made.parents == self.commit.parents or not is_rebased(self.made, self.commit)

    @property
    def exists(self) -> bool:
        """Whether it has a branch that is not yet part of the base, here or on the remote."""
        return self.tip is not None

    @property
    def published(self) -> bool:
        """Whether the remote has its branch."""
        return self.remote.is_published

    def is_checked_out(self, head: Head) -> bool:
        """Whether somebody stands on it: on its branch, or detached at its commit as a CI is."""
        if head.branch is not None:
            return head.branch == self.branch
        commits = (self.tip, self.commit, *self.above)
        return head.commit in [commit.oid for commit in commits if commit is not None]

    @property
    def needs_sync(self) -> bool:
        """Whether the remote has it, or newer commits of it, and this clone does not; what landed needs neither."""
        return self.remote.needs_sync and self.state not in (State.LANDED, State.REVERTED, State.MERGED)

    @property
    def failed(self) -> tuple[ValidationState, ...]:
        """The validations that failed on its present tree, also when it is stale."""
        return tuple(validation for validation in self.validations if validation.outcome is Outcome.FAILED)


def is_edit(commit: Commit) -> bool:
    """Whether a commit on a phase's branch is what a person did: no merge, and no other phase that was merged in."""
    return len(commit.parents) < 2 and not read_trailers(commit.message)


def is_rebased(made: Commit, commit: Commit) -> bool:
    """Whether a commit is another one on a new parent, as far as that shows.

    What came to a file on the side of the parent cannot be told from what a person changed in it.
    """
    before, now = ({c.path: (c.old, c.new) for c in each.changes} for each in (made, commit))
    return before.keys() == now.keys() and all(
        old != now[path][0] or new == now[path][1] for path, (old, new) in before.items()
    )


@dataclass(frozen=True)
class OrphanState:
    """A branch of a migration that no phase of the plan owns, with what people did on it, newest first."""

    orphan: Orphan
    hand_edits: tuple[Commit, ...]

    @property
    def branch(self) -> str:
        """Its name."""
        return self.orphan.name.branch

    def where(self, remote: str) -> str:
        """`here`, `on origin`, or both."""
        places = (("here", self.orphan.here), (f"on {remote}", self.orphan.there))
        return " and ".join(place for place, oid in places if oid is not None)


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
    remote_newer: int = 0
    """How many commits the base has on the remote that it lacks here."""
    is_shallow: bool = False
    """Whether the history of the base ends where a shallow clone does: what landed before is not seen."""
    silent: tuple[Trailers, ...] = ()
    """The phases that landed although no commit of the base says so; the lowest phase above them does."""
    reverts: tuple[RevertBranch, ...] = ()
    """The branches that take phases back."""
    has_journal: bool = True
    """Whether this clone has a journal of the migration: its own, or that of others; `finish` deletes it."""
    orphans: tuple[OrphanState, ...] = ()
    """The branches of the migration that no phase of the plan owns."""

    def __iter__(self) -> Iterator[PhaseState]:
        return iter(self.phases)

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
    landed = {phase: landing for phase, landing in snapshot.landings.items() if landing.reverted is None}
    phases: list[PhaseState] = []
    expected: Oid | None = None
    broken = ""
    late = stragglers.late(snapshot.arrived, joined(landed[s.id].trailers.moves for s in plan.phases if s.id in landed))
    for source in with_stragglers(plan, snapshot, landed, late):
        phase = existing(plan, snapshot, source, phases)
        landing = None if source.id == stragglers.ID and late else landing_of(snapshot, phase)
        if source.id == stragglers.ID and late and not phase.exists:
            # What landed of it before is not what has arrived since.
            phase = replace(phase, state=State.PENDING, reason=stragglers.sentence(late))
        if landing is not None and landing.reverted is None:
            phase = replace(
                phase, state=State.LANDED, reason="", commit=landing.commit, trailers=landing.trailers, tip=None
            )
        elif landing is not None and landing.reverted is not None and source.id not in snapshot.remade:
            phase = taken_back(plan, phase, landing.reverted)
        elif phase.tip is not None and phase.commit is not None:
            phase = judged(plan, snapshot, phase, expected, broken)
            expected = phase.tip.oid if phase.tip else None
        broken = broken or breaks(phase)
        phases.append(phase)
    return Stack(
        plan,
        snapshot.base,
        snapshot.base_branch,
        newer_commits(snapshot, phases),
        apart(snapshot, phases),
        snapshot.stopped,
        snapshot.remote_newer,
        snapshot.is_shallow,
        tuple(
            replace(landed[source.id].trailers, landed=landed[source.id].commit.oid, notes=(), base="")
            for source in plan.sources
            if source.id in landed and landed[source.id].is_silent
        ),
        reverting(plan, snapshot, phases),
        Names(plan.name).journal in snapshot.refs,
        tuple(orphan_state(snapshot, orphan) for orphan in snapshot.orphans),
    )


def reverting(plan: Plan, snapshot: Snapshot, phases: Sequence[PhaseState]) -> tuple[RevertBranch, ...]:
    """The branches that take phases back."""
    return revert_branches(
        plan,
        snapshot,
        reverted=[phase for phase, landing in snapshot.landings.items() if landing.reverted is not None],
        standing=[phase.id for phase in phases if phase.exists or phase.state in (State.LANDED, State.MERGED)],
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


def breaks(phase: PhaseState) -> str:
    """Why what stands above a phase is stale because of it, or nothing."""
    if phase.state is State.PENDING:
        return f"{phase.id}, below it, has not run yet"
    if phase.state is State.REVERTED:
        return f"{phase.id}, below it, was {phase.reason}"
    return f"{phase.id}, below it, is stale" if phase.state is State.STALE else ""


def taken_back(plan: Plan, phase: PhaseState, revert: Commit) -> PhaseState:
    """A phase that the base had and took back."""
    why = f'reverted on {plan.base} by {revert.oid[:7]} "{revert.subject}"'
    return PhaseState(phase.source, State.REVERTED, phase.branch, why, remote=phase.remote)


def with_stragglers(
    plan: Plan, snapshot: Snapshot, landed: Mapping[str, object], late: Collection[str]
) -> tuple[PhaseSource, ...]:
    """The phases, with the one for stragglers above what has landed, when there are any or it has a branch."""
    branch = plan.branch(stragglers.ID)
    if not late and snapshot.branch(branch) is None and snapshot.published(plan.remote, branch) is None:
        return plan.phases
    top = max((index for index, source in enumerate(plan.phases, 1) if source.id in landed), default=0)
    return (*plan.phases[:top], stragglers.source(), *plan.phases[top:])


def existing(plan: Plan, snapshot: Snapshot, source: PhaseSource, below: Sequence[PhaseState]) -> PhaseState:
    """A phase with its branch, before it is judged; `below` are the phases under it."""
    branch = plan.branch(source.id)
    local, there = snapshot.branch(branch), snapshot.published(plan.remote, branch)
    remote = remote_state(snapshot.commits, local, there, is_outdated=branch in snapshot.outdated)
    merged = merged_into(plan, snapshot, source, below)
    if merged is not None:
        # What only the remote has of its own branch is part of another one: nothing is missing here.
        return replace(merged, branch=branch, remote=RemoteState() if remote.needs_sync else remote)
    oid = there if remote.needs_sync else local
    if oid is None and source.id in snapshot.former:
        return renamed(snapshot, source, branch, snapshot.former[source.id], below)
    if oid is None and source.id in snapshot.withdrawn:
        remote = RemoteState(Place.WITHDRAWN)
    if oid is None:
        reason = source.trouble or remote.words(plan.remote)
        return PhaseState(source, State.PENDING, branch, reason, remote=remote)
    if oid not in snapshot.commits:
        return contained(plan, source, branch, snapshot.contained.get(oid), remote)
    tip = snapshot.commits[oid]
    state = PhaseState(source, State.PASSED, branch, tip=tip, made=snapshot.made.get(source.id), remote=remote)
    line = first_parents(snapshot.commits, tip)
    for commit in line:
        trailers = trailers_of(commit.message, plan.name, source.id)
        if trailers is not None:
            above = commits_above(snapshot, tip, commit, below)
            return replace(state, commit=commit, trailers=trailers, above=above)
    return without_trailers(plan, snapshot, state, line, below)


def renamed(
    snapshot: Snapshot, source: PhaseSource, branch: str, former: Orphan, below: Sequence[PhaseState]
) -> PhaseState:
    """A phase that has a branch under another name, with all that is on it."""
    tip, commit = snapshot.commits[former.tip], own_commit(snapshot.commits, former)
    made = snapshot.made.get(source.id)
    state = PhaseState(source, State.STALE, branch, tip=tip, made=made, former=former)
    if commit is None:
        return replace(state, reason=f"its branch {former.name.branch} holds no commit of this phase")
    trailers = trailers_of(commit.message, former.name.migration, former.name.phase)
    return replace(state, commit=commit, trailers=trailers, above=commits_above(snapshot, tip, commit, below))


def orphan_state(snapshot: Snapshot, orphan: Orphan) -> OrphanState:
    """What people did on a branch that no phase owns."""
    tip, commit = snapshot.commits.get(orphan.tip), own_commit(snapshot.commits, orphan)
    if tip is None or commit is None:
        return OrphanState(orphan, ())
    edits = [each for each in commits_above(snapshot, tip, commit, ()) if is_edit(each)]
    made = snapshot.commits.get(snapshot.refs.get(orphan.name.made, ""))
    is_amended = made is not None and made.parents == commit.parents and made.tree != commit.tree
    return OrphanState(orphan, (*edits, *((commit,) if is_amended else ())))


def without_trailers(
    plan: Plan, snapshot: Snapshot, state: PhaseState, line: Sequence[Commit], below: Sequence[PhaseState]
) -> PhaseState:
    """A phase of which no commit on its branch says that it is one.

    Where somebody amended the trailers away, what the phase made before stands on the same commit, or was written by
    the same person at the same second: neither an amend nor a rebase changes that.
    """
    made, tip = state.made, state.tip
    assert tip is not None
    trailers = trailers_of(made.message, plan.name, state.id) if made is not None else None
    amended = amended_from(made, own_line(snapshot, line, below)) if made is not None else None
    if amended is None or trailers is None:
        why = "its branch holds no commit of this phase"
        if state.published and Names(plan.name).journal not in snapshot.refs:
            why += " that this clone knows: it has not synced"
        return replace(state, state=State.STALE, reason=why, above=tuple(line))
    above = commits_above(snapshot, tip, amended, below)
    return replace(state, commit=amended, trailers=trailers, above=above, lost_trailers=True)


def amended_from(made: Commit, line: Sequence[Commit]) -> Commit | None:
    """The commit, among some that are newest first, that was amended from what a phase made."""
    same = [commit for commit in line if commit.parents == made.parents]
    kept = [commit for commit in line if commit.authorship == made.authorship and len(commit.parents) == 1]
    return next(reversed(same or kept), None)


def own_line(snapshot: Snapshot, line: Sequence[Commit], below: Sequence[PhaseState]) -> list[Commit]:
    """The commits of a branch by first parents down to what is of a phase below."""
    theirs: set[Oid] = set()
    for phase in below:
        theirs |= reachable(snapshot.commits, phase.tip.oid if phase.tip else None)
    return list(takewhile(lambda commit: commit.oid not in theirs and not read_trailers(commit.message), line))


def commits_above(snapshot: Snapshot, tip: Commit, commit: Commit, below: Sequence[PhaseState]) -> tuple[Commit, ...]:
    """What a branch holds above a phase's own commit, newest first, without what came in from branches below."""
    if tip is commit:
        return ()
    inside = reachable(snapshot.commits, tip.oid) - reachable(snapshot.commits, commit.oid)
    for phase in below:
        inside -= reachable(snapshot.commits, phase.tip.oid if phase.tip else None)
    return tuple(each for oid, each in snapshot.commits.items() if oid in inside)


def merged_into(plan: Plan, snapshot: Snapshot, source: PhaseSource, below: Sequence[PhaseState]) -> PhaseState | None:
    """A phase whose commit is on the branch of a phase below: its pull request was merged into that one.

    Where that one has landed with a message that does not speak of this phase, it came too late for that.
    """
    for host in below:
        landing = snapshot.landings.get(host.id)
        commit = commit_of(plan, source, host.above)
        if commit is None or (host.state is State.LANDED and not (landing and landing.is_silent)):
            continue
        trailers, made = trailers_of(commit.message, plan.name, source.id), snapshot.made.get(source.id)
        why = f"merged into {host.id}"
        return PhaseState(source, State.MERGED, "", why, commit=commit, trailers=trailers, made=made, into=host.id)
    return None


def commit_of(plan: Plan, source: PhaseSource, above: Sequence[Commit]) -> Commit | None:
    """The lowest of some commits, newest first, that is of a phase; a merge is so when no other commit is."""
    found = [commit for commit in above if trailers_of(commit.message, plan.name, source.id) is not None]
    return next(reversed([commit for commit in found if len(commit.parents) < 2] or found), None)


def apart(snapshot: Snapshot, phases: Sequence[PhaseState]) -> tuple[PhaseState, ...]:
    """The phases; what stands on the commit of one that was merged into another's branch counts as above that one."""
    found = {phase.id: phase for phase in phases}
    for phase in reversed(phases):
        host = found.get(phase.into)
        if phase.state is State.MERGED and phase.commit is not None and host is not None:
            own = phase.commit.oid
            higher = [each for each in host.above if own in reachable(snapshot.commits, each.oid)]
            found[phase.id] = replace(phase, above=tuple(each for each in higher if each.oid != own))
            found[host.id] = replace(host, above=tuple(each for each in host.above if each not in higher))
    return tuple(found.values())


def contained(plan: Plan, source: PhaseSource, branch: str, tip: Commit | None, remote: RemoteState) -> PhaseState:
    """A phase whose branch is part of the base: what the base says of it counts; else the branch is somebody else's."""
    trailers = trailers_of(tip.message, plan.name, source.id) if tip is not None else None
    if trailers is not None:
        return PhaseState(source, State.LANDED, branch, commit=tip, trailers=trailers, remote=remote)
    why = f"its branch is part of {plan.base} and holds no commit of this phase"
    return PhaseState(source, State.STALE, branch, reason=why, remote=remote)


def judged(plan: Plan, snapshot: Snapshot, phase: PhaseState, expected: Oid | None, broken: str) -> PhaseState:
    """A phase that has been run, with its state and the reason for it."""
    assert phase.tip is not None
    tree = phase.tip.tree
    receipts = snapshot.receipts
    higher = plan.sources[[source.id for source in plan.sources].index(phase.id) + 1 :]
    merged = [source for source in higher if commit_of(plan, source, phase.above) is not None]
    wanted = {v.name for source in (phase.source, *merged) for v in plan.validations_of(source)}
    states = tuple(
        ValidationState(v, found, receipts.earlier(v, phase.id) if v.manual and found is None else None)
        for v in plan.validations
        if v.name in wanted
        for found in (receipts.of(tree, v),)
    )
    phase = replace(phase, validations=states)
    why = stale_because(snapshot, phase, expected, broken) or merged_stale_because(plan, phase, merged)
    if why:
        return replace(phase, state=State.STALE, reason=why)
    state, reason = validated(states, strict=plan.strict)
    return replace(phase, state=state, reason=reason)


def validated(states: Sequence[ValidationState], *, strict: bool) -> tuple[State, str]:
    """What the validations of a phase make of it, and why; with `strict` one that could not run is a failure."""
    for validation in states:
        said = validation.receipt.reason if validation.receipt else ""
        if validation.outcome is Outcome.FAILED:
            return State.FAILED, f"failed {validation.spec.name}" + (f": {said}" if said else "")
        if validation.outcome is Outcome.UNAVAILABLE and strict:
            return State.FAILED, f"could not run {validation.spec.name}, and the plan is strict" + (
                f": {said}" if said else ""
            )
    open_gates = [v.spec.name for v in states if v.outcome is Outcome.WAITING]
    unrun = [v.spec.name for v in states if v.outcome is None]
    if open_gates or unrun:
        parts = [f"gate: {', '.join(open_gates)}"] if open_gates else []
        parts += [f"not run: {', '.join(unrun)}"] if unrun else []
        return State.WAITING, "; ".join(parts)
    if any(v.outcome is not None and v.outcome.is_good for v in states):
        return State.PASSED, ""
    missing = ", ".join(v.spec.name for v in states)
    return State.UNVALIDATED, f"could not run: {missing}" if missing else "the plan has no validation for it"


def stale_because(snapshot: Snapshot, phase: PhaseState, expected: Oid | None, broken: str) -> str:
    """Why a phase no longer says what its commit says, or nothing."""
    assert phase.commit is not None
    assert phase.trailers is not None
    parent = phase.commit.parents[0] if phase.commit.parents else None
    if phase.former is not None:
        return f"it was {phase.former.name.shown} when it ran"
    if phase.lost_trailers:
        return "its commit was amended and lost its trailers; running it again puts them back"
    if phase.source.problem is not None:
        return phase.source.trouble
    if broken:
        return broken
    if expected is None and parent in snapshot.commits:
        return "a phase below it has landed"
    if expected is not None and parent != expected:
        return "the branch that it stands on has moved"
    if not phase.source.is_made_from(phase.trailers.source):
        return "its module changed since it ran"
    return ""


def merged_stale_because(plan: Plan, phase: PhaseState, merged: Sequence[PhaseSource]) -> str:
    """Why a phase no longer is what the phases are that were merged into its branch, or nothing."""
    for source in merged:
        commit = commit_of(plan, source, phase.above)
        trailers = trailers_of(commit.message, plan.name, source.id) if commit is not None else None
        if trailers is not None and not source.is_made_from(trailers.source):
            return f"the module of {source.id}, merged into it, changed since it ran"
    return ""


def newer_commits(snapshot: Snapshot, phases: list[PhaseState]) -> int:
    """How many commits of the base the lowest phase does not stand on."""
    lowest = next((phase for phase in phases if phase.exists and phase.commit is not None), None)
    if lowest is None or lowest.commit is None or not lowest.commit.parents:
        return 0
    return snapshot.newer.get(lowest.commit.parents[0], 0)
