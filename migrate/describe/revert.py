"""The description of a branch that takes published phases back."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.describe.document import render_document
from migrate.describe.links import Links
from migrate.describe.markers import mark_generated
from migrate.describe.validation_rows import open_gates, validation_rows
from migrate.describe.values import Values
from migrate.git.objects import CommitId
from migrate.plan.model import Plan
from migrate.stack.phase_state import ValidationState
from migrate.templating.markdown import plain_text

TEMPLATE = "revert_pull_request.md.j2"


@dataclass(frozen=True)
class Reverted:
    """A phase that is being reverted: its name, the commit to undo, and its title."""

    phase: str
    commit: CommitId
    title: str


def revert_title(reverted: Sequence[Reverted]) -> str:
    """The title of the pull request: `Revert "Move generic utilities to pkg/"`, or the first and last of several."""
    if len(reverted) == 1:
        return f'Revert "{plain_text(reverted[0].title)}"'
    return f"Revert {len(reverted)} phases: {reverted[0].phase} to {reverted[-1].phase}"


def describe_revert(
    plan: Plan,
    *,
    branch: str,
    commit: CommitId,
    base: str,
    reverted: Sequence[Reverted],
    validations: Sequence[ValidationState] = (),
    links: Links | None = None,
) -> str:
    """The description of a revert's pull request, between markers as `pull_request.describe` has them.

    `reverted` lists the phases bottom first; `branch` stands on `base` and ends at `commit`.
    """
    pages = links or Links()
    undone: list[Values] = [
        {
            "phase": one.phase,
            "commit": one.commit[:7],
            "title": one.title,
            "url": pages.commit(one.commit),
        }
        for one in reversed(reverted)
    ]
    values: Values = {
        "migration": {"name": plan.name, "title": plan.title, "base": plan.base},
        "reverted": undone,
        "branch": branch,
        "commit": commit[:7],
        "base": {"name": base, "url": pages.branch(base)},
        "validations": validation_rows(validations),
        "gates": open_gates(reverted[0].phase, validations),
        "reproduce": f"git switch {shlex.quote(branch)}",
    }
    return mark_generated(f"{plan.name} {branch}", render_document(TEMPLATE, plan.templates_dir, values))
