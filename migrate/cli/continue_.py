"""`migrate continue`"""

from __future__ import annotations

import click

from migrate.cli.carry import one as carry
from migrate.cli.land import again as land
from migrate.cli.restack import again as restack
from migrate.cli.settings import options, settings
from migrate.orchestrator.replay.conflict import proceed
from migrate.orchestrator.replay.restack import Options


@click.command(name="continue", short_help="Go on with a command that stopped at a conflict.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Go on with a command that stopped at a conflict, when you have settled it.

    What you made of it is kept first; then the whole command runs again and settles it as you did.
    """
    chosen = settings(context)
    found = proceed(chosen.project())
    how = Options(
        fetch="--fetch" in found.command,
        validate="--no-validate" not in found.command,
        hooks="--no-verify" not in found.command,
        resolutions=found.resolutions,
    )
    if found.command[0] == "carry":
        return carry(chosen, found.command[1], found.resolutions)
    return {"restack": restack, "land": land}[found.command[0]](chosen, how)
