"""`submit` for somebody who may not push branches: the lowest phase becomes a request, and the rest waits.

The forge makes the request of a push to `refs/for/<base>` (AGit). A request for a phase above would stand on a branch
that is not there, and show the files of all phases below.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace

from migrate.errors import RefusedError
from migrate.forges.base import Action, Forge
from migrate.forges.hosts import Place
from migrate.orchestrator.submit.decide import Present, decide
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import perform, rendered
from migrate.orchestrator.submit.proposal import (
    Proposal,
    Submitted,
    all_wanted,
    branches_of,
    look,
    open_phases,
    remember,
    waiting_phases,
)
from migrate.orchestrator.submit.wanted import Wanted
from migrate.stack.model import Stack
from migrate.stack.phase_state import State
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
    failed = next((phase.id for phase in open_phases(stack)[:1] if phase.state is State.FAILED), None)
    if failed is not None and not allow_failed:
        raise RefusedError(f"{failed} failed", advice=f"migrate validate {failed}, or --allow-failed")

    def decided() -> tuple[tuple[Wanted, ...], Present, tuple[Action, ...]]:
        now = project.look().stack
        wanted = lowest_wanted(project, now, chosen)
        present = look(project, forge, now, wanted)
        return wanted, present, decide(now, wanted, present, forge.sign)

    wanted, present, actions = decided()
    calls = tuple(rendered(forge, actions))
    proposal = Proposal(place, None, (), actions, calls, wanted, (), waiting_phases(stack), present)
    if not agree(proposal) or is_dry:
        return None
    forget(project)
    remember(project, actions)
    made = perform(forge, lambda: decided()[2], actions, told)
    stack = project.look().stack
    requests = forge.requests(branches_of(stack)) if made else present.requests
    there = tuple(requests[branch] for branch in branches_of(stack) if branch in requests)
    return Submitted(proposal, tuple(made), there, stack)


def lowest_wanted(project: Project, stack: Stack, chosen: Collection[str]) -> tuple[Wanted, ...]:
    """What the request should be. Its description says the branch, which the forge does not have."""
    return tuple(
        replace(each, told_branch=each.branch) for each in all_wanted(project, stack, chosen, (), one_by_one=True)
    )
