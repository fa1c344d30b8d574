"""One conclusion over a whole stack, and the command to type next: a pure function that every command prints from."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.stack import Stack, State
from migrate.text import plural
from migrate.validation.outcome import Outcome


@dataclass(frozen=True)
class Conclusion:
    """A sentence, the next command without the program's name, and why that one."""

    sentence: str
    command: str | None
    why: str = ""
    failed: str | None = None
    """The phase that failed."""


def conclude(stack: Stack) -> Conclusion:
    """What to say of a stack: the first of failed, stale, pending, not validated, waiting for a gate, done."""
    total = len(stack.phases)
    failed = stack.first(State.FAILED)
    if failed is not None:
        return Conclusion(f"{failed.id} {failed.reason}", "rollback", failed.id, failed=failed.id)
    stale = stack.first(State.STALE)
    if stale is not None:
        return Conclusion(
            f"{stale.id} is stale: {stale.reason}.", f"rollback {stale.id}", "then migrate next runs it again"
        )
    landed = sum(phase.state is State.LANDED for phase in stack)
    there = sum(phase.exists for phase in stack) + landed
    pending = stack.first(State.PENDING)
    if pending is not None:
        return Conclusion(f"{there} of {plural(total, 'phase')} done.", "next", pending.id)
    if landed == total:
        return Conclusion(f"All {plural(total, 'phase')} have landed.", None)
    for phase in stack:
        if any(v.outcome is None for v in phase.validations):
            return Conclusion(
                f"All {plural(total, 'phase')} are made, not all are validated.", "validate --all", phase.reason
            )
    for phase in stack:
        for validation in phase.validations:
            if validation.outcome is Outcome.WAITING:
                name = validation.spec.name
                return Conclusion(
                    f"All {plural(total, 'phase')} are made; {phase.id} waits for the gate {name}.",
                    f"approve {phase.id} {name}",
                    "when a person has done it",
                )
    return Conclusion(f"All {plural(total, 'phase')} passed.", "pr --all --out pull-requests", "the descriptions")
