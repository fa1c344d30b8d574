"""`migrate log`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import plan_json, say_unseen
from migrate.cli.settings import options, settings_of
from migrate.cli.status import status_json
from migrate.describe.log import migration_log
from migrate.errors import Exit
from migrate.orchestrator.landed_receipts import landed_validations
from migrate.stack.entries import read_journal
from migrate.stack.next_step import next_step_of
from migrate.stack.phase_state import State


@click.command(name="log", short_help="Print the migration log as Markdown.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Print the migration log as Markdown, from what really happened."""
    settings = settings_of(context)
    project = settings.look()
    now = project.look()
    stack = now.stack
    say_unseen(settings.output, stack)
    if settings.json:
        settings.output.json({**status_json(stack, next_step_of(stack)), **plan_json(project)})
    else:
        has_landed = any(phase.state is State.LANDED for phase in stack)
        tip = now.snapshot.refs.get(project.names.journal) if has_landed else None
        journal = read_journal(project.repository, project.names, tip)
        landed = landed_validations(now, journal)
        settings.output.document(migration_log(project.plan, stack, project.location, landed).rstrip("\n"))
    return Exit.DONE
