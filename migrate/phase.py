"""The phase contract, and loading a phase module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from migrate.workspace import Workspace


@dataclass(frozen=True)
class Phase:
    """What a module says of itself, as the literal `PHASE = Phase(…)`.

    `validations` are names or globs of the plan's validations, beside those that name this phase; `may_be_empty`
    allows a run that changes nothing.
    """

    validations: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True)
class Problem:
    """A reason why a phase cannot run, found by its `preflight`, and what to do about it."""

    message: str
    advice: str | None = None


class PhaseModule(Protocol):
    """What a phase module must offer; `preflight(ws) -> Iterable[Problem]` and `PHASE` are optional."""

    def apply(self, ws: Workspace, /) -> None:
        """Edit the workspace."""


class Preflight(Protocol):
    """The optional check before `apply`."""

    def __call__(self, ws: Workspace, /) -> Iterable[Problem]:
        """Say why the phase cannot run on this tree."""
