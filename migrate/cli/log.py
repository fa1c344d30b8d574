"""`migrate log`"""

from __future__ import annotations

import click

from migrate.cli.settings import options, settings
from migrate.cli.standing import plan_json, say_unseen
from migrate.cli.status import as_json
from migrate.conclusion import conclude
from migrate.describe.log import migration_log
from migrate.errors import Exit


@click.command(name="log", short_help="Print the migration log as Markdown.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Print the migration log as Markdown, from what really happened."""
    chosen = settings(context)
    project = chosen.look()
    _, stack = project.look()
    say_unseen(chosen.output, stack)
    if chosen.json:
        chosen.output.json({**as_json(stack, conclude(stack)), **plan_json(project)})
    else:
        chosen.output.document(migration_log(project.plan, stack, project.home).rstrip("\n"))
    return Exit.DONE
