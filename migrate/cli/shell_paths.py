"""Files and folders for the shell to complete. It knows them best, so it is only told which of the two is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def complete_folders(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """A folder is wanted."""
    from click.shell_completion import CompletionItem  # Every command would pay for it.

    return [CompletionItem(typed, type="dir")]


def complete_files(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """A file is wanted."""
    from click.shell_completion import CompletionItem  # Every command would pay for it.

    return [CompletionItem(typed, type="file")]
