"""`land`: phases that the base contains leave the stack, and the rest stands on the base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from migrate.forges.base import Edit
from migrate.git.history import read_history
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH, checked_out
from migrate.journal.record import Operation
from migrate.orchestrator.branch_updates import move_branches
from migrate.orchestrator.land.left_over import left_over
from migrate.orchestrator.land.merged_requests import RequestsThere, moved_requests
from migrate.orchestrator.land.recognition import LandedHow, Recognition, recognise
from migrate.orchestrator.replay import restack
from migrate.orchestrator.replay.rebuild import RerunPhase, maker
from migrate.orchestrator.reporter import Reporter
from migrate.orchestrator.switch import Switched
from migrate.orchestrator.transition import transition
from migrate.stack.conflict_state import Attempt
from migrate.stack.landings import Landing
from migrate.stack.model import Stack, compute_stack
from migrate.stack.own_entries import read_both
from migrate.stack.phase_state import State
from migrate.stack.project import Context, Project
from migrate.stack.requests_file import is_submitted
from migrate.stack.revert_branches import RevertProgress
from migrate.stack.snapshot import Snapshot
from migrate.stack.strange_refs import StrangeRef, put_aside
from migrate.stack.unknown_history import check_seen


@dataclass(frozen=True)
class LeavingBranch:
    """What becomes of the branch of a phase that landed, or of a revert that was merged: `kept` says why it stays."""

    branch: str
    tip: CommitId
    kept: str = ""


@dataclass(frozen=True)
class LandResult:
    """What a landing did."""

    stack: Stack
    landings: tuple[Recognition, ...]
    leaving: tuple[LeavingBranch, ...]
    rerun: tuple[RerunPhase, ...]
    failed: str | None
    switched: Switched | None
    is_new: bool = True
    """Whether anything had landed that the stack did not know yet."""
    base: RefUpdate | None = None
    """The step of the base branch to what was fetched."""


@dataclass(frozen=True)
class LandingPlan:
    """What a landing will do, before anything runs again."""

    landings: tuple[Recognition, ...]
    leaving: tuple[LeavingBranch, ...]
    updates: tuple[RefUpdate, ...]
    """What is remembered of landings that no commit of the base tells, and the branches that go."""
    unproved: tuple[StrangeRef, ...]
    """The refs that tell of landings which nothing shows."""
    is_new: bool
    after: Context
    """The state as it will be when what landed has left."""
    place: str
    """Where a user goes whose branch landed."""
    web: str = ""
    """The page of the repository on its forge, where that was asked."""
    sign: str = "#"
    moved: tuple[Edit, ...] = ()
    """The requests that stand on a branch which landed, and the base that each is given."""


def land(
    project: Project,
    reporter: Reporter,
    agree: Callable[[LandingPlan], bool],
    attempt: Attempt,
    tell: Callable[[str], None],
) -> LandResult | None:
    """Recognise what landed, ask `agree`, take its branches out of the stack and restack the rest.

    None when the answer was no; where nothing is new, nothing moves but a base that was fetched, and nobody is asked.
    All refs move in one transaction; those that tell of landings which nothing shows are set aside after it. Where the
    base is fetched the forge is asked, too, what it merged; `tell` hears when it cannot be. What stands there on a
    branch that landed is given another base before anything else: a forge may close it when the branch is deleted.
    Raises `ConflictPendingError` at a conflict.
    """
    with transition(project, "migrate land", while_conflict_pending=not attempt.is_first):
        base = restack.fetch_before_restack(project, attempt)
        project = project.at(base.new if base else None)
        context = project.look(base.new if base else None)
        check_seen(context.stack)
        decided = plan_landing(context, requests_there(context, attempt, tell))
        if decided.is_new:
            known = [*decided.updates, *filter(None, [base])]
            restack.check_movable(decided.after, known, decided.place)
        if not agree(decided):
            return None
        if decided.moved:
            from migrate.orchestrator.submit.ask_merged import move_requests

            move_requests(project, decided.moved, tell)
        if decided.is_new:
            rerun, switched = carry_out_landing(context, reporter, decided, base, attempt)
        else:
            rerun, switched = (), move_stack(context, base) if base is not None else None
        # Only now: a landing that is refused, or stops at a conflict, leaves every ref as it was.
        put_aside(project.repository, project.names, decided.unproved)
        # One that was killed may have left validations undone.
        stack, _, failed = restack.validate_rebuilt(context, attempt.command.options, reporter)
        leaving = decided.leaving if decided.is_new else ()
        return LandResult(stack, decided.landings, leaving, rerun, failed, switched, decided.is_new, base)


def requests_there(context: Context, attempt: Attempt, tell: Callable[[str], None]) -> RequestsThere:
    """What the forge has of a stack that was submitted: asked for once, with the base."""
    project = context.project
    if not attempt.command.options.fetch or not is_submitted(project):
        return RequestsThere()
    from migrate.orchestrator.submit.ask_merged import ask_merged, before  # Slow to import, and many have none.

    return ask_merged(project, context.stack, tell) if attempt.is_first else before(project)


def plan_landing(context: Context, there: RequestsThere) -> LandingPlan:
    """What landed, and what becomes of it. No ref moves; a phase may run in memory to tell."""
    landings = recognise(context, there.merged)
    leaving = (*leaving_branches(context, landings), *merged_reverts(context))
    remembered = landed_refs(context, landings)
    updates = (*remembered, *branch_deleted(leaving))
    after = without_leaving(context, landings, updates)
    return LandingPlan(
        tuple(landings),
        leaving,
        updates,
        tuple(unproved(context.snapshot, remembered)),
        is_news(context, landings, leaving, remembered),
        after,
        landing_place(after, leaving),
        there.web,
        there.sign,
        moved_requests(context.stack, there, [each.phase.id for each in landings if each.how is not None]),
    )


def carry_out_landing(
    context: Context,
    reporter: Reporter,
    decided: LandingPlan,
    base: RefUpdate | None,
    attempt: Attempt,
) -> tuple[tuple[RerunPhase, ...], Switched | None]:
    """Run the rest again, and move everything at once: what ran, and whether a user who was moved stands again."""
    rerun = restack.rebuild_stack(decided.after, attempt, reporter)
    moving = restack.restack_operation(decided.after, rerun, base).updates
    updates = (*decided.updates, *moving)
    if not updates:
        return rerun, None
    names = ", ".join(each.phase.id for each in decided.landings if each.how is not None)
    change = Operation(f"land {names or 'nothing'}", updates)
    moved = move_branches(context, change, checkout_after=decided.place, carries_edits=True)
    return rerun, moved.switched


def move_stack(context: Context, base: RefUpdate) -> Switched | None:
    """Move the base alone to what was fetched; says whether a user who was on it stands there again."""
    change = Operation(f"take {context.project.plan.base} from {context.project.plan.remote}", (base,))
    return move_branches(context, change).switched


def unproved(snapshot: Snapshot, remembered: Sequence[RefUpdate]) -> list[StrangeRef]:
    """The refs that tell of landings which nothing shows, where no other value takes their place."""
    replaced = {update.ref for update in remembered}
    return [each for each in snapshot.strange if each.is_doubted and each.ref not in replaced]


def is_news(
    context: Context,
    landings: Sequence[Recognition],
    leaving: Sequence[LeavingBranch],
    remembered: Sequence[RefUpdate],
) -> bool:
    """Whether something has landed that the stack does not know yet, or was noted wrongly: else nothing moves."""
    lowest = next((phase for phase in context.stack if phase.exists and phase.commit is not None), None)
    parents = lowest.commit.parents[:1] if lowest is not None and lowest.commit is not None else ()
    stands_on_landed = any(parent in context.snapshot.commits for parent in parents)
    found = any(each.how is not None and each.phase.state is not State.LANDED for each in landings)
    doubted = {each.ref for each in context.snapshot.strange if each.is_doubted}
    return found or stands_on_landed or bool(leaving) or any(update.ref in doubted for update in remembered)


def leaving_branches(context: Context, landings: Sequence[Recognition]) -> tuple[LeavingBranch, ...]:
    """The branches of phases that landed, and those of them that must stay."""
    project, snapshot = context.project, context.snapshot
    held = checked_out(project.repository)
    own = (snapshot.head.branch, project.repository.work_tree)
    names = project.names
    journal = read_both(project.repository, names, snapshot.refs.get(names.journal) if landings else None)
    found = []
    for landing in landings:
        tip = snapshot.branch(landing.phase.branch)
        if landing.how is None or tip is None:
            continue
        branch = landing.phase.branch
        kept = ""
        if branch in held and (branch, held[branch]) != own:
            kept = f"it is checked out in {held[branch]}"
        elif left_over(context, journal, landing.phase.id, tip, landing.commit, maker(context, landing.phase.id)):
            kept = f"it holds changes that are not in {snapshot.base_branch}"
        found.append(LeavingBranch(branch, tip, kept))
    return tuple(found)


def merged_reverts(context: Context) -> list[LeavingBranch]:
    """The branches that took phases back and were merged."""
    held = checked_out(context.project.repository)
    own = (context.snapshot.head.branch, context.project.repository.work_tree)
    found = []
    for each in context.stack.reverts:
        tip = context.snapshot.branch(each.branch)
        if tip is not None and each.progress is RevertProgress.MERGED:
            elsewhere = each.branch in held and (each.branch, held[each.branch]) != own
            found.append(
                LeavingBranch(each.branch, tip, f"it is checked out in {held[each.branch]}" if elsewhere else "")
            )
    return found


def landed_refs(context: Context, landings: Sequence[Recognition]) -> list[RefUpdate]:
    """What must be remembered, because no commit of the base says it."""
    silent = (LandedHow.PATCH, LandedHow.FORGE, LandedHow.FILES, LandedHow.MERGE, LandedHow.RERUN, LandedHow.NOTED)
    found = [(each, context.project.names.landed(each.phase.id)) for each in landings if each.how in silent]
    return [
        RefUpdate(ref, context.snapshot.refs.get(ref), each.commit)
        for each, ref in found
        if each.how is not LandedHow.NOTED or context.snapshot.refs.get(ref) != each.commit
    ]


def branch_deleted(leaving: Sequence[LeavingBranch]) -> list[RefUpdate]:
    """The branches that go."""
    return [RefUpdate(BRANCH + each.branch, each.tip, None) for each in leaving if not each.kept]


def without_leaving(context: Context, landings: Sequence[Recognition], updates: Sequence[RefUpdate]) -> Context:
    """The state as it will be when what landed has left the stack by some updates of refs."""
    snapshot = context.snapshot
    changed = {**snapshot.refs, **{update.ref: update.new for update in updates}}
    oids = [each.commit for each in landings if each.how is not None and each.commit is not None]
    commits = read_history(context.project.repository, oids, changes=False, walk=False)
    after = replace(
        snapshot,
        refs={ref: oid for ref, oid in changed.items() if oid is not None},
        landings={
            **{
                each.phase.id: Landing(commits[each.commit], each.phase.trailers, is_silent=True)
                for each in landings
                if each.how is not None and each.commit is not None and each.phase.trailers is not None
            },
            **snapshot.landings,
        },
    )
    return Context(context.project, after, compute_stack(context.project.plan, after))


def landing_place(after: Context, leaving: Sequence[LeavingBranch]) -> str:
    """Where a user goes whose branch landed: the lowest phase that is left, or the base."""
    here = {each.branch for each in leaving}
    left = [phase.branch for phase in after.stack if phase.exists and phase.branch not in here]
    return left[0] if left else after.project.plan.base
