"""A validation as the plan defines it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from migrate.execution.command import Command


@dataclass(frozen=True)
class Validation:
    """A command that must succeed on a phase's commit, or a gate that a named person must confirm.

    `run`, `probe`, `prepare` and `setup` are argument lists or lines for `sh -c`. Three of them run before `run`, in
    the same slot: `probe`, which must succeed or else the validation is unavailable; `prepare`, the plan's setup for
    every validation; and `setup`, the setup of this one. `manual` says what a person must do. `phases` are globs of
    phase names. `timeout` is in seconds, for all commands together. `requires` names programs that must be on PATH.
    `baseline` is a regular expression that selects the lines of output that are problems: a run that fails, but only
    with problems that the base has too, is no worse.
    """

    name: str
    run: Command | None = None
    manual: str | None = None
    phases: tuple[str, ...] = ("*",)
    timeout: float | None = None
    env: tuple[tuple[str, str], ...] = ()
    probe: Command | None = None
    prepare: Command | None = None
    setup: Command | None = None
    requires: tuple[str, ...] = ()
    baseline: str | None = None

    def key(self) -> str:
        """A hash (16 hexadecimal digits) of all that decides the outcome; a receipt with another key does not count."""
        commands = [self.run, self.manual, self.probe, self.prepare, self.setup]
        decisive = [*commands, sorted(self.env), self.requires, self.baseline, self.timeout]
        return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:16]


def applicable_validations(specs: Iterable[Validation], phase: str, named: Sequence[str] = ()) -> list[Validation]:
    """The validations of a phase: those whose `phases` match it, and those that the phase itself names by glob."""
    return [
        spec
        for spec in specs
        if any(fnmatchcase(phase, glob) for glob in spec.phases) or any(fnmatchcase(spec.name, glob) for glob in named)
    ]


@dataclass(frozen=True)
class WantedReceipts:
    """Which receipts must be signed, by the plan."""

    approvals: bool = False
    receipts: bool = False

    def of(self, validation: Validation) -> bool:
        """Whether a receipt of a validation counts only when it is signed."""
        return self.approvals if validation.manual else self.receipts
