"""Words for the shell to complete: plan and refs are read, and nothing is run, or said when they cannot be."""

from __future__ import annotations

from collections.abc import Iterable

import click
from click.shell_completion import CompletionItem

from migrate.cli.settings import command_folder, settings_of
from migrate.errors import MigrateError
from migrate.git.paths import folder_of
from migrate.git.repository import Repository
from migrate.plan.model import Plan
from migrate.stack.project import Project
from migrate.text import printable


def complete_phases(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The names of the plan's phases, with their titles."""
    plan = readable_plan(context)
    return matching(((source.id, source.title) for source in plan.phases) if plan else (), typed)


def complete_gates(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The gates of the phase that was named before."""
    plan = readable_plan(context)
    try:
        specs = plan.validations_of(plan.phase(context.params.get("phase") or "")) if plan else ()
    except MigrateError:
        specs = ()
    return matching(((spec.name, spec.manual) for spec in specs if spec.manual), typed)


def complete_branches(context: click.Context, _: click.Parameter, typed: str) -> list[CompletionItem]:
    """The branches that `carry` can take: those here and those of the remote that are not the migration's own."""
    from migrate.orchestrator.carry.command import local_branches, remote_branches

    project = readable_project(context)
    if project is None:
        return []
    try:
        local, remote = local_branches(project), remote_branches(project)
    except MigrateError:
        return []
    there = f"on {project.plan.remote}"
    return matching(((name, "" if name in local else there) for name in sorted({*local, *remote})), typed)


def complete_old_paths(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Paths as they are and as they were before the migration, one folder after the other."""
    from migrate.cli.known_paths import known_paths

    try:
        known = known_paths(Repository.open(command_folder()))
    except (MigrateError, OSError):
        return []
    dot = "./" if typed.startswith("./") else ""
    return matching(((path, "") for path in complete_next_parts([f"{dot}{path}" for path in known], typed)), typed)


def complete_next_parts(paths: Iterable[str], typed: str) -> list[str]:
    """What may follow a part of a path: files, and folders with a slash; of a single folder what is in it.

    A shell that is offered one word alone puts a space behind it.
    """
    below = [path for path in paths if path.startswith(typed)]
    while True:
        start = folder_of(typed)
        skip = len(start) + 1 if start else 0
        parts = {path[: path.index("/", skip) + 1] if "/" in path[skip:] else path for path in below}
        if len(parts) != 1 or not (only := next(iter(parts))).endswith("/"):
            return sorted(parts)
        typed = only


def readable_plan(context: click.Context) -> Plan | None:
    """The plan, when there is one that can be read."""
    project = readable_project(context)
    return project.plan if project is not None else None


def readable_project(context: click.Context) -> Project | None:
    """The repository with its plan, when there is one that can be read."""
    try:
        return Project.open(command_folder(), settings_of(context).plan_file)
    except (MigrateError, OSError):
        return None


def matching(words: Iterable[tuple[str, str]], typed: str) -> list[CompletionItem]:
    """The words that begin as typed; one that a terminal would obey is not offered."""
    return [
        CompletionItem(word, help=printable(text))
        for word, text in words
        if word.startswith(typed) and word.isprintable()
    ]
