"""`migrate run`"""

from __future__ import annotations

import click

from migrate.cli.complete import complete_phases
from migrate.cli.settings import options, settings
from migrate.cli.step import advance_and_report
from migrate.stack.run_options import RunOptions


@click.command(name="run", short_help="Run phases until none is left or something fails.")
@click.argument("phase", required=False, shell_complete=complete_phases)
@click.option("--to", metavar="PHASE", shell_complete=complete_phases, help="Stop after this phase.")
@click.option("--no-validate", is_flag=True, help="Make the commits and run no validation.")
@click.option("--no-verify", is_flag=True, help="Leave out the pre-commit and commit-msg hooks.")
@click.option("--strict", is_flag=True, help="Let a validation that cannot run stop like one that fails.")
@options
@click.pass_context
def command(
    context: click.Context, phase: str | None, to: str | None, no_validate: bool, no_verify: bool, strict: bool
) -> int:
    """Run phases until none is left or something fails; with PHASE up to that one, as with --to."""
    if phase is not None and to is not None:
        raise click.UsageError("name the last phase once: as PHASE, or behind --to", context)
    how = RunOptions(validate=not no_validate, hooks=not no_verify)
    return advance_and_report(settings(context), how, to=phase or to, only_one=False, strict=strict)
