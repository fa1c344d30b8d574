"""Validations as plain data for a template. Only one that passed is called passed."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from migrate.describe.values import Values
from migrate.execution.command import Command
from migrate.stack.phase_state import ValidationState
from migrate.text import long_duration
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import Receipt

WORDS = {
    Outcome.PASSED: "passed",
    Outcome.FAILED: "failed",
    Outcome.UNAVAILABLE: "not run",
    Outcome.WAITING: "waiting for a person",
    Outcome.NO_WORSE: "fails as on the base",
}

SAME = "fails as it does on the base"
"""How the reason of a failure that is no worse than on the base begins (`validation/session.py`)."""


def validation_rows(states: Iterable[ValidationState]) -> list[Values]:
    """One row for each validation: `name`, `command`, `is_gate`, `word`, `is_good`, `reason`, `time`, `signature`.

    The last three may be empty; `signature` says what the signature is worth.
    """
    return [validation_row(state) for state in states]


def validation_row(state: ValidationState) -> Values:
    """The row of one validation."""
    spec, outcome = state.spec, state.outcome
    values: Values = {
        "name": spec.name,
        "command": command_line(spec.run) if spec.run else "",
        "is_gate": spec.manual is not None,
        "word": WORDS[outcome] if outcome else "not run",
        "is_good": outcome is not None and outcome.is_good,
        "reason": state.receipt.reason if state.receipt else state.before,
        "time": "",
        "signature": state.signed,
    }
    if state.receipt is None:
        return values
    if outcome is Outcome.NO_WORSE:
        # A receipt says this in a sentence of its own; here it follows the word.
        values["reason"] = state.receipt.reason.removeprefix(SAME).strip(" ()")
    if spec.manual is not None and outcome is Outcome.PASSED:
        return {**values, "word": "approved", "reason": approval_row(state.receipt, state.signed)}
    if outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.NO_WORSE):
        values["time"] = long_duration(state.receipt.seconds)
    return values


def approval_row(receipt: Receipt, signed: str) -> str:
    """Who approved a gate, when, whether they signed it, and what they wrote: their name without the address."""
    said = f"by {approving_person(receipt.who)} on {receipt.when[:10]}, {signed}"
    return f"{said} ({receipt.note})" if receipt.note else said


def approving_person(identity: str) -> str:
    """`Ann <ann@example.com>` → `Ann`."""
    return identity.partition("<")[0].strip() or "an unknown person"


def command_line(command: Command) -> str:
    """A command as one would type it, on one line."""
    return " ".join((command if isinstance(command, str) else shlex.join(command)).split())


def open_gates(phase_id: str, states: Iterable[ValidationState]) -> list[Values]:
    """The gates that wait: `name`, `what` a person must do, and the command that `approve`s it."""
    return [
        {
            "name": state.spec.name,
            "what": state.spec.manual or "",
            "approve": shlex.join(["migrate", "approve", phase_id, state.spec.name]),
        }
        for state in states
        if state.outcome is Outcome.WAITING
    ]
