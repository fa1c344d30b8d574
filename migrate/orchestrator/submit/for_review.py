"""`submit` for somebody who may not push branches: the lowest phase becomes a request, and the rest waits.

The forge makes the request of a push to `refs/for/<base>` (AGit). A request for a phase above would stand on a branch
that is not there, and show the files of all phases below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from itertools import pairwise

from migrate.errors import RefusedError
from migrate.forges.base import Action, Extras, Forge
from migrate.forges.hosts import Place
from migrate.orchestrator.submit.decide import Present, decide
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import perform, rendered
from migrate.orchestrator.submit.proposal import Proposal, Submitted, all_wanted, branches_of, look, remember
from migrate.orchestrator.submit.wanted import Wanted
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Project


def submit_lowest(
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
    """Open or update the request of the lowest phase; None when `agree` said no. Nothing else is pushed.

    Raises `RefusedError` where it cannot have one, `ForgeError` when the forge did not do something.
    """
    stack = project.look().stack
    left = [phase for phase in stack if phase.tip is not None and phase.state not in (State.LANDED, State.MERGED)]
    check_lowest(left, chosen, allow_failed=allow_failed)

    def decided() -> tuple[tuple[Wanted, ...], Present, tuple[Action, ...]]:
        now = project.look().stack
        wanted = lowest_wanted(project, now, [phase.id for phase in left[:1]])
        present = look(project, forge, now, wanted)
        return wanted, present, decide(now, wanted, present, forge.sign)

    wanted, present, actions = decided()
    for each in wanted:
        forge.prepare(each.extras)
    waiting = tuple((above.id, below.id) for below, above in pairwise(left))
    calls = tuple(rendered(forge, actions))
    proposal = Proposal(place, None, (), actions, calls, wanted, (), waiting, present)
    if not agree(proposal) or is_dry:
        return None
    forget(project)
    remember(project, actions)
    made = perform(forge, lambda: decided()[2], actions, told)
    stack = project.look().stack
    requests = forge.requests(branches_of(stack)) if made else present.requests
    there = tuple(requests[branch] for branch in branches_of(stack) if branch in requests)
    return Submitted(proposal, tuple(made), there, stack)


def check_lowest(left: Sequence[PhaseState], chosen: Collection[str], *, allow_failed: bool) -> None:
    """Raise `RefusedError` where the lowest phase cannot have a request, or another one was asked for."""
    for name in chosen:
        if left and name != left[0].id:
            raise RefusedError(
                f"{name} has no request before {left[0].id} is merged: you may not push branches",
                advice=f"migrate submit {left[0].id}",
            )
    if left and left[0].state is State.FAILED and not allow_failed:
        raise RefusedError(f"{left[0].id} failed", advice=f"migrate validate {left[0].id}, or --allow-failed")


def lowest_wanted(project: Project, stack: Stack, names: Sequence[str]) -> tuple[Wanted, ...]:
    """What the request should be. Labels and commit statuses are for those who may write."""
    wanted = all_wanted(project, stack, names, ()) if names else ()
    return tuple(
        replace(each, extras=Extras(reviewers=each.extras.reviewers), statuses=(), told_branch=each.branch)
        for each in wanted
    )
