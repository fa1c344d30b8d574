"""Checks what the phases of a plan say about each other and about the plan, once all of them have been read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from itertools import pairwise

from migrate.errors import PlanError
from migrate.plan.phase_source import PhaseSource, phase_number
from migrate.plan.validation import Validation
from migrate.text import did_you_mean, printable


def check_numbers(phases: Sequence[PhaseSource]) -> None:
    """Raise `PlanError` for two phases with one number: `p02` could mean either, and their order would be unknown."""
    for below, above in pairwise(sorted(phases, key=lambda source: phase_number(source.path))):
        number = phase_number(above.path)
        if phase_number(below.path) == number:
            raise PlanError(
                f'"{below.label}" has the number {number} too, but a number must name one phase',
                where=above.label,
                advice="rename one of them; if it has run already, its PHASE says what it was: "
                f'Phase(formerly=("{above.id}",))',
            )


def with_validations_checked(
    phases: Sequence[PhaseSource], validations: Sequence[Validation]
) -> tuple[PhaseSource, ...]:
    """The phases, with a problem for each that names a validation that is not in the plan."""
    known = [validation.name for validation in validations]
    checked = []
    for source in phases:
        wanted = source.declaration.validations
        unknown = next((name for name in wanted if not any(fnmatchcase(other, name) for other in known)), None)
        if unknown is None:
            checked.append(source)
            continue
        message = f'validation "{printable(unknown)}" is not defined{did_you_mean(unknown, known)}'
        checked.append(source.with_problem(message))
    return tuple(checked)


def with_former_names_checked(migration: str, phases: Sequence[PhaseSource]) -> tuple[PhaseSource, ...]:
    """The phases, with a problem for each that claims the name or a former name of another.

    Such a claim is ignored, so that a former name leads to one phase at most.
    """
    claims = {source.id: former_names_of_phases(migration, source) for source in phases}
    checked = []
    for source in phases:
        message = former_name_taken(source, phases, claims)
        free = replace(source, declaration=replace(source.declaration, formerly=())) if message else source
        checked.append(free.with_problem(message))
    return tuple(checked)


def former_names_of_phases(migration: str, source: PhaseSource) -> list[str]:
    """The former names of a phase; those within this migration without the name of the migration."""
    return [name.removeprefix(f"{migration}/") for name in source.declaration.formerly]


def former_name_taken(source: PhaseSource, phases: Sequence[PhaseSource], claims: dict[str, list[str]]) -> str:
    """What is wrong with the former names of a phase; empty when nothing is."""
    for name in claims[source.id]:
        if name in claims:
            return f'formerly has "{name}", but the plan has a phase with that name now'
        rival = next((other for other in phases if other is not source and name in claims[other.id]), None)
        if rival is not None:
            return f'formerly has "{name}", and that of "{rival.label}" has it too'
    return ""
