"""`migrate run`"""

from __future__ import annotations

import click

from migrate.cli.complete import complete_phases
from migrate.cli.options import phase_argument, run_options, strict
from migrate.cli.settings import options, settings_of
from migrate.cli.step import advance_and_report
from migrate.stack.run_options import RunOptions


@click.command(name="run", short_help="Run phases until none is left or something fails.")
@phase_argument
@click.option("--to", metavar="PHASE", shell_complete=complete_phases, help="Stop after this phase.")
@run_options
@strict
@options
@click.pass_context
def command(context: click.Context, phase: str | None, to: str | None, how: RunOptions, strict: bool) -> int:
    """Run phases until none is left or something fails. With PHASE or --to, stop after that phase."""
    if phase is not None and to is not None:
        raise click.UsageError("give the last phase once: as PHASE or with --to", context)
    return advance_and_report(settings_of(context), how, to=phase or to, only_one=False, strict=strict)
