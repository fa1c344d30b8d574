"""Words for the shell to complete: the plan is read, and nothing is run or said when it cannot be."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from migrate.cli.settings import here, settings
from migrate.errors import MigrateError
from migrate.plan import Plan
from migrate.project import Project


def phases(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The names of the plan's phases, with their titles."""
    plan = readable_plan(context)
    return matching(((source.id, source.title) for source in plan.phases) if plan else (), typed)


def gates(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The gates of the phase that was named before."""
    plan = readable_plan(context)
    try:
        specs = plan.validations_of(plan.phase(context.params.get("phase") or "")) if plan else ()
    except MigrateError:
        specs = ()
    return matching(((spec.name, spec.manual) for spec in specs if spec.manual), typed)


def readable_plan(context: click.Context) -> Plan | None:
    """The plan, when there is one that can be read."""
    try:
        return Project.open(here(), settings(context).plan_file).plan
    except (MigrateError, OSError):
        return None


def matching(words: Iterable[tuple[str, str]], typed: str) -> list[CompletionItem]:
    """The words that begin as typed."""
    return [CompletionItem(word, help=text) for word, text in words if word.startswith(typed)]
