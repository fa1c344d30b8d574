"""`migrate land`"""

from __future__ import annotations

from collections.abc import Sequence

import click

from migrate.cli.checkout_message import say_next, say_where
from migrate.cli.failure import declined, failed_validation
from migrate.cli.options import fetch, run_options
from migrate.cli.output import Output
from migrate.cli.progress import Lines
from migrate.cli.restack import restack_line, restack_row, say_base
from migrate.cli.settings import Settings, options, settings_of
from migrate.cli.status import status_json
from migrate.errors import Exit
from migrate.orchestrator.land.command import LandingPlan, LandResult, LeavingBranch, land
from migrate.orchestrator.land.recognition import Presence, Recognition
from migrate.stack.conflict_state import Attempt, Stoppable
from migrate.stack.next_step import next_step_of
from migrate.stack.run_options import RunOptions


@click.command(name="land", short_help="Take what the base contains out of the stack.")
@fetch()
@run_options
@options
@click.pass_context
def command(context: click.Context, how: RunOptions) -> int:
    """Recognise what the base contains, however it was merged, take it out of the stack, and restack the rest.

    A phase that landed in part stays, and its files are listed.
    """
    return land_again(settings_of(context), Attempt(Stoppable("land", how)))


def land_again(settings: Settings, attempt: Attempt) -> int:
    """Land, and print what happened."""
    project = settings.project()
    out = settings.output

    def agree(decided: LandingPlan) -> bool:
        announce_landing(out, decided.landings, decided.leaving)
        for each in decided.moved:
            out.say(f"On {decided.web}: {decided.sign}{each.request.number} goes to {each.changes['base'].new}")
        is_news = bool(decided.moved) or not all(each.kept for each in decided.leaving)
        return not attempt.is_first or not is_news or settings.confirm("Continue?")

    done = land(project, Lines(out, project), agree, attempt, out.say)
    if done is None:
        raise declined()
    next_step = next_step_of(done.stack)
    say_base(out, done.stack, done.base)
    for rerun in done.rerun:
        out.say(restack_line(rerun))
    if settings.json:
        out.json({**tell_landed(done), **status_json(done.stack, next_step)})
    say_where(out, done.switched)
    if done.failed is not None:
        return failed_validation(settings, project, done.stack, done.failed)
    landed = [landing.phase.id for landing in done.landings if landing.how is not None]
    if not landed and not done.leaving:
        out.say("Nothing has landed.")
    elif not done.is_new:
        out.say(f"Nothing new has landed: {', '.join(landed)} left the stack before.")
    say_next(out, next_step)
    return Exit.DONE if done.is_new or done.base is not None else Exit.NOTHING_LEFT


def announce_landing(out: Output, landings: Sequence[Recognition], leaving: Sequence[LeavingBranch]) -> None:
    """Say what is recognised and how, what is there in part, and which branches go."""
    for landing in landings:
        if landing.how is not None:
            where = ", ".join(filter(None, ((landing.commit or "")[:7], request_words(landing))))
            out.say(f"{landing.phase.id} has landed: {landing.how}{f' ({where})' if where else ''}")
        elif landing.is_partial:
            there = sum(presence is Presence.THERE for _, presence in landing.files)
            out.say(f"{landing.phase.id} has landed in part: {there} of {len(landing.files)} files; not these:")
            for file, presence in landing.files:
                if presence is not Presence.THERE:
                    out.say(f"  {file.path}  {presence}")
    going = [each for each in leaving if not each.kept]
    if going:
        out.say("These branches will be deleted; their commits stay in the archive:")
        for each in going:
            out.say(f"  {each.branch}   {each.tip[:7]}")
    for each in leaving:
        if each.kept:
            out.say(f"{each.branch} stays: {each.kept}")


def request_words(landing: Recognition) -> str:
    """The request that brought a phase and how it was merged; nothing where no forge says so."""
    if landing.request is None:
        return ""
    how = f" by {landing.method}" if landing.method is not None else ""
    return f"{landing.request.sign}{landing.request.number}{how}"


def tell_landed(done: LandResult) -> dict[str, object]:
    """The landing for programs."""
    return {
        "landed": [
            {
                "id": each.phase.id,
                "how": each.how.name.lower(),
                "commit": each.commit,
                "request": {"number": each.request.number, "method": each.method} if each.request else None,
            }
            for each in done.landings
            if each.how is not None
        ],
        "partial": [
            {"id": each.phase.id, "files": {file.path: str(presence) for file, presence in each.files}}
            for each in done.landings
            if each.is_partial
        ],
        "kept": [{"branch": each.branch, "why": each.kept} for each in done.leaving if each.kept],
        "restacked": [restack_row(rerun) for rerun in done.rerun],
    }
