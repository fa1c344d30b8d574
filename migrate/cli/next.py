"""`migrate next`"""

from __future__ import annotations

import click

from migrate.cli.options import phase_argument, run_options, strict
from migrate.cli.settings import options, settings_of
from migrate.cli.step import advance_and_report
from migrate.stack.run_options import RunOptions


@click.command(name="next", short_help="Run one phase and validate it.")
@phase_argument
@run_options
@strict
@options
@click.pass_context
def command(context: click.Context, phase: str | None, how: RunOptions, strict: bool) -> int:
    """Run one phase: apply, commit on a branch of its own, validate, switch to it.

    PHASE must be the next phase, which is also the default.
    """
    return advance_and_report(settings_of(context), how, to=phase, only_one=True, strict=strict)
