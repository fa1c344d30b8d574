"""`migrate validate`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next, say_unseen
from migrate.cli.failure import failed_validation, keep_document
from migrate.cli.options import everything, phase_argument, strict
from migrate.cli.phase_json import validation_json
from migrate.cli.progress import Lines
from migrate.cli.settings import Settings, options, settings_of
from migrate.cli.status import status_json
from migrate.errors import Exit, ValidationFailedError
from migrate.orchestrator.validate import Judgement, validate, validation_failure
from migrate.stack.checked_out import ApartCommit
from migrate.stack.model import Stack
from migrate.stack.next_step import next_step_of
from migrate.stack.phase_state import State, enabling


@click.command(name="validate", short_help="Run the validations of a phase, or of all.")
@phase_argument
@everything("Every phase that has a branch.")
@click.option("--again", is_flag=True, help="Also run what has a receipt for the same tree and command.")
@strict
@options
@click.pass_context
def command(context: click.Context, phase: str | None, everything: bool, again: bool, strict: bool) -> int:
    """Run the validations of PHASE on its branch. Default: the phase you are on.

    On another branch of the migration, such as a revert branch, run the validations that apply to it.
    """
    settings = settings_of(context)
    if phase is not None and everything:
        raise click.UsageError("give a PHASE or --all, not both", context)
    project = settings.project().strictly(strict)
    lines = Lines(settings.output, project)

    def seen(stack: Stack, found: ApartCommit | None) -> None:
        say_unseen(settings.output, stack)
        if found is not None:
            lines.begun(found.title, found.validations)

    result = validate(project, phase, lines, seen, everything=everything, again=again)
    stack = result.stack
    if result.apart is not None and result.judgement is not None:
        return of_no_phase(settings, stack, result.apart, result.judgement)
    if settings.json:
        settings.output.json(status_json(stack, next_step_of(stack)))
    failed = next(((name, why) for name in result.phases if (why := validation_failure(stack, name))), None)
    if failed is not None:
        if stack.get(failed[0]).state is not State.FAILED:  # Of one that did the reporter told.
            settings.output.say(f"{failed[0]} {failed[1]}.")
            done(settings, stack)
        return failed_validation(settings, project, stack, *failed)
    return done(settings, stack)


def of_no_phase(settings: Settings, stack: Stack, found: ApartCommit, came: Judgement) -> Exit:
    """Say what came of validating what is checked out and is of no phase."""
    reason = f" ({came.reason})" if came.reason else ""
    if settings.json:
        row = {
            "branch": found.branch,
            "commit": found.commit,
            "state": str(came.state),
            "reason": came.reason or None,
            "takes_back": list(found.takes_back),
            "validations": [validation_json(each) for each in came.validations],
        }
        settings.output.json({**status_json(stack, next_step_of(stack)), "checked_out": row})
    if came.state is State.FAILED:
        fix = enabling(came.validations) or "commit a fix there"
        advice = f"{fix}, then: migrate validate"
        settings.output.say(f"{found.name} {came.reason}")
        settings.output.say(f"  {settings.advise(advice)}")
        return keep_document(settings, ValidationFailedError(f"{found.name} {came.reason}", advice=advice))
    at = f" ({found.commit[:7]})" if found.branch is not None else ""
    settings.output.say(f"{found.name}{at} {came.state}{reason}.")
    return done(settings, stack)


def done(settings: Settings, stack: Stack) -> Exit:
    """Say what is next."""
    say_next(settings.output, next_step_of(stack))
    return Exit.DONE
