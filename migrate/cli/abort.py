"""`migrate abort`"""

from __future__ import annotations

import click

from migrate.cli.settings import options, settings
from migrate.errors import Exit
from migrate.orchestrator.replay.conflict import abort_conflict


@click.command(name="abort", short_help="Give up a command that stopped at a conflict.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Give up a command that stopped at a conflict: everything is as it was before it."""
    chosen = settings(context)
    stopped = abort_conflict(chosen.project())
    if chosen.json:
        chosen.output.json({"aborted": list(stopped)})
    what = f"migrate {' '.join(stopped)}" if stopped else "What stopped"
    chosen.output.say(f"{what} is given up; every branch is where it was.")
    chosen.output.next("status")
    return Exit.DONE
