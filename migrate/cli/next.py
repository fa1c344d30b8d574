"""`migrate next`"""

from __future__ import annotations

import click

from migrate.cli.complete import complete_phases
from migrate.cli.settings import options, settings
from migrate.cli.step import advance_and_report
from migrate.stack.run_options import RunOptions


@click.command(name="next", short_help="Run one phase and validate it.")
@click.argument("phase", required=False, shell_complete=complete_phases)
@click.option("--no-validate", is_flag=True, help="Make the commit and run no validation.")
@click.option("--no-verify", is_flag=True, help="Leave out the pre-commit and commit-msg hooks.")
@click.option("--strict", is_flag=True, help="Let a validation that cannot run stop like one that fails.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, no_validate: bool, no_verify: bool, strict: bool) -> int:
    """Run one phase: apply, commit on a branch of its own, validate, switch to it.

    PHASE must be the next one; without it, that is the one that runs.
    """
    how = RunOptions(validate=not no_validate, hooks=not no_verify)
    return advance_and_report(settings(context), how, to=phase, only_one=True, strict=strict)
