"""`migrate continue`"""

from __future__ import annotations

import click

from migrate.cli.carry import carry_one as carry
from migrate.cli.land import land_again as land
from migrate.cli.restack import restack_again as restack
from migrate.cli.settings import options, settings_of
from migrate.orchestrator.replay.conflict import resume


@click.command(name="continue", short_help="Continue a command that stopped at a conflict.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Continue a command that stopped at a conflict, once you have resolved it.

    Your resolution is saved first. Then the whole command runs again and uses it.
    """
    settings = settings_of(context)
    attempt = resume(settings.project())
    return {"restack": restack, "land": land, "carry": carry}[attempt.command.name](settings, attempt)
