"""Where the user stands when a command has ended, and which plan it was about."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from migrate.cli.output import Output
from migrate.git.repository import Repository
from migrate.plan.location import PlanOrigin
from migrate.stack.model import Stack
from migrate.stack.next_step import NextStep
from migrate.stack.project import Project
from migrate.stack.unknown_history import unseen_words

if TYPE_CHECKING:
    from migrate.orchestrator.switch import Switched


def say_where(out: Output, switched: Switched | None) -> None:
    """Say which branch the user is on now, or why they are where they were; nothing when nobody was to be moved."""
    if switched is not None:
        stays = f"Your branch was not switched: {switched.why}."
        out.say(f"You are on {switched.branch}." if switched.done else stays)


def say_plan(out: Output, project: Project) -> None:
    """Say where the plan was read from, as the header of a report."""
    if project.location is not None:
        out.say(f"plan {project.location.sentence}")


def say_where_phases_are(out: Output, project: Project) -> None:
    """Say from which branch phases are read, where the user stands on another one: editing them here has no effect."""
    base = project.plan.base
    is_tracked = project.location is not None and project.location.origin in (PlanOrigin.WORK_TREE, PlanOrigin.BASE)
    if is_tracked and project.repository.head().branch != base:
        out.say(f"Phases are read from {base}: git switch {base} before you fix one.")


def entering(repository: Repository, branch: str) -> str:
    """What to type to stand on a branch: a bare repository has no work tree, so that one is made beside it."""
    if repository.work_tree is not None:
        return f"git switch {shlex.quote(branch)}"
    place = f"../{branch.rpartition('/')[2]}"
    return f"git worktree add {shlex.quote(place)} {shlex.quote(branch)}"


def say_next(out: Output, next_step: NextStep) -> None:
    """Say the next command, or where there is none, why."""
    if next_step.command is None:
        out.say(next_step.sentence)
    else:
        out.next(next_step.command, next_step.why)


def say_unseen(out: Output, stack: Stack) -> None:
    """Say what this clone cannot see of the migration."""
    for line in unseen_words(stack):
        out.say(line, fg="yellow")


def plan_json(project: Project) -> dict[str, object]:
    """The same for programs: what a report adds to its result."""
    return {"plan": project.location.as_json()} if project.location is not None else {}
