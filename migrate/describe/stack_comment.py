"""The comment that shows a whole stack on each of its requests."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.describe.document import render_document
from migrate.describe.markers import mark_generated
from migrate.describe.pull_request import pull_request_title
from migrate.describe.values import Values
from migrate.forges.base import PullRequest, RequestState
from migrate.plan.model import Plan
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State

TEMPLATE = "stack_comment.md.j2"


def begins(plan: Plan) -> str:
    """The line by which the comment is found again."""
    return mark_generated(f"stack of {plan.name}", "").partition("\n")[0]


def stack_comment(
    plan: Plan, stack: Stack, this: str, numbers: Mapping[str, str], requests: Mapping[str, PullRequest]
) -> str:
    """The comment on the request of the phase `this`.

    `numbers` are the requests as they are written (`#41`), by branch, those that are opened now included.
    """
    phases = [phase for phase in stack if phase.branch in numbers or not phase.is_merged]
    shown = [row(phase, this, numbers, requests) for phase in reversed(phases)]
    values: Values = {
        "migration": {"name": plan.name, "title": plan.title, "base": plan.base},
        "rows": shown,
        "phases": len(shown),
    }
    return mark_generated(f"stack of {plan.name}", render_document(TEMPLATE, plan.templates_dir, values))


def row(
    phase: PhaseState, this: str, numbers: Mapping[str, str], requests: Mapping[str, PullRequest]
) -> Mapping[str, object]:
    """One line of the stack."""
    request = requests.get(phase.branch)
    return {
        "request": numbers.get(phase.branch, ""),
        "phase": phase.id,
        "title": pull_request_title(phase),
        "state": state(phase, request),
        "is_this": phase.id == this,
        "is_done": request is not None and request.state is RequestState.MERGED,
    }


def state(phase: PhaseState, request: PullRequest | None) -> str:
    """Where a phase stands, in words; never `passed` for what did not pass."""
    if request is not None and request.state is RequestState.MERGED:
        return "merged"
    if phase.state is State.WAITING:
        gates = [each.spec.name for each in phase.validations if each.word == "waiting"]
        return f"waits for {', '.join(gates)}" if gates else "waiting"
    if phase.state is State.FAILED and phase.failed:
        return f"failed {', '.join(each.spec.name for each in phase.failed)}"
    return str(phase.state)
