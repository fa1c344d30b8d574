"""`migrate redo`"""

from __future__ import annotations

import click

from migrate.cli.settings import options, settings_of
from migrate.cli.undo import turn_back
from migrate.stack.entries import EntryKind


@click.command(name="redo", short_help="Redo what was undone last.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Redo what was undone last. The same commits come back; nothing runs."""
    return turn_back(settings_of(context), EntryKind.REDO)
