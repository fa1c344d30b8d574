"""`migrate continue`"""

from __future__ import annotations

import click

from migrate.cli.restack import again
from migrate.cli.settings import options, settings
from migrate.orchestrator.stopping import proceed


@click.command(name="continue", short_help="Go on with a command that stopped at a conflict.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Go on with a command that stopped at a conflict, when you have settled it.

    What you made of it is kept first; then the whole command runs again and settles it as you did.
    """
    chosen = settings(context)
    found = proceed(chosen.project())
    validate = "--no-validate" not in found.command
    return again(chosen, fetch=False, validate=validate, resolutions=found.resolutions)
