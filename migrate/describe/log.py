"""The plan's *Migration Log* as Markdown, from the real state: nothing is ticked that did not happen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from migrate.describe.change_rows import change_rows, move_rows
from migrate.describe.document import render_document
from migrate.describe.validation_rows import validation_rows
from migrate.describe.values import Values
from migrate.git.objects import TreeId
from migrate.plan.location import PlanLocation
from migrate.plan.model import Plan
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.text import plural

TEMPLATE = "migration_log.md.j2"


class LandedAs(NamedTuple):
    """How the validations of a landed phase went; `tree` is the tree with which it landed on the base."""

    tree: TreeId
    validations: tuple[ValidationState, ...]


def migration_log(
    plan: Plan,
    stack: Stack,
    home: PlanLocation | None = None,
    landed: Mapping[str, LandedAs] | None = None,
) -> str:
    """The log of a migration: for each phase its state, then a check list of what it did and how it was validated.

    `home` is where the plan was read from, `landed` how the validations of landed phases went.
    """
    counted = [(state, sum(phase.state is state for phase in stack)) for state in State]
    values: Values = {
        "migration": {"name": plan.name, "title": plan.title, "base": plan.base},
        "base_commit": stack.base[:7],
        "read_from": home.sentence if home is not None else "",
        "is_shallow": stack.is_shallow,
        "newer": plural(stack.newer, "commit") if stack.newer else "",
        "summary": ", ".join(f"{count} {state}" for state, count in counted if count),
        "total": plural(len(stack.phases), "phase"),
        "phases": [logged_phase(phase, number, (landed or {}).get(phase.id)) for number, phase in enumerate(stack, 1)],
    }
    return render_document(TEMPLATE, plan.templates_dir, values)


def logged_phase(phase: PhaseState, number: int, landed: LandedAs | None = None) -> Values:
    """One phase of the log. A commit of the base is read without its files, so a landed phase counts none."""
    commit = phase.tip or phase.commit
    changed = bool(phase.files)
    return {
        "number": number,
        "id": phase.id,
        "title": phase.source.title,
        "state": str(phase.state),
        "caveat": phase.reason if phase.state in (State.FAILED, State.STALE) else "",
        "has_run": phase.commit is not None or phase.state is State.LANDED,
        "branch": "" if phase.tip is None else phase.branch,
        "commit": commit.oid[:7] if commit else "",
        "date": commit.date[:10] if commit else "",
        "moves": [moved_rows(row, changed) for row in move_rows(phase.moves, phase.files)],
        "changes": [row for row in change_rows(phase.files) if row["verb"] != "moved"],
        "written": [file.path for file in phase.files if file.is_written],
        "hand_edits": plural(len(phase.hand_edits), "commit") if phase.hand_edits else "",
        "validations": [{**row, "on": ""} for row in validation_rows(phase.validations)]
        if landed is None
        else [as_landed(landed.tree, state) for state in landed.validations],
    }


def as_landed(tree: TreeId, state: ValidationState) -> Values:
    """The row of a validation of a landed phase; `on` is the commit on which it ran, when another one landed."""
    (values,) = validation_rows([state])
    if state.receipt is None:
        return {**values, "word": "no receipt", "on": ""}
    return {**values, "on": "" if state.receipt.tree == tree else state.receipt.commit[:7]}


def moved_rows(row: Values, counted: bool) -> Values:
    """The rows of the move table; `files` is the number of files in words, empty when they were not counted."""
    files = row["files"]
    assert isinstance(files, int)
    return {**row, "files": plural(files, "file") if counted else ""}
