"""`migrate init`"""

from __future__ import annotations

import click

from migrate.cli.settings import here, options, settings
from migrate.errors import Exit
from migrate.plan import display
from migrate.scaffold import EXAMPLES, example, first_plan, write_new


@click.command(name="init", short_help="Write a plan and a first phase.")
@click.option("--example", "which", type=click.Choice(EXAMPLES), help="Copy a migration that ships with the program.")
@click.option("--name", help="The migration's name; the folder's name when not given.")
@options
@click.pass_context
def command(context: click.Context, which: str | None, name: str | None) -> int:
    """Write a plan and a first phase into this repository. Nothing that is there is overwritten."""
    chosen = settings(context)
    files = example(which, here()) if which else first_plan(here(), name)
    written = [display(path) for path in write_new(files)]
    if chosen.json:
        chosen.output.json({"written": written})
    for path in written:
        chosen.output.say(f"wrote {path}")
    chosen.output.say("Read them, change them, commit them on the base branch or keep them untracked.")
    chosen.output.next("plan", "what the phases would do")
    return Exit.DONE
