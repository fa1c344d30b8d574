"""`migrate abort`"""

from __future__ import annotations

import click

from migrate.cli.settings import options, settings_of
from migrate.errors import Exit
from migrate.orchestrator.replay.conflict import abort_conflict


@click.command(name="abort", short_help="Give up a command that stopped at a conflict.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Give up a command that stopped at a conflict. Everything is as it was before the command."""
    settings = settings_of(context)
    pending_conflict = abort_conflict(settings.project())
    if settings.json:
        settings.output.json({"aborted": list(pending_conflict)})
    what = f"migrate {' '.join(pending_conflict)}" if pending_conflict else "What stopped"
    settings.output.say(f"{what} was given up. No branch moved.")
    settings.output.next("status")
    return Exit.DONE
