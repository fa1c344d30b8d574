"""What the requests of a stack should be: pure but for the files that a description is written from."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from migrate.describe.combined import combined_phases
from migrate.describe.links import Links
from migrate.describe.pull_request import describe_phase, pull_request_title
from migrate.describe.review import review_phase
from migrate.execution.redaction import shared_text
from migrate.forges.base import Extras, Mark, Status
from migrate.forges.codeowners import MOST_BYTES, PLACES, owners_of
from migrate.forges.hosts import place_of
from migrate.git.objects import CommitId
from migrate.orchestrator.submit.stack_requests import open_phases
from migrate.plan.model import Plan
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, ValidationState
from migrate.stack.project import Project
from migrate.text import shortened
from migrate.validation.outcome import Outcome

MARKS: Mapping[Outcome | None, Mark] = {
    Outcome.PASSED: Mark.SUCCESS,
    Outcome.NO_WORSE: Mark.SUCCESS,
    Outcome.FAILED: Mark.FAILURE,
    Outcome.UNAVAILABLE: Mark.PENDING,
    Outcome.WAITING: Mark.PENDING,
}
DESCRIPTION_CHARACTERS = 140
"""Characters of a status's description that GitHub takes."""


@dataclass(frozen=True)
class Wanted:
    """The request of one phase as it should be."""

    phase: PhaseState
    base: str
    title: str
    body: str
    is_draft: bool
    extras: Extras
    commit: CommitId
    statuses: tuple[Status, ...]
    whole: str
    """Where all of a description is that a forge cuts."""
    told_branch: str = ""
    """The branch, where the description must say it: a forge to which it may not be pushed does not know it."""

    @property
    def branch(self) -> str:
        """The branch that is to be merged."""
        return self.phase.branch


def wanted_requests(
    project: Project, stack: Stack, chosen: Collection[str], left_out: Collection[str], links: Links
) -> tuple[Wanted, ...]:
    """What the requests of some phases should be, bottom first; of all that have a branch where none is chosen.

    `left_out` are phases that the remote is not given.
    """
    found = []
    for phase in open_phases(stack):
        if phase.commit is None or phase.id in left_out or (chosen and phase.id not in chosen):
            continue
        found.append(wanted(project, stack, phase, links))
    return tuple(found)


def wanted(project: Project, stack: Stack, phase: PhaseState, links: Links) -> Wanted:
    """What the request of one phase should be."""
    plan, state, below = stack.plan, combined_phases(stack, phase), stack.below(phase.id)
    assert phase.tip is not None
    review = review_phase(project.repository.objects, stack, state)
    base = below.branch if below is not None else plan.base
    compare = links.compare(base, phase.branch)
    return Wanted(
        phase,
        base,
        shared_text(pull_request_title(state)),
        describe_phase(plan, stack, state, review, links),
        plan.forge.draft and not is_ready(phase),
        extras(plan, phase, owners(project, stack, state)),
        phase.tip.oid,
        statuses(phase),
        f"`migrate pr {phase.id}`" + (f", [all changes]({compare})" if compare else ""),
    )


def is_ready(phase: PhaseState) -> bool:
    """Whether nothing that the plan asks of a phase is left: no gate waits, and every validation passed."""
    return all(each.outcome is not None and each.outcome.is_good for each in phase.validations)


def owners(project: Project, stack: Stack, phase: PhaseState) -> tuple[str, ...]:
    """Who owns the files that a phase touches, as the base says; nobody where the forge asks them by itself."""
    table = project.plan.forge
    place = place_of(project.repository.config(f"remote.{project.plan.remote}.url"), table)
    if place is None or place.kind not in PLACES or not table.codeowners:
        return ()
    objects = project.repository.objects
    tree = objects.tree(stack.base)
    entry = next((tree[path] for path in PLACES[place.kind] if path in tree), None)
    if entry is None or not entry.is_text_candidate or objects.sizes_of([entry.oid]).get(entry.oid, 0) > MOST_BYTES:
        return ()
    text = dict(objects.blobs([entry.oid]))[entry.oid].decode("utf-8", "replace")
    paths = dict.fromkeys(path for file in phase.files for path in (file.old_path, file.new_path) if path)
    return owners_of(text, paths)


def extras(plan: Plan, phase: PhaseState, owners: Sequence[str]) -> Extras:
    """What a request is given: by the plan, by the phase, and by who owns its files."""
    table, own = plan.forge, phase.source.declaration
    named, assignees = united(table.reviewers, own.reviewers), united(table.assignees, own.assignees)
    return Extras(
        united(table.labels, own.labels),
        united(named, owners),
        assignees,
        own.milestone or table.milestone,
        frozenset(owners) - {*named, *assignees},
    )


def united(first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
    """Both lists, each name once."""
    return tuple(dict.fromkeys((*first, *second)))


def statuses(phase: PhaseState) -> tuple[Status, ...]:
    """What the receipts of a phase's tree say, as commit statuses. A validation that did not run says nothing."""
    found = []
    for each in phase.validations:
        if each.outcome is not None:
            text = shortened(shared_text(said(each)), DESCRIPTION_CHARACTERS)
            found.append(Status(f"migrate/{each.spec.name}", MARKS[each.outcome], text))
    return tuple(found)


def said(state: ValidationState) -> str:
    """One line on one validation."""
    receipt, outcome = state.receipt, state.outcome
    if outcome is Outcome.WAITING or receipt is None:
        return f"waits for a person: {' '.join((state.spec.manual or '').split())}"
    if outcome is Outcome.UNAVAILABLE:
        return f"not run: {receipt.reason}"
    if state.spec.manual is not None:
        return f"approved by {receipt.who.partition('<')[0].strip()}"
    if outcome is Outcome.NO_WORSE:
        return "fails as on the base, and in no other way"
    return f"{outcome} in {receipt.seconds:.1f} s"
