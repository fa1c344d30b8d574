"""`migrate journal`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next
from migrate.cli.output import Output
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.stack.entries import EntryKind, JournalEntry, read_journal
from migrate.stack.next_step import next_step_of
from migrate.stack.unknown_history import unshallow


@click.command(name="journal", short_help="Print what every command moved: who, when, from where to where.")
@click.option("-n", "--last", metavar="NUMBER", type=click.IntRange(min=1), help="Number of operations to print.")
@options
@click.pass_context
def command(context: click.Context, last: int | None) -> int:
    """Print every operation, the last one first: who did it, when, and which refs moved from where to where."""
    settings = settings_of(context)
    project = settings.look()
    now = project.look()
    tip = now.snapshot.refs.get(project.names.journal)
    entries = read_journal(project.repository, project.names, tip, last=last)
    shown = list(reversed(entries))[:last]
    if settings.json:
        settings.output.json([journal_row(entry) for entry in shown])
    else:
        for entry in shown:
            show_journal(settings.output, entry, project.names.archive_prefix)
    if not entries:
        settings.output.say("This clone has no journal: nothing was done in it, and no sync brought one.")
        say_next(settings.output, next_step_of(now.stack))
    elif entries[0].oid in project.repository.shallow:
        brings = f"{unshallow(project.plan.remote)} {project.names.journal}"
        settings.output.say(f"this clone is shallow, so earlier operations are not shown   ({brings})")
    return Exit.DONE


def show_journal(out: Output, entry: JournalEntry, archive: str) -> None:
    """Print one operation."""
    if entry.kind is EntryKind.UNREADABLE:
        out.result(f"{entry.oid[:12]} is {entry.title}, and is ignored   (git show {entry.oid[:12]})", fg="yellow")
        return
    out.result(f"{entry.number}  {entry.title}", bold=True)
    typed = f", {entry.command}" if entry.command else ""
    out.result(f"    {entry.when}  {entry.who}{typed}")
    for update in entry.refs:
        if not update.ref.startswith(archive):
            out.result(f"    {update.ref.removeprefix(BRANCH)}  {journal_arrow(update)}")


def journal_arrow(update: RefUpdate) -> str:
    """From where to where."""
    return f"{update.old[:7] if update.old else 'new'} → {update.new[:7] if update.new else 'gone'}"


def journal_row(entry: JournalEntry) -> dict[str, object]:
    """One operation for programs."""
    return {
        "number": entry.number or None,
        "title": entry.title,
        "kind": str(entry.kind),
        "command": entry.command,
        "who": entry.who,
        "when": entry.when,
        "refs": [{"ref": update.ref, "old": update.old, "new": update.new} for update in entry.refs],
    }
