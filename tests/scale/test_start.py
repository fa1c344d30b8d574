"""What is imported before a command begins."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from migrate.cli.app import all_commands, short_help
from migrate.cli.command_names import COMMANDS

ROOT = 25
"""So many modules of the program have the names of the commands and their options."""
IMPORTED = "import sys; sys.argv[0] = 'migrate'\nfrom migrate.cli.app import run_command_line\n"


def imported(*typed: str) -> set[str]:
    """The modules that a command leaves imported."""
    code = f"{IMPORTED}run_command_line({list(typed)!r})\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize("typed", ["--help", "--version"])
def test_what_only_tells_of_the_program_imports_little_of_it(typed: str) -> None:
    ours = {module for module in imported(typed) if module.startswith("migrate.")}
    assert not ours & {*COMMANDS.values()}
    assert len(ours) <= ROOT
    assert not {module for module in ours if module.startswith(("migrate.stack", "migrate.plan", "migrate.tree"))}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_the_help_says_of_each_command_what_it_says_itself(name: str) -> None:
    command = all_commands.get_command(click.Context(all_commands), name)  # type: ignore[attr-defined]
    assert command.short_help == short_help(COMMANDS[name])


def test_status_imports_nothing_that_only_others_need() -> None:
    later = {
        "importlib.metadata",
        "migrate.journal.record",
        "git",
        "jinja2",
        "rich",
        "tree_sitter",
        "secrets",
        "hmac",
        "markdown_it",
    }
    assert not imported("status", "--help") & later
