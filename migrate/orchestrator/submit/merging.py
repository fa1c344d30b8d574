"""`submit --land`: the lowest request is merged, in an order in which a forge closes nothing that stands on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.forges.base import (
    Action,
    Call,
    Change,
    DeleteBranch,
    Edit,
    Forge,
    Merge,
    Method,
    PullRequest,
    RequestState,
)
from migrate.forges.hosts import Place
from migrate.forges.registry import open_forge
from migrate.git.fetch import list_refs
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import Made, perform, rendered
from migrate.orchestrator.submit.proposal import place_of_project
from migrate.orchestrator.submit.stack_requests import branches_of, was_merged_into
from migrate.orchestrator.submit.wanted import is_ready
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Project


@dataclass(frozen=True)
class MergeProposal:
    """What will be done on the forge to get one request into the base."""

    place: Place
    phase: str
    number: int
    method: Method
    calls: tuple[tuple[Action, Call], ...]


def merge_lowest(
    project: Project,
    name: str,
    agree: Callable[[MergeProposal], bool],
    told: Callable[[str], None],
    *,
    is_dry: bool = False,
) -> tuple[Made, ...] | None:
    """Merge the request of a phase, which must be the lowest; None when `agree` said no.

    The request above goes to the base first: a forge closes what stands on a branch that is deleted. One that is merged
    already is not merged again, and what is left is done. Raises `RefusedError` when it is not ready, `ForgeError` when
    the forge did not do something.
    """
    place = place_of_project(project)
    stack = project.look().stack
    phase = lowest(stack, name)
    with open_forge(project.repository, place, told) as forge:
        actions, request = merge_actions(project, stack, phase, forge)
        method = Method(project.plan.forge.merge)
        calls = tuple(rendered(forge, actions))
        if not agree(MergeProposal(place, phase.id, request.number, method, calls)) or is_dry:
            return None
        forget(project)
        return tuple(perform(forge, lambda: merge_actions(project, stack, phase, forge)[0], actions))


def lowest(stack: Stack, name: str) -> PhaseState:
    """The phase of that name. Raises `RefusedError` when another one is below it, or it has not passed."""
    phase = stack.get(name)
    below = stack.below(name)
    if phase.state is State.LANDED:
        raise RefusedError(f"{name} has landed", advice="migrate status")
    if phase.tip is None:
        raise RefusedError(f"{name} has no branch yet", advice=f"migrate run --to {name} makes it")
    if below is not None:
        raise RefusedError(
            f"{name} stands on {below.id}, which is not merged yet", advice=f"migrate submit --land {below.id}"
        )
    if not is_ready(phase) or phase.state not in (State.PASSED, State.UNVALIDATED):
        why = f"it is {phase.state}" if phase.state is not State.PASSED else "a validation could not run on it"
        raise RefusedError(f"{name} is not ready to be merged: {why}", advice=f"migrate status {name}")
    return phase


def merge_actions(
    project: Project, stack: Stack, phase: PhaseState, forge: Forge
) -> tuple[tuple[Action, ...], PullRequest]:
    """What is left to be done for a phase, and its request."""
    requests = forge.requests(branches_of(stack))
    request = requests.get(phase.branch)
    if request is None or request.state is RequestState.CLOSED or is_over(project, phase, request):
        raise RefusedError(f"{phase.id} has no open request", advice="migrate submit opens one")
    if request.is_open:
        check_same(project, phase, request)
    else:
        check_nothing_since(project, phase, request)
    above = [each for each in requests.values() if each.is_open and each.base == phase.branch]
    # Deleting its base closes a request. In a stack of the forge's own it gets a new one when what is below is merged.
    first, then = (
        [Edit(each, {"base": Change(each.base, project.plan.base)}) for each in above if bool(each.stack) is stacked]
        for stacked in (False, True)
    )
    merge = [merged(project, stack, phase, request, forge.sign)] if request.is_open else []
    return (*first, *merge, *then, DeleteBranch(phase.branch)), request


def check_same(project: Project, phase: PhaseState, request: PullRequest) -> None:
    """Raise `RefusedError` when the request is not what this clone has: something else would be merged."""
    assert phase.tip is not None
    if request.commit != phase.tip.oid or request.base != project.plan.base or request.is_draft:
        what = "a draft" if request.is_draft else f"at {request.commit[:7]} for {request.base}"
        raise RefusedError(
            f"the request of {phase.id} is {what}, and not ready for {project.plan.base} at {phase.tip.oid[:7]}",
            advice="migrate submit makes it so",
        )


def check_nothing_since(project: Project, phase: PhaseState, request: PullRequest) -> None:
    """Raise `RefusedError` when the branch of a request that was merged has got other commits: it would be deleted."""
    assert phase.tip is not None
    remote, ref = project.plan.remote, BRANCH + phase.branch
    there = list_refs(project.repository, remote, ref).get(ref)
    if there is not None and {there} != {request.commit, phase.tip.oid}:
        raise RefusedError(
            f"{remote} has {phase.branch} at {there[:7]}, and not as its request was merged",
            advice="migrate sync --fetch-only brings what is new there, and then migrate land --fetch keeps it",
        )


def is_over(project: Project, phase: PhaseState, request: PullRequest) -> bool:
    """Whether a request was merged before its branch was made anew: the branch stands on what the merge made."""
    return phase.tip is not None and was_merged_into(project.repository, request, phase.tip.oid)


def merged(project: Project, stack: Stack, phase: PhaseState, request: PullRequest, sign: str) -> Merge:
    """The merge of a request: a squash has the message of the phase, with the lines that say that it landed."""
    method = Method(project.plan.forge.merge)
    if method is not Method.SQUASH or phase.commit is None:
        return Merge(request, method, "", "")
    parts = [phase.commit, *(each.commit for each in stack.merged(phase.id) if each.commit is not None)]
    subject, _, rest = parts[0].message.partition("\n")
    message = "\n\n".join([rest.strip(), *(each.message.strip() for each in parts[1:])])
    return Merge(request, method, f"{subject} ({sign}{request.number})", message)
