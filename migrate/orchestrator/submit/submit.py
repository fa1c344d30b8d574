"""`submit`: push as `sync` does, then make the requests what they should be.

Everything is decided before anything is published, and said; then the refs are pushed, then the calls are made in their
order. Killed anywhere, running it again finds what was done, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from migrate.errors import RefusedError
from migrate.forges.base import Action, Change, Edit, Forge
from migrate.forges.hosts import Place
from migrate.forges.registry import open_forge
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import RefAction as Fate
from migrate.orchestrator.sharing.ref_values import RefRole
from migrate.orchestrator.sharing.sync import sync
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.orchestrator.submit.for_review import submit_lowest
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import Made, perform, rendered
from migrate.orchestrator.submit.proposal import (
    Proposal,
    Submitted,
    all_wanted,
    branches_of,
    decided,
    place_of_project,
    remember,
    waiting_phases,
)
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
        if not forge.may_push():
            return submit_lowest(project, forge, place, chosen, agree, told, is_dry=is_dry, allow_failed=allow_failed)
        if not is_dry:
            # What others pushed comes first, so that what is decided is decided from all there is.
            sync(project, lambda *_: True, told, push=False)
        return submit_to(project, forge, place, chosen, agree, told, is_dry=is_dry, allow_failed=allow_failed)


def submit_to(
    project: Project,
    forge: Forge,
    place: Place,
    chosen: Collection[str],
    agree: Callable[[Proposal], bool],
    told: Callable[[str], None],
    *,
    is_dry: bool,
    allow_failed: bool,
) -> Submitted | None:
    """The same on a forge that is connected."""
    proposed: list[Proposal] = []
    made: list[Made] = []

    def agreed(exchange: SyncPlan, _: bool) -> bool:
        proposal = propose(project, forge, place, exchange, chosen)
        proposed.append(proposal)
        if not agree(proposal) or is_dry:
            return False
        made.extend(perform(forge, lambda: first_actions(project, forge, place, exchange, chosen), proposal.first))
        return True

    done = sync(project, agreed, told, push=True, allow_failed=allow_failed)
    if done is None:
        return None
    proposal = proposed[-1]
    left = frozenset(proposal.left_out)

    def look_again() -> Sequence[Action]:
        stack = project.look().stack
        wanted = all_wanted(project, stack, chosen, left, one_by_one=bool(place.fork))
        return decided(project, forge, stack, wanted)[1]

    forget(project)
    remember(project, (*proposal.first, *proposal.actions))
    made += perform(forge, look_again, proposal.actions, told)
    stack = project.look().stack
    requests = forge.requests(branches_of(stack)) if made else proposal.present.requests
    return Submitted(proposal, tuple(made), tuple(requests[b] for b in branches_of(stack) if b in requests), stack)


def propose(project: Project, forge: Forge, place: Place, exchange: SyncPlan, chosen: Collection[str]) -> Proposal:
    """What a submit does, from the state as it will be when the refs are pushed."""
    check_fetched(exchange)
    stack = project.look().stack
    left_out = not_there(stack, exchange)
    check_chosen(stack, chosen, left_out)
    wanted = all_wanted(project, stack, chosen, left_out, one_by_one=bool(place.fork))
    for each in wanted:
        forge.prepare(each.extras)
    present, actions = decided(project, forge, stack, wanted)
    first = before_push(actions, exchange)
    later = tuple(without(each, first) for each in actions)
    actions = tuple(each for each in later if each is not None)
    calls = tuple(rendered(forge, (*first, *actions)))
    waiting = waiting_phases(stack) if place.fork else ()
    return Proposal(place, exchange, first, actions, calls, wanted, tuple(left_out), waiting, present)


def first_actions(
    project: Project, forge: Forge, place: Place, exchange: SyncPlan, chosen: Collection[str]
) -> Sequence[Action]:
    """What must be done before the push, from what is there now."""
    stack = project.look().stack
    wanted = all_wanted(project, stack, chosen, not_there(stack, exchange), one_by_one=bool(place.fork))
    return before_push(decided(project, forge, stack, wanted)[1], exchange)


def check_fetched(exchange: SyncPlan) -> None:
    """Raise `RefusedError` when the remote has what is not here: what is shown now would not be what is done."""
    taken = exchange.having(Fate.TAKE, Fate.ADOPT, Fate.REMOVE, Fate.MERGE)
    news = [each for each in taken if each.ref_values.role in (RefRole.BRANCH, RefRole.RECEIPTS)]
    if news:
        what = next((each.ref_values.phase for each in news if each.ref_values.phase), "receipts")
        raise RefusedError(
            f"{exchange.remote} has news of {what}, and this clone does not have them",
            advice="migrate sync --fetch-only brings them",
        )


def not_there(stack: Stack, exchange: SyncPlan) -> list[str]:
    """The phases whose branch the remote will not have as it is here: they failed, or somebody deleted it there."""
    there = {d.ref_values.phase: d for d in exchange.decisions if d.ref_values.role is RefRole.BRANCH}
    found = []
    for phase in stack:
        decision = there.get(phase.id)
        if phase.tip is None or phase.state in (State.LANDED, State.MERGED):
            continue
        is_pushed = decision is not None and decision.action in (Fate.PUSH, Fate.SAME)
        if not is_pushed:
            found.append(phase.id)
    return found


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
    deleted = {d.ref.removeprefix(BRANCH) for d in exchange.having(Fate.DELETE, role=RefRole.BRANCH)}
    coming = {
        d.ref.removeprefix(BRANCH)
        for d in exchange.having(Fate.PUSH, role=RefRole.BRANCH)
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
