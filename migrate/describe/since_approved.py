"""The comment that says what of a request is new since somebody approved it, the base apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.describe.markers import mark_generated
from migrate.git.objects import CommitId
from migrate.plan.model import Plan
from migrate.templating.markdown import code_span, escape

LISTED = 20
"""So many files are named."""


@dataclass(frozen=True)
class SinceApproved:
    """What differs from what some people approved; `files` is None where nobody can tell."""

    who: tuple[str, ...]
    commit: CommitId
    files: tuple[str, ...] | None


def since_begins(plan: Plan) -> str:
    """The line by which the comment is found again."""
    return mark_generated(f"approvals of {plan.name}", "").partition("\n")[0]


def since_comment(plan: Plan, found: Sequence[SinceApproved]) -> str:
    """The comment; one paragraph for each commit that was approved."""
    return mark_generated(f"approvals of {plan.name}", "\n\n".join(map(since_sentence, found)))


def since_sentence(found: SinceApproved) -> str:
    """What is said of one approved commit."""
    who, commit = ", ".join(map(escape, found.who)), code_span(found.commit[:7])
    if found.files is None:
        return f"{who} approved {commit}. What is new since then cannot be told: that commit is not at hand."
    if not found.files:
        return (
            f"**Nothing is new since {who} approved** {commit}: on its new base the change is the same in every file."
        )
    more = len(found.files) - LISTED
    files = ", ".join(map(code_span, found.files[:LISTED])) + (f" and {more} more" if more > 0 else "")
    return f"**New since {who} approved** {commit}, the base apart: {files}"
