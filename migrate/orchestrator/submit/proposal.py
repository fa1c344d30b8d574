"""What a submit proposes, from what is wanted and what a forge has of a stack."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from migrate.describe.links import links_of
from migrate.errors import RefusedError
from migrate.forges.base import Action, Call, Extras, Forge
from migrate.forges.hosts import Place
from migrate.forges.request_place import expected_request_place
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.orchestrator.submit.approvals import since_approved
from migrate.orchestrator.submit.decide import Present, decide, is_ours_to_reopen
from migrate.orchestrator.submit.stack_requests import branches_of, open_phases, was_merged_into
from migrate.orchestrator.submit.wanted import Wanted, wanted_requests
from migrate.stack.model import Stack
from migrate.stack.project import Project


@dataclass(frozen=True)
class Proposal:
    """What a submit will do: what is pushed, and then each call."""

    place: Place
    exchange: SyncPlan | None
    """What is pushed; None where branches may not be pushed there."""
    first: tuple[Action, ...]
    """What must be done before the push: a request that stands on a branch which the push deletes goes elsewhere."""
    actions: tuple[Action, ...]
    calls: tuple[tuple[Action, Call], ...]
    """The calls of both, in their order."""
    wanted: tuple[Wanted, ...]
    left_out: tuple[str, ...]
    """The phases that the remote is not given, so that they have no request."""
    waiting: tuple[tuple[str, str], ...] = ()
    """Phases that have no request before another one is merged, each with that one: the forge lacks its branch."""
    present: Present = field(default_factory=Present)

    @property
    def pushes(self) -> bool:
        """Whether refs are pushed."""
        return self.exchange is not None and self.exchange.gives

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it should be."""
        return not self.calls and not self.pushes


def place_of_project(project: Project) -> Place:
    """Where the requests of a project are. Raises `RefusedError` when the remote is on no forge that is known."""
    return expected_request_place(project.repository, project.plan.remote, project.plan.forge)


def all_wanted(
    project: Project, stack: Stack, chosen: Collection[str], left_out: Collection[str], *, one_by_one: bool = False
) -> tuple[Wanted, ...]:
    """What the requests should be; `one_by_one` of the lowest phase alone, as far as somebody without access may."""
    url = project.repository.config(f"remote.{project.plan.remote}.url")
    links = links_of(url, project.plan.forge)
    if not one_by_one:
        return wanted_requests(project, stack, chosen, left_out, links)
    lowest = [phase.id for phase in open_phases(stack)[:1]]
    check_lowest(lowest, chosen)
    wanted = wanted_requests(project, stack, lowest, left_out, links) if lowest else ()
    return tuple(replace(each, extras=Extras(), statuses=()) for each in wanted)


def check_lowest(lowest: Sequence[str], chosen: Collection[str]) -> None:
    """Raise `RefusedError` where another phase than the lowest was asked for."""
    for name in chosen:
        if lowest and name not in lowest:
            raise RefusedError(
                f"{name} has no request before {lowest[0]} is merged: its base is not on the forge",
                advice=f"migrate submit {lowest[0]}",
            )


def waiting_phases(stack: Stack) -> tuple[tuple[str, str], ...]:
    """The phases that have no request before the one below is merged, each with that one."""
    return tuple((above.id, below.id) for below, above in pairwise(open_phases(stack)))


def decided(
    project: Project, forge: Forge, stack: Stack, wanted: Sequence[Wanted]
) -> tuple[Present, tuple[Action, ...]]:
    """What is there now, and what is to be done, but for what this forge has no call for."""
    present = look(project, forge, stack, wanted)
    actions = decide(stack, wanted, present, forge.sign, has_stacks=forge.has_stacks)
    return present, tuple(action for action in actions if forge.render(action))


def look(project: Project, forge: Forge, stack: Stack, wanted: Sequence[Wanted]) -> Present:
    """What the forge has of a stack: all its requests, and what is said on those that may be changed."""
    requests = forge.requests(branches_of(stack))
    ours = {each.branch for each in wanted}
    open_ones = [
        request
        for branch, request in requests.items()
        if branch in ours and (request.is_open or is_ours_to_reopen(request))
    ]
    over = frozenset(
        branch for branch, each in requests.items() if was_merged_into(project.repository, each, stack.base)
    )
    reviews = {request.branch: forge.reviews(request) for request in open_ones}
    return Present(
        requests,
        {request.number: forge.comments(request) for request in open_ones},
        {each.commit: forge.statuses(each.commit) for each in wanted if each.statuses},
        since_approved(project, stack, {each.phase.id: reviews.get(each.branch, ()) for each in wanted}),
        over,
    )
