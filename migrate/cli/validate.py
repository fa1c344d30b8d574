"""`migrate validate`"""

from __future__ import annotations

import click

from migrate.cli.complete import phases
from migrate.cli.failure import failed_validation
from migrate.cli.progress import Lines
from migrate.cli.settings import options, settings
from migrate.cli.status import as_json
from migrate.conclusion import conclude
from migrate.errors import Exit
from migrate.orchestrator.validating import targets, validate_stack
from migrate.phase_state import State


@click.command(name="validate", short_help="Run the validations of a phase, or of all.")
@click.argument("phase", required=False, shell_complete=phases)
@click.option("--all", "everything", is_flag=True, help="Every phase that has a branch.")
@click.option("--again", is_flag=True, help="Run also what has a receipt for the same tree and command.")
@click.option("--strict", is_flag=True, help="Let a validation that cannot run stop like one that fails.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, everything: bool, again: bool, strict: bool) -> int:
    """Run the validations of a phase on its branch: the one you are on when none is named."""
    chosen = settings(context)
    if phase is not None and everything:
        raise click.UsageError("name a PHASE or say --all, not both", context)
    project = chosen.project().strictly(strict)
    snapshot, stack = project.look()
    wanted = targets(project, snapshot, stack, phase, everything=everything)
    stack = validate_stack(project, wanted, Lines(chosen.output, project), again=again)
    said = conclude(stack)
    if chosen.json:
        chosen.output.json(as_json(stack, said))
    failed = [name for name in wanted if stack.get(name).state is State.FAILED]
    if failed:
        return failed_validation(chosen, stack, failed[0])
    if said.command is not None:
        chosen.output.next(said.command, said.why)
    return Exit.DONE
