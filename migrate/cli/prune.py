"""`migrate prune`"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

import click

from migrate.cli.failure import declined
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit
from migrate.orchestrator.prune import Archive, prune
from migrate.text import plural

DEFAULT = "30d"
DAYS = {"d": 1, "w": 7}


def age(context: click.Context, parameter: click.Parameter, value: str | None) -> timedelta | None:
    """A time such as `30d` or `4w`."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,5})([dw])", value)
    if found is None:
        raise click.BadParameter(f'"{value}" is not a number of days or weeks, such as 30d or 4w', context, parameter)
    return timedelta(days=int(found[1]) * DAYS[found[2]])


@click.command(name="prune", short_help="Drop old archives.")
@click.option(
    "--keep", metavar="NUMBER", type=click.IntRange(min=0), help="Number of newest operations whose archives are kept."
)
@click.option(
    "--older-than",
    "older",
    metavar="AGE",
    callback=age,
    help=f"Drop only what is older, such as 4w; {DEFAULT} without --keep.",
)
@options
@click.pass_context
def command(context: click.Context, keep: int | None, older: timedelta | None) -> int:
    """Drop what operations replaced long ago. Git may then delete those commits, and undo cannot restore them.


    Only the archive changes; branches do not. The next sync drops it on the remote, and in each clone that syncs.
    """
    settings = settings_of(context)
    out = settings.output
    if keep is None and older is None:
        older = timedelta(days=30)

    def agree(found: Sequence[Archive]) -> bool:
        out.say("These archives will be deleted. Undo can bring back what they hold only until git gc deletes it:")
        for each in found:
            when = each.when.date().isoformat() if each.when else "unknown"
            out.say(f"  {each.number}  {when}  {plural(len(each.refs), 'ref')}  {each.title}".rstrip())
        return settings.confirm("Continue?")

    done = prune(settings.project(), agree, keep=keep, older=older)
    if done is None:
        raise declined()
    if settings.json:
        out.json({"pruned": [{"operation": each.number, "refs": [ref for ref, _ in each.refs]} for each in done]})
    if not done:
        out.say("No archive is old enough.")
        return Exit.NOTHING_LEFT
    out.say(f"The archives of {plural(len(done), 'operation')} were deleted.")
    out.next("status")
    return Exit.DONE
