"""The description of a phase's pull request, from what really happened."""

from __future__ import annotations

import shlex

from migrate.describe.change_rows import change_rows, move_rows
from migrate.describe.document import render_document
from migrate.describe.links import Links
from migrate.describe.markers import mark_generated
from migrate.describe.review import TO_READ, Review
from migrate.describe.validation_rows import approving_person, open_gates, validation_rows
from migrate.describe.values import Values, listed_values
from migrate.engines.explanation import ChangeKind
from migrate.errors import RefusedError
from migrate.plan.model import Plan
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.templating.authored import authored_markdown
from migrate.templating.markdown import plain_text
from migrate.text import plural

TEMPLATE = "pull_request.md.j2"

FEW = 5
"""Up to this many files of a class are named in a sentence; more are counted."""


def pull_request_title(phase: PhaseState) -> str:
    """The title of a phase's pull request, on one line."""
    return plain_text(phase.source.title)


def describe_phase(plan: Plan, stack: Stack, phase: PhaseState, review: Review, links: Links) -> str:
    """The description of a phase's pull request, between markers by which `markers.renew` knows it again.

    A plan that has a `pull_request.md.j2` among its templates is given the same `values`. Raises `RefusedError` for a
    phase that has no commit of its own, because it did not run yet or the base contains it.
    """
    if phase.state is State.LANDED:
        raise RefusedError(f"{phase.id} is part of {plan.base} already", advice="its pull request is done")
    if phase.commit is None or phase.tip is None:
        raise RefusedError(f"{phase.id} has no commit to describe", advice="migrate next runs a phase")
    return mark_generated(
        f"{plan.name} {phase.id}",
        render_document(TEMPLATE, plan.templates_dir, pull_request_values(stack, phase, review, links)),
    )


def pull_request_values(stack: Stack, phase: PhaseState, review: Review, links: Links) -> Values:
    """The values for the template: raw texts (the template's filters escape them), numbers and lists."""
    plan, tip = stack.plan, phase.tip
    assert tip is not None
    below = stack.below(phase.id)
    return {
        "migration": {"name": plan.name, "title": plan.title, "base": plan.base},
        "phase": {
            "id": phase.id,
            "title": pull_request_title(phase),
            "why": authored_markdown(phase.source.body),
            "number": [each.id for each in stack].index(phase.id) + 1,
            "of": len(stack.phases),
            "branch": phase.branch,
            "commit": tip.oid[:7],
            "state": str(phase.state),
            "caveat": caveat(phase),
            "merged": [merged_rows(each) for each in stack.merged(phase.id)],
        },
        "below": neighbour(below, links) if below else {"name": plan.base, "url": links.branch(plan.base)},
        "next": following_phases(stack, phase, links),
        "compare": links.compare(below.branch if below else plan.base, phase.branch),
        "moves": listed_values(move_rows(phase.moves, phase.files)),
        "changes": change_rows(phase.files),
        "review": reviewed(review),
        "notes": listed_values(phase.trailers.notes if phase.trailers else ()),
        "tools": {
            "ran": listed_values(phase.trailers.ran if phase.trailers else ()),
            "prove": f"migrate plan {phase.id} --check",
        },
        "hand_edits": listed_values(hand_edits(phase, links)),
        "validations": validation_rows(phase.validations),
        "gates": open_gates(phase.id, phase.validations),
        "reproduce": f"git switch {shlex.quote(phase.branch)} && migrate validate",
        "take_back": f"migrate rollback {phase.id}",
    }


def merged_rows(phase: PhaseState) -> Values:
    """A phase that was merged into the branch of this one."""
    return {"id": phase.id, "title": pull_request_title(phase), "why": authored_markdown(phase.source.body)}


def caveat(phase: PhaseState) -> str:
    """Why a phase should not be merged as it is; empty when it may be."""
    if phase.state is State.STALE:
        return f"stale: {phase.reason}"
    return phase.reason if phase.state is State.FAILED else ""


def neighbour(phase: PhaseState, links: Links) -> Values:
    """A neighbouring phase of the stack, with a link to its branch if it has one."""
    return {"name": phase.id, "url": links.branch(phase.branch) if phase.exists else None}


def following_phases(stack: Stack, phase: PhaseState, links: Links) -> Values | None:
    """The phase after this one, or None for the last."""
    index = [each.id for each in stack].index(phase.id) + 1
    return next((neighbour(each, links) for each in stack.phases[index:] if not each.into), None)


def reviewed(review: Review) -> Values:
    """The review in words (`17 need no reading`), its classes (`7 differ by import paths alone`), and what to read."""
    return {
        "total": len(review.files),
        "files": plural(len(review.files), "file changes", "files change"),
        "unread": plural(review.unread, "needs no reading", "need no reading") if review.unread else "",
        "classes": [reviewed_class(kind, review) for kind in ChangeKind if kind not in TO_READ and review.of(kind)],
        "to_read": listed_values([{"path": file.path, "reason": file.reason} for file in review.to_read]),
        "is_short": len(review.to_read) <= FEW,
    }


def reviewed_class(kind: ChangeKind, review: Review) -> Values:
    """One class of files that need no reading.

    A few documents are named, because they are the only ones without imports.
    """
    files = review.of(kind)
    named = kind is ChangeKind.LINKS and len(files) <= FEW
    verb = "" if kind is ChangeKind.MOVED else "differs " if len(files) == 1 else "differ "
    return {"words": f"{len(files):,} {verb}{kind}", "paths": [file.path for file in files] if named else []}


def hand_edits(phase: PhaseState, links: Links) -> list[Values]:
    """What people committed on the phase's branch, oldest first."""
    return [
        {
            "commit": commit.oid[:7],
            "url": links.commit(commit.oid),
            "subject": commit.subject,
            "author": approving_person(commit.author),
            "is_amended": phase.is_amended and phase.commit is not None and commit.oid == phase.commit.oid,
        }
        for commit in reversed(phase.hand_edits)
    ]
