"""How a command that did not succeed says so: to a person on standard error, and to a program as `error`.

Every advice passes through here, so that each command in it speaks of the same repository and plan, and the one that is
to be typed again has the options that were typed.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from migrate.cli.settings import Settings
from migrate.errors import DeclinedError, Exit, MigrateError, PlanError, ValidationFailedError
from migrate.execution.redaction import redact
from migrate.limits import MESSAGE_CHARACTERS
from migrate.text import shortened

if TYPE_CHECKING:
    from migrate.stack.model import Stack
    from migrate.stack.project import Project

AGAIN = "run the command again"
"""What an advice says where the command that was typed is meant."""


def tell_failure(settings: Settings, error: MigrateError) -> Exit:
    """Print an error: what is wrong, where, and what to do. Returns its exit code."""
    out = settings.output
    if settings.verbose:
        import traceback

        out.say("".join(traceback.format_exception(error)).rstrip())
    out.say(tell_error(str(error)), fg="red")
    advice = spoken(settings, error)
    if advice:
        out.say(advice)
    say_where_left(settings)
    if is_retried(error, advice):
        out.say(f"Next: {settings.typed}   (when that is fixed)")
    return keep_document(settings, error)


def say_where_left(settings: Settings) -> None:
    """Say that the user is on no branch, where a command could not take them to the one that they were to be on."""
    if settings.opened is None:
        return
    from migrate.git.worktrees import unreached  # `--help` needs none of what that imports.

    goal = unreached(settings.opened)
    if goal is not None:
        goes = f"git switch {shlex.quote(goal)}"
        settings.output.say(f"You are on no branch: HEAD was left on the way to {goal}. {goes} takes you there.")


def keep_document(settings: Settings, error: MigrateError) -> Exit:
    """Keep an error of which a person has been told for the JSON document. Returns its exit code."""
    advice = spoken(settings, error)
    if is_retried(error, advice):
        advice = f"{advice or 'fix that'}; then: {settings.typed}"
    fail_with(settings, error.code, tell_error(error.message), error.where, advice)
    return error.exit_code


def tell_error(message: str) -> str:
    """A message as it is shown: no longer than one should be, and without secrets, also where it was cut in one."""
    return redact(shortened(message, MESSAGE_CHARACTERS), is_cut=True)


def fail_with(settings: Settings, code: str, message: str, where: str | None, advice: str | None) -> None:
    """Keep an error for the JSON document, where one is wanted."""
    if settings.wants_json:
        settings.output.fail({"code": code, "message": message, "where": where, "advice": advice or None})


def spoken(settings: Settings, error: MigrateError) -> str:
    """The advice of an error, with commands that work when they are typed."""
    # Who resolves a conflict goes to another folder first.
    anywhere = error.exit_code is Exit.CONFLICT
    advice = settings.advise(error.advice or "", anywhere=anywhere)
    return advice.replace(AGAIN, f"run {settings.typed} again")


def is_retried(error: MigrateError, advice: str) -> bool:
    """Whether the next command is the same one, because the advice names none."""
    fixable = error.is_retried or (isinstance(error, PlanError) and error.where is not None)
    return fixable and "migrate " not in advice


def declined() -> DeclinedError:
    """The error for an answer that was no."""
    return DeclinedError("Nothing was changed.")


def failed_validation(settings: Settings, project: Project, stack: Stack, name: str, why: str = "") -> Exit:
    """Keep for a program that a validation failed on a phase; a person was shown that by the reporter.

    `why` is given where the phase says something else, because it is stale.
    """
    from migrate.cli.checkout_message import entering
    from migrate.stack.phase_state import enabling

    phase = stack.get(name)
    able = enabling(phase.validations)
    enter = entering(project.repository, phase.present_branch)
    fix = f"{able}, then" if able else f"{enter}, commit a fix, then: migrate validate; if it may be flaky"
    advice = f"{fix}: migrate validate {phase.id}; or: migrate rollback"
    return keep_document(settings, ValidationFailedError(f"{phase.id} {why or phase.reason}", advice=advice))
