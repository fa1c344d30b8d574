"""The branch of a phase, read into what is known of it: its commit, what people did above it, what was merged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from migrate.git.history import Commit, commit_at, first_parents, reachable
from migrate.git.objects import CommitId
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.phase_source import PhaseSource
from migrate.stack.former import OrphanBranch, own_commit
from migrate.stack.phase_state import OrphanState, PhaseState, State, is_edit
from migrate.stack.snapshot import Snapshot
from migrate.stack.taken_back import taken_back_phases
from migrate.stack.tracking import BranchPlace, Tracking, tracking_of_branch
from migrate.stack.trailers import read_trailers, trailers_of

BEFORE = "it may have run before the first commit of this shallow clone"
BELOW = "the history of this shallow clone begins above its commit"
"""Why the state of a phase is not known."""


def existing_phase(plan: Plan, snapshot: Snapshot, source: PhaseSource, below: Sequence[PhaseState]) -> PhaseState:
    """A phase with its branch, before it is judged; `below` are the phases under it."""
    branch = plan.branch(source.id)
    local, there = snapshot.branch(branch), snapshot.published(plan.remote, branch)
    remote = tracking_of_branch(snapshot.commits, local, there, is_outdated=branch in snapshot.outdated)
    merged = merged_into(plan, snapshot, source, below)
    if merged is not None:
        # What only the remote has of its own branch is part of another one: nothing is missing here.
        return replace(merged, branch=branch, remote=Tracking() if remote.needs_sync else remote)
    oid = there if remote.needs_sync else local
    if oid is None and source.id in snapshot.former:
        return renamed_branch(snapshot, source, branch, snapshot.former[source.id], below)
    if oid is None and source.id in snapshot.withdrawn:
        remote = Tracking(BranchPlace.WITHDRAWN)
    elif oid is None:
        oid = held_above(plan, snapshot, source)
    if oid is None and (snapshot.is_cut or snapshot.ends):
        return PhaseState(source, State.UNKNOWN, branch, BEFORE, remote=remote)
    if oid is None:
        reason = source.trouble or remote.words(plan.remote)
        return PhaseState(source, State.PENDING, branch, reason, remote=remote)
    if oid not in snapshot.commits:
        return contained_phases(plan, source, branch, snapshot.contained.get(oid), remote)
    tip = snapshot.commits[oid]
    state = PhaseState(source, State.PASSED, branch, tip=tip, made=snapshot.made.get(source.id), remote=remote)
    line = first_parents(snapshot.commits, tip)
    for commit in line:
        trailers = trailers_of(commit.message, plan.name, source.id)
        if trailers is not None:
            above = commits_above(snapshot, tip, commit, below)
            undone, is_end = taken_back_phases(above, plan.name), commit.oid in snapshot.ends
            return replace(state, commit=commit, trailers=trailers, above=above, undone=undone, is_end=is_end)
    return without_trailers(plan, snapshot, state, line, below)


def held_above(plan: Plan, snapshot: Snapshot, source: PhaseSource) -> CommitId | None:
    """The tip of a phase whose branch this clone does not have, as the branch of a phase above holds it.

    So it is where one branch alone was cloned, or where somebody deleted one.
    """
    position = next((index for index, each in enumerate(plan.sources, 1) if each.id == source.id), len(plan.sources))
    for above in plan.sources[position:]:
        branch = plan.branch(above.id)
        for oid in (snapshot.branch(branch), snapshot.published(plan.remote, branch)):
            tip = commit_at(snapshot.commits, oid)
            for commit in first_parents(snapshot.commits, tip) if tip is not None else ():
                said = [each for each in read_trailers(commit.message) if not each.landed]
                of = [each.phase for each in said if each.migration == plan.name]
                if source.id in of and tip is not None:
                    return tip.oid
                tip = snapshot.commits.get(commit.parents[0]) if of and commit.parents else tip
    return None


def renamed_branch(
    snapshot: Snapshot, source: PhaseSource, branch: str, former: OrphanBranch, below: Sequence[PhaseState]
) -> PhaseState:
    """A phase that has a branch under another name, with all that is on it."""
    tip, commit = snapshot.commits[former.tip], own_commit(snapshot.commits, former)
    made = snapshot.made.get(source.id)
    state = PhaseState(source, State.STALE, branch, tip=tip, made=made, former=former)
    if commit is None:
        return replace(state, reason=f"its branch {former.name.branch} holds no commit of this phase")
    trailers = trailers_of(commit.message, former.name.migration, former.name.phase)
    above = commits_above(snapshot, tip, commit, below)
    undone = taken_back_phases(above, former.name.migration)
    return replace(state, commit=commit, trailers=trailers, above=above, undone=undone)


def orphan_state(snapshot: Snapshot, orphan: OrphanBranch) -> OrphanState:
    """What people did on a branch that no phase owns."""
    tip, commit = snapshot.commits.get(orphan.tip), own_commit(snapshot.commits, orphan)
    if tip is None or commit is None:
        return OrphanState(orphan, ())
    edits = [each for each in commits_above(snapshot, tip, commit, ()) if is_edit(each)]
    made = commit_at(snapshot.commits, snapshot.refs.get(orphan.name.made))
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
    if amended is None and line[-1].oid in snapshot.ends:
        return replace(state, state=State.UNKNOWN, reason=BELOW)
    if amended is None or trailers is None:
        why = "its branch holds no commit of this phase"
        if state.published and RefNames(plan.name).journal not in snapshot.refs:
            why += " that this clone knows: it has not synced"
        return replace(state, state=State.STALE, reason=why, above=tuple(own_line(snapshot, line, below)))
    above = commits_above(snapshot, tip, amended, below)
    undone = taken_back_phases(above, plan.name)
    return replace(state, commit=amended, trailers=trailers, above=above, undone=undone, lost_trailers=True)


def amended_from(made: Commit, line: Sequence[Commit]) -> Commit | None:
    """The commit, among some that are newest first, that was amended from what a phase made."""
    same = [commit for commit in line if commit.parents == made.parents]
    kept = [commit for commit in line if commit.authorship == made.authorship and len(commit.parents) == 1]
    return next(reversed(same or kept), None)


def own_line(snapshot: Snapshot, line: Sequence[Commit], below: Sequence[PhaseState]) -> list[Commit]:
    """The commits of a branch by first parents down to what is of a phase below."""
    theirs: set[CommitId] = set()
    for phase in below:
        theirs |= reachable(snapshot.commits, phase.tip.oid if phase.tip else None) - phase.undone
    return list(takewhile(lambda commit: commit.oid not in theirs and not read_trailers(commit.message), line))


def commits_above(snapshot: Snapshot, tip: Commit, commit: Commit, below: Sequence[PhaseState]) -> tuple[Commit, ...]:
    """What a branch holds above a phase's own commit, newest first, without what came in from branches below."""
    if tip is commit:
        return ()
    inside = reachable(snapshot.commits, tip.oid) - reachable(snapshot.commits, commit.oid)
    for phase in below:
        inside -= reachable(snapshot.commits, phase.tip.oid if phase.tip else None) - phase.undone
    return tuple(each for oid, each in snapshot.commits.items() if oid in inside)


def merged_into(plan: Plan, snapshot: Snapshot, source: PhaseSource, below: Sequence[PhaseState]) -> PhaseState | None:
    """A phase whose commit is on the branch of a phase below: its pull request was merged into that one.

    Where that one has landed with a message that does not speak of this phase, it came too late for that.
    """
    for host in below:
        if not host.above:
            continue
        landing = snapshot.landings.get(host.id)
        commit = phase_commit(plan, source, host.held)
        if commit is None or (host.state is State.LANDED and not (landing and landing.is_silent)):
            continue
        trailers, made = trailers_of(commit.message, plan.name, source.id), snapshot.made.get(source.id)
        why = f"merged into {host.id}"
        return PhaseState(
            source,
            State.MERGED,
            branch="",
            reason=why,
            commit=commit,
            trailers=trailers,
            made=made,
            undone=host.undone,
            into=host.id,
        )
    return None


def phase_commit(plan: Plan, source: PhaseSource, above: Sequence[Commit]) -> Commit | None:
    """The lowest of some commits, newest first, that is of a phase; a merge is so when no other commit is."""
    found = [commit for commit in above if trailers_of(commit.message, plan.name, source.id) is not None]
    return next(reversed([commit for commit in found if len(commit.parents) < 2] or found), None)


def branches_apart(snapshot: Snapshot, phases: Sequence[PhaseState]) -> tuple[PhaseState, ...]:
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


def contained_phases(plan: Plan, source: PhaseSource, branch: str, tip: Commit | None, remote: Tracking) -> PhaseState:
    """A phase whose branch is part of the base: what the base says of it counts; else the branch is somebody else's."""
    trailers = trailers_of(tip.message, plan.name, source.id) if tip is not None else None
    if trailers is not None:
        return PhaseState(source, State.LANDED, branch, commit=tip, trailers=trailers, remote=remote)
    why = f"its branch is part of {plan.base} and holds no commit of this phase"
    return PhaseState(source, State.STALE, branch, reason=why, remote=remote)
