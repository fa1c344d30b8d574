"""What `next` and `run` share: carrying the step out and saying how it ended."""

from __future__ import annotations

from migrate.cli.checkout_message import say_unseen, say_where, say_where_phases_are
from migrate.cli.failure import failed_validation, tell_failure
from migrate.cli.progress import Lines
from migrate.cli.settings import Settings
from migrate.cli.status import status_json
from migrate.errors import Exit
from migrate.orchestrator.advance import advance
from migrate.stack.next_step import next_step_of
from migrate.stack.run_options import RunOptions


def advance_and_report(settings: Settings, options: RunOptions, *, to: str | None, only_one: bool, strict: bool) -> int:
    """Run pending phases and print what happened."""
    project = settings.project().strictly(strict)
    target = project.plan.phase(to).id if to is not None else None
    reporter = Lines(settings.output, project)
    done = advance(project, reporter, options, to=target, only_one=only_one)
    say_where(settings.output, done.switched)
    say_unseen(settings.output, done.stack)
    next_step = next_step_of(done.stack)
    if settings.json:
        settings.output.json({"made": list(done.made), "error": None, **status_json(done.stack, next_step)})
    if done.error is not None:
        say_where_phases_are(settings.output, project)
        return tell_failure(settings, done.error)
    if done.failed is not None:
        return failed_validation(settings, project, done.stack, done.failed)
    if not done.made:
        settings.output.say(next_step.sentence if target is None else f"Every phase up to {target} is made.")
    if next_step.command is not None:
        settings.output.next(next_step.command, next_step.why)
    return Exit.DONE if done.made or done.caught_up else Exit.NOTHING_LEFT
