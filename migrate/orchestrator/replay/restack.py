"""`restack`: phases run again on the base as it is now, or because one of them changed.

The first phase that is out of date runs again, and so does everything above it. All branches move in one transaction,
when every one of them is made: when a phase cannot run on the new base, or a hand edit does not fit, nothing moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.fetch import fetch_base
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate, exactly
from migrate.git.shallow import reaches_end
from migrate.git.worktrees import BRANCH
from migrate.journal.record import Operation
from migrate.orchestrator.advance import catch_up
from migrate.orchestrator.branch_updates import check_standing, move_branches
from migrate.orchestrator.replay.conflict import (
    DoesNotFitError,
    kept_resolutions,
    remove_conflict_state,
    stop_at_conflict,
)
from migrate.orchestrator.replay.merged import MergedBranch, merged_branches
from migrate.orchestrator.replay.rebuild import RerunPhase, maker, rebuild
from migrate.orchestrator.reporter import Reporter
from migrate.orchestrator.switch import Switched
from migrate.orchestrator.transition import require_synced, transition
from migrate.plan import builtin_phase
from migrate.stack.conflict_state import Attempt
from migrate.stack.model import Stack
from migrate.stack.next_step import advice_without_commit, stranded, whose_step
from migrate.stack.phase_state import OPEN, PhaseState, State
from migrate.stack.project import Context, Project
from migrate.stack.run_options import RunOptions
from migrate.stack.snapshot import Snapshot
from migrate.stack.unknown_history import check_seen, check_told


@dataclass(frozen=True)
class Restacked:
    """What a restack did. `failed` is the phase on which a validation failed then."""

    stack: Stack
    rerun: tuple[RerunPhase, ...]
    validated: tuple[str, ...] = ()
    failed: str | None = None
    switched: Switched | None = None
    """Whether the user stands on their branch again, where it was moved."""
    base: RefUpdate | None = None
    """The step of the base branch to what was fetched."""
    merged: tuple[MergedBranch, ...] = ()
    """The branches of phases that were merged into another one's."""
    restored: tuple[str, ...] = ()
    """The branches that were not here, of phases that did not run again."""

    @property
    def is_nothing(self) -> bool:
        """Whether everything was as it should be before."""
        moved = self.rerun or self.base or self.restored or any(not each.kept for each in self.merged)
        return not moved and not self.validated


def merged_away(context: Context) -> tuple[MergedBranch, ...]:
    """The branches of phases that were merged into another one's; none while the remote has what is not here."""
    return () if any(phase.needs_sync for phase in context.stack) else merged_branches(context, maker)


def out_of_date(stack: Stack) -> tuple[PhaseState, ...]:
    """The phases that a restack runs again, bottom first: the lowest one that must, and all above it.

    A phase that has no branch is among them when it stands below one that has. Raises `RefusedError` for a branch that
    holds no commit of its phase, and where a shallow clone hides what landed.
    """
    check_seen(stack)
    highest = max((i for i, phase in enumerate(stack, 1) if phase.exists or phase.id == builtin_phase.ID), default=0)
    below = stack.phases[:highest]
    present = [phase for phase in below if phase.state is not State.LANDED]
    for phase in present:
        if phase.exists and phase.commit is None:
            raise RefusedError(f"{phase.id}: {phase.reason}", advice=advice_without_commit(stack, phase, "restack"))
    for index, phase in enumerate(present):
        if phase.state in (State.STALE, *OPEN) or (index == 0 and not restack_base(phase, stack.base)):
            return tuple(present[min([index, *hosts(present, index)]) :])
    return ()


def hosts(phases: Sequence[PhaseState], index: int) -> list[int]:
    """Where the phases are into whose branches phases from an index on were merged."""
    into = {phase.into for phase in phases[index:]}
    return [i for i, phase in enumerate(phases) if phase.id in into]


def restack_base(phase: PhaseState, base: CommitId) -> bool:
    """Whether a phase's own commit has the base as its parent."""
    return phase.commit is not None and phase.commit.parents[:1] == (base,)


def restack(project: Project, reporter: Reporter, attempt: Attempt) -> Restacked:
    """Run again what is out of date, move the branches, and validate what has no receipt then.

    Raises `ConflictPendingError` at a conflict that nobody resolved: then nothing was moved.
    """
    with transition(project, "migrate restack", while_conflict_pending=not attempt.is_first):
        base = fetch_before_restack(project, attempt)
        project = project.at(base.new if base else None)
        context = project.look(base.new if base else None)
        _, snapshot, stack = context
        if attempt.is_first:
            check_told(stack)
        merged = merged_away(context)
        known = [*filter(None, [base]), *(each.removal for each in merged if not each.kept)]
        own = next((each.host for each in merged if each.branch == snapshot.head.branch), None)
        own = next((p.branch for p in stack if p.former and p.former.name.branch == snapshot.head.branch), own)
        check_movable(context, known, own)
        rerun = rebuild_stack(context, attempt, reporter)
        change = restack_operation(context, rerun, base)
        restored = tuple(p.branch for p in stack if p.is_bare and p.id not in [each.source.id for each in rerun])
        moved = move_branches(context, change, checkout_after=own, carries_edits=True) if change.updates else None
        stack, done, failed = validate_rebuilt(context, attempt.command.options, reporter)
        switched = moved.switched if moved else None
        return Restacked(stack, rerun, done, failed, switched, base, merged, restored)


def validate_rebuilt(
    before: Context, options: RunOptions, reporter: Reporter
) -> tuple[Stack, tuple[str, ...], str | None]:
    """Validate what has no receipt, where that is asked for; `before` is what was seen last.

    Gives the state then, the phases that were looked at, and the one that failed.
    """
    context = before.project.look(before=before.snapshot)
    if not options.validate:
        return context.stack, (), None
    done, context = catch_up(context, None, reporter)
    stack = context.stack
    return stack, done, next((name for name in done if stack.get(name).state is State.FAILED), None)


def fetch_before_restack(project: Project, attempt: Attempt) -> RefUpdate | None:
    """The step of the base branch to what the remote has, where that contains it; it is fetched at the first try.

    A base that has all of the remote's and more, or is not here at all, makes none; nor does one of which a shallow
    clone cannot tell.

    Raises `RefusedError` where each has commits that the other lacks: what landed there is not seen from here.
    """
    repository, plan = project.repository, project.plan
    if not attempt.command.options.fetch:
        return None
    if attempt.is_first:
        fetch_base(repository, plan.remote, plan.base)
    local, remote = BRANCH + plan.base, f"refs/remotes/{plan.remote}/{plan.base}"
    refs = exactly(repository, local, remote)
    ours, theirs = refs.get(local), refs.get(remote)
    if ours is None or theirs is None or repository.is_ancestor(theirs, ours):
        return None
    if not repository.is_ancestor(ours, theirs):
        if reaches_end(repository, theirs, [ours]):
            return None
        there = f"{plan.remote}/{plan.base}"
        raise RefusedError(
            f"{plan.base} and {there} have diverged, so {plan.base} cannot be fast-forwarded",
            advice=f"git rebase {there} {plan.base}, or merge it, then run the command again",
        )
    return RefUpdate(local, ours, theirs)


def rebuild_stack(context: Context, attempt: Attempt, reporter: Reporter) -> tuple[RerunPhase, ...]:
    """Run again what is out of date. Raises `ConflictPendingError` at a conflict."""
    stack = context.stack
    phases = out_of_date(stack)
    if not phases:
        return ()
    require_synced(stack)
    check_orphans(stack)
    resolutions = {**kept_resolutions(context), **attempt.resolutions}
    try:
        return rebuild(context, phases, resolutions, reporter, hooks=attempt.command.options.hooks)
    except DoesNotFitError as error:
        raise stop_at_conflict(context.project, attempt, error) from error


def check_movable(context: Context, updates: Sequence[RefUpdate], checkout_after: str | None) -> None:
    """Raise `RefusedError` where a work tree stands on a branch that some updates move, or on one that runs again.

    To where such a branch will move nobody knows yet: any other commit does to tell that it moves.
    """
    _, snapshot, stack = context
    refs = {BRANCH + phase.branch for phase in out_of_date(stack) if phase.state is not State.MERGED}
    again = [RefUpdate(ref, snapshot.refs[ref], stack.base) for ref in sorted(refs) if ref in snapshot.refs]
    check_standing(context, [*updates, *again], checkout_after, carries_edits=True)


def check_orphans(stack: Stack) -> None:
    """Raise `RefusedError` for a branch of no phase that holds what a person did, and that nothing else holds."""
    if stack.stranded is not None:
        raise RefusedError(stranded(stack, stack.stranded), advice=whose_step(stack, stack.stranded))


def former_refs(snapshot: Snapshot, phase: PhaseState) -> list[RefUpdate]:
    """What a phase had under another name goes, now that it has it under its own."""
    if phase.former is None:
        return []
    gone = (BRANCH + phase.former.name.branch, phase.former.name.made)
    return [RefUpdate(ref, snapshot.refs[ref], None) for ref in gone if ref in snapshot.refs]


def restack_operation(context: Context, rerun: Sequence[RerunPhase], base: RefUpdate | None) -> Operation:
    """What a restack moves, the base branch included."""
    project, snapshot, stack = context
    names = project.names
    updates = [base] if base is not None else []
    tips = {phase.branch: phase.tip.oid for phase in stack if phase.is_bare and phase.tip is not None}
    host = ""
    for each in rerun:
        host = host if each.old.state is State.MERGED else each.old.branch
        tips[host] = each.tip
        made = names.made(each.source.id)
        updates.append(RefUpdate(made, snapshot.refs.get(made), each.made))
    updates += [RefUpdate(BRANCH + branch, snapshot.refs.get(BRANCH + branch), tip) for branch, tip in tips.items()]
    updates += [update for each in rerun for update in former_refs(snapshot, each.old)]
    updates += [each.removal for each in merged_away(context) if not each.kept]
    start = snapshot.refs.get(names.start)
    if rerun and start is not None and not any(phase.state is State.LANDED for phase in stack):
        # What landed is looked for from here on, and nothing has.
        updates.append(RefUpdate(names.start, start, stack.base))
    updates += remove_conflict_state(context)
    ids = [each.source.id for each in rerun]
    own = f"{BRANCH}{project.plan.branch_prefix}/"
    ids = ids or [u.ref.removeprefix(own).removeprefix(BRANCH) for u in updates if u.ref.startswith(BRANCH)]
    what = f"{ids[0]} to {ids[-1]}" if len(ids) > 2 else " and ".join(ids) or project.plan.base
    return Operation(f"restack {what}", tuple(update for update in updates if update.old != update.new))
