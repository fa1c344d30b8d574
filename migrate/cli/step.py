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


def advance_and_report(chosen: Settings, options: RunOptions, *, to: str | None, only_one: bool, strict: bool) -> int:
    """Run pending phases and print what happened."""
    project = chosen.project().strictly(strict)
    target = project.plan.phase(to).id if to is not None else None
    reporter = Lines(chosen.output, project)
    done = advance(project, reporter, options, to=target, only_one=only_one)
    say_where(chosen.output, done.switched)
    say_unseen(chosen.output, done.stack)
    said = next_step_of(done.stack)
    if chosen.json:
        chosen.output.json({"made": list(done.made), "error": None, **status_json(done.stack, said)})
    if done.error is not None:
        say_where_phases_are(chosen.output, project)
        return tell_failure(chosen, done.error)
    if done.failed is not None:
        return failed_validation(chosen, done.stack, done.failed)
    if not done.made:
        chosen.output.say(said.sentence if target is None else f"Every phase up to {target} is made.")
    if said.command is not None:
        chosen.output.next(said.command, said.why)
    return Exit.DONE if done.made or done.caught_up else Exit.NOTHING_LEFT
