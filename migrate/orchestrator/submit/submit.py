"""`submit`: push as `sync` does, then make the requests what they should be.

Everything is decided before anything is published, and said; then the refs are pushed, then the calls are made in their
order. Killed anywhere, running it again finds what was done, and goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field

from migrate.describe.links import links_of
from migrate.errors import RefusedError
from migrate.forges.base import Action, Call, Change, Edit, Forge, PullRequest, RequestState
from migrate.forges.hosts import Place, expected_place
from migrate.forges.registry import open_forge
from migrate.git.worktrees import BRANCH
from migrate.journal.record import Operation, record
from migrate.orchestrator.sharing.ref_values import RefAction as Fate
from migrate.orchestrator.sharing.ref_values import RefRole
from migrate.orchestrator.sharing.sync import sync
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.orchestrator.submit.approvals import since_approved
from migrate.orchestrator.submit.decide import Present, decide, is_ours_to_reopen
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import Made, perform, rendered
from migrate.orchestrator.submit.remembered import remembered
from migrate.orchestrator.submit.wanted import Wanted, wanted_requests
from migrate.orchestrator.transition import transition
from migrate.stack.entries import EntryKind
from migrate.stack.model import Stack
from migrate.stack.phase_state import State
from migrate.stack.project import Project
from migrate.text import plural


@dataclass(frozen=True)
class Proposal:
    """What a submit will do: what is pushed, and then each call."""

    place: Place
    exchange: SyncPlan
    first: tuple[Action, ...]
    """What must be done before the push: a request that stands on a branch which the push deletes goes elsewhere."""
    actions: tuple[Action, ...]
    calls: tuple[tuple[Action, Call], ...]
    """The calls of both, in their order."""
    wanted: tuple[Wanted, ...]
    left_out: tuple[str, ...]
    """The phases that the remote is not given, so that they have no request."""
    present: Present = field(default_factory=Present)

    @property
    def pushes(self) -> bool:
        """Whether refs are pushed."""
        return self.exchange.gives

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it should be."""
        return not self.calls and not self.pushes


@dataclass(frozen=True)
class Submitted:
    """What a submit did."""

    proposal: Proposal
    made: tuple[Made, ...]
    requests: tuple[PullRequest, ...]
    """The requests of the stack afterwards, bottom first."""
    stack: Stack


def place_of_project(project: Project) -> Place:
    """Where the requests of a project are. Raises `RefusedError` when the remote is on no forge that is known."""
    plan = project.plan
    return expected_place(plan.remote, project.repository.config(f"remote.{plan.remote}.url"), project.plan.forge)


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
        made.extend(perform(forge, lambda: first_actions(project, forge, exchange, chosen), proposal.first))
        return True

    done = sync(project, agreed, told, push=True, allow_failed=allow_failed)
    if done is None:
        return None
    proposal = proposed[-1]
    left = frozenset(proposal.left_out)

    def look_again() -> Sequence[Action]:
        stack = project.look().stack
        wanted = all_wanted(project, stack, chosen, left)
        return decided(project, forge, stack, wanted)[1]

    forget(project)
    remember(project, (*proposal.first, *proposal.actions))
    made += perform(forge, look_again, proposal.actions, told)
    stack = project.look().stack
    requests = forge.requests(branches_of(stack)) if made else proposal.present.requests
    return Submitted(proposal, tuple(made), tuple(requests[b] for b in branches_of(stack) if b in requests), stack)


def remember(project: Project, actions: Sequence[Action]) -> None:
    """Write to the journal what is about to be done on the forge, so that `undo` can take it back."""
    rows = remembered(actions)
    if rows:
        with transition(project, "migrate submit"):
            count = len({row["branch"] for row in rows})
            title = f"submit {plural(count, 'request')}"
            record(project.look(), Operation(title, (), EntryKind.SUBMIT, requests=rows))


def propose(project: Project, forge: Forge, place: Place, exchange: SyncPlan, chosen: Collection[str]) -> Proposal:
    """What a submit does, from the state as it will be when the refs are pushed."""
    check_heard(exchange)
    stack = project.look().stack
    left_out = not_there(stack, exchange)
    check_chosen(stack, chosen, left_out)
    wanted = all_wanted(project, stack, chosen, left_out)
    for each in wanted:
        forge.prepare(each.extras)
    present, actions = decided(project, forge, stack, wanted)
    first = before_push(actions, exchange)
    later = tuple(without(each, first) for each in actions)
    actions = tuple(each for each in later if each is not None)
    return Proposal(
        place,
        exchange,
        first,
        actions,
        tuple(rendered(forge, (*first, *actions))),
        wanted,
        tuple(left_out),
        present,
    )


def first_actions(project: Project, forge: Forge, exchange: SyncPlan, chosen: Collection[str]) -> Sequence[Action]:
    """What must be done before the push, from what is there now."""
    stack = project.look().stack
    wanted = all_wanted(project, stack, chosen, not_there(stack, exchange))
    return before_push(decided(project, forge, stack, wanted)[1], exchange)


def all_wanted(
    project: Project, stack: Stack, chosen: Collection[str], left_out: Collection[str]
) -> tuple[Wanted, ...]:
    """What the requests should be."""
    url = project.repository.config(f"remote.{project.plan.remote}.url")
    return wanted_requests(project, stack, chosen, left_out, links_of(url, project.plan.forge))


def check_heard(exchange: SyncPlan) -> None:
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


def decided(
    project: Project, forge: Forge, stack: Stack, wanted: Sequence[Wanted]
) -> tuple[Present, tuple[Action, ...]]:
    """What is there now, and what is to be done."""
    present = look(project, forge, stack, wanted)
    return present, decide(stack, wanted, present, forge.sign, has_stacks=forge.has_stacks)


def look(project: Project, forge: Forge, stack: Stack, wanted: Sequence[Wanted]) -> Present:
    """What the forge has of a stack: all its requests, and what is said on those that may be changed."""
    requests = forge.requests(branches_of(stack))
    ours = {each.branch for each in wanted}
    open_ones = [
        request
        for branch, request in requests.items()
        if branch in ours and (request.is_open or is_ours_to_reopen(request))
    ]
    base = stack.base
    over = {
        branch
        for branch, request in requests.items()
        if request.state is RequestState.MERGED
        and request.merged_as
        and project.repository.commit(request.merged_as) is not None
        and project.repository.is_ancestor(request.merged_as, base)
    }
    reviews = {request.branch: forge.reviews(request) for request in open_ones}
    return Present(
        requests,
        {request.number: forge.comments(request) for request in open_ones},
        {each.commit: forge.statuses(each.commit) for each in wanted if each.statuses},
        since_approved(project, stack, {each.phase.id: reviews.get(each.branch, ()) for each in wanted}),
        frozenset(over),
    )


def branches_of(stack: Stack) -> list[str]:
    """The branches of the phases that were made, bottom first."""
    return [phase.branch for phase in stack if phase.exists or phase.state in (State.LANDED, State.MERGED)]


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
