"""`git migrate --help` shows a manual page, which says what the commands' own help says."""

from __future__ import annotations

import re

import click
import pytest

from migrate.cli.app import all_commands
from migrate.cli.command_names import COMMANDS
from migrate.errors import Exit
from tests.manpage import LINK, PAGE, SAME, named, page, text


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make man"
    assert SAME.read_text(encoding="utf-8") == LINK
    assert (PAGE.parent.parent / LINK.split()[1].replace("man1/", "man/")) == PAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_with_all_of_its_options(name: str) -> None:
    parts = page().partition(f"\n.SH MIGRATE {name.upper()}\n")[2].partition("\n.SH ")[0]
    shared = {parameter.name for parameter in all_commands.params}
    own = [p for p in named(name).params if isinstance(p, click.Option) and p.name not in shared]
    assert [option for p in own for option in p.opts if text(option) not in parts] == []
    assert [
        p.name
        for p in named(name).params
        if isinstance(p, click.Argument) and p.make_metavar(click.Context(all_commands)).strip("[]") not in parts
    ] == []


def test_the_exit_codes_are_listed() -> None:
    status = page().partition("\n.SH EXIT STATUS\n")[2].partition("\n.SH ")[0]
    assert re.findall(r"^\.B (\d+)\n(.*)$", status, re.MULTILINE) == [
        (str(code.value), text(code.meaning)) for code in Exit
    ]


def test_no_line_of_the_help_is_a_request_to_roff() -> None:
    assert text(".TH no title") == "\\&.TH no title"
    assert text("'quoted'") == "\\&'quoted'"
    assert text("a\\b --no") == "a\\eb \\-\\-no"
