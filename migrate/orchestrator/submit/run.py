"""One run of `submit`: what it is given, and carrying out what was agreed to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from migrate.forges.base import Action, Forge, PullRequest
from migrate.forges.hosts import Place
from migrate.journal.record import Operation, record
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import Made, perform
from migrate.orchestrator.submit.proposal import Proposal
from migrate.orchestrator.submit.remembered import remembered
from migrate.orchestrator.submit.stack_requests import branches_of
from migrate.orchestrator.transition import transition
from migrate.stack.entries import EntryKind
from migrate.stack.model import Stack
from migrate.stack.project import Project
from migrate.text import plural


@dataclass(frozen=True)
class Submission:
    """Where to submit which phases, all where none is `chosen`; `agree` is asked first, `told` is told of refusals."""

    project: Project
    forge: Forge
    place: Place
    chosen: Collection[str]
    agree: Callable[[Proposal], bool]
    told: Callable[[str], None]
    is_dry: bool
    allow_failed: bool


@dataclass(frozen=True)
class Submitted:
    """What a submit did."""

    proposal: Proposal
    made: tuple[Made, ...]
    requests: tuple[PullRequest, ...]
    """The requests of the stack afterwards, bottom first."""
    stack: Stack


def carry_out(
    run: Submission, proposal: Proposal, look_again: Callable[[], Sequence[Action]], before: Iterable[Made] = ()
) -> Submitted:
    """Make the calls of a proposal; `before` are those that were made before the push."""
    forget(run.project)
    remember(run.project, (*proposal.first, *proposal.actions))
    made = (*before, *perform(run.forge, look_again, proposal.actions, run.told))
    stack = run.project.look().stack
    branches = branches_of(stack)
    requests = run.forge.requests(branches) if made else proposal.present.requests
    return Submitted(proposal, made, tuple(requests[each] for each in branches if each in requests), stack)


def remember(project: Project, actions: Sequence[Action]) -> None:
    """Write to the journal what is about to be done on the forge, so that `undo` can take it back."""
    rows = remembered(actions)
    if rows:
        with transition(project, "migrate submit"):
            count = len({row["branch"] for row in rows})
            title = f"submit {plural(count, 'request')}"
            record(project.look(), Operation(title, (), EntryKind.SUBMIT, requests=rows))
