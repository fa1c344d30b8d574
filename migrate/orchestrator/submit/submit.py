"""`submit`: push as `sync` does, then make the requests what they should be.

Everything is decided before anything is published, and said; then the refs are pushed, then the calls are made in their
order. Killed anywhere, running it again finds what was done, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from migrate.errors import RefusedError
from migrate.forges.base import Action, Change, Edit
from migrate.forges.registry import open_forge
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import RefAction, RefRole
from migrate.orchestrator.sharing.sync import sync
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.orchestrator.submit.for_review import submit_lowest
from migrate.orchestrator.submit.perform import Made, perform, rendered
from migrate.orchestrator.submit.proposal import Proposal, all_wanted, decided, place_of_project, waiting_phases
from migrate.orchestrator.submit.run import Submission, Submitted, carry_out
from migrate.orchestrator.submit.stack_requests import open_phases
from migrate.orchestrator.submit.wanted import Wanted
from migrate.orchestrator.transition import transition
from migrate.stack.model import Stack
from migrate.stack.phase_state import State
from migrate.stack.project import Project


def submit(
    project: Project,
    chosen: Collection[str],
    agree: Callable[[Proposal], bool],
    told: Callable[[str], None],
    *,
    is_dry: bool = False,
    allow_failed: bool = False,
) -> Submitted | None:
    """Push, and open or update the requests of some phases, or of all; None when `agree` said no.

    A dry run moves nothing and makes no call but those that read. Raises `RefusedError` where `sync` does,
    `ForgeError` when the forge did not do something: what was done stays, and running again completes it.
    """
    with transition(project, "migrate submit"):
        place = place_of_project(project)  # Whoever is at work here is named first.
    with open_forge(project.repository, place, told) as forge:
        run = Submission(project, forge, place, chosen, agree, told, is_dry, allow_failed)
        if not forge.may_push():
            return submit_lowest(run)
        if not is_dry:
            # What others pushed comes first, so that what is decided is decided from all there is.
            sync(project, lambda *_: True, told, push=False)
        return submit_to(run)


def submit_to(run: Submission) -> Submitted | None:
    """The same on a forge that is connected."""
    proposed: list[Proposal] = []
    made: list[Made] = []

    def agreed(exchange: SyncPlan, _: bool) -> bool:
        proposal = propose(run, exchange)
        proposed.append(proposal)
        if not run.agree(proposal) or run.is_dry:
            return False

        def look_again() -> Sequence[Action]:
            return before_push(actions_now(run, proposal.left_out), exchange)

        made.extend(perform(run.forge, look_again, proposal.first))
        return True

    if sync(run.project, agreed, run.told, push=True, allow_failed=run.allow_failed) is None:
        return None
    proposal = proposed[-1]
    return carry_out(run, proposal, lambda: actions_now(run, proposal.left_out), made)


def propose(run: Submission, exchange: SyncPlan) -> Proposal:
    """What a submit does, from the state as it will be when the refs are pushed."""
    check_fetched(exchange)
    stack = run.project.look().stack
    left_out = not_there(stack, exchange)
    check_chosen(stack, run.chosen, left_out)
    wanted = wanted_of(run, stack, left_out)
    for each in wanted:
        run.forge.prepare(each.extras)
    present, actions = decided(run.project, run.forge, stack, wanted)
    first = before_push(actions, exchange)
    later = tuple(without(each, first) for each in actions)
    actions = tuple(each for each in later if each is not None)
    calls = tuple(rendered(run.forge, (*first, *actions)))
    waiting = waiting_phases(stack) if run.place.fork else ()
    return Proposal(run.place, exchange, first, actions, calls, wanted, tuple(left_out), waiting, present)


def wanted_of(run: Submission, stack: Stack, left_out: Collection[str]) -> tuple[Wanted, ...]:
    """What the requests should be; from a fork that of the lowest phase alone."""
    return all_wanted(run.project, stack, run.chosen, left_out, one_by_one=bool(run.place.fork))


def actions_now(run: Submission, left_out: Collection[str]) -> tuple[Action, ...]:
    """What is to be done from what is there now."""
    stack = run.project.look().stack
    return decided(run.project, run.forge, stack, wanted_of(run, stack, left_out))[1]


def check_fetched(exchange: SyncPlan) -> None:
    """Raise `RefusedError` when the remote has what is not here: what is shown now would not be what is done."""
    taken = exchange.having(RefAction.TAKE, RefAction.ADOPT, RefAction.REMOVE, RefAction.MERGE)
    news = [each for each in taken if each.ref_values.role in (RefRole.BRANCH, RefRole.RECEIPTS)]
    if news:
        what = next((each.ref_values.phase for each in news if each.ref_values.phase), "receipts")
        raise RefusedError(
            f"{exchange.remote} has news of {what}, and this clone does not have them",
            advice="migrate sync --fetch-only brings them",
        )


def not_there(stack: Stack, exchange: SyncPlan) -> list[str]:
    """The phases whose branch the remote will not have as it is here: they failed, or somebody deleted it there."""
    there = {each.ref_values.phase for each in exchange.having(RefAction.PUSH, RefAction.SAME, role=RefRole.BRANCH)}
    return [phase.id for phase in open_phases(stack) if phase.id not in there]


def check_chosen(stack: Stack, chosen: Collection[str], left_out: Collection[str]) -> None:
    """Raise `RefusedError` for a phase that was named and cannot have a request."""
    for name in chosen:
        phase = next((phase for phase in stack if phase.id == name), None)
        if phase is None or phase.tip is None:
            raise RefusedError(f"{name} has no branch yet", advice=f"migrate run --to {name} makes it")
        if phase.state is State.LANDED:
            raise RefusedError(f"{name} has landed: its pull request is done", advice="migrate status")
        if name in left_out:
            raise RefusedError(
                f"{name} is not pushed, so it can have no request", advice="migrate sync says why it is not"
            )


def before_push(actions: Sequence[Action], exchange: SyncPlan) -> tuple[Action, ...]:
    """The changes of bases that must come before the push, because it deletes the old one.

    A forge closes the requests that stand on a branch which is deleted. The new base must be there already.
    """
    deleted = {d.ref.removeprefix(BRANCH) for d in exchange.having(RefAction.DELETE, role=RefRole.BRANCH)}
    coming = {
        d.ref.removeprefix(BRANCH)
        for d in exchange.having(RefAction.PUSH, role=RefRole.BRANCH)
        if d.ref_values.remote is None
    }
    return tuple(
        Edit(each.request, {"base": each.changes["base"]})
        for each in actions
        if isinstance(each, Edit)
        and "base" in each.changes
        and each.changes["base"].old in deleted
        and each.changes["base"].new not in coming
    )


def without(action: Action, first: Sequence[Action]) -> Action | None:
    """What is left of an action when some edits were made before it; None where nothing is."""
    if not isinstance(action, Edit) or not any(
        isinstance(each, Edit) and each.request.number == action.request.number for each in first
    ):
        return action
    changes: dict[str, Change] = {key: change for key, change in action.changes.items() if key != "base"}
    return Edit(action.request, changes) if changes else None
