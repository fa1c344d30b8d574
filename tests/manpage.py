"""Write the manual page from the commands' own help: `make man`, or `python -m tests.manpage`.

`git migrate --help` is `man git-migrate` to git.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import tomli

from migrate.cli.app import all_commands
from migrate.cli.command_names import COMMANDS, SECTIONS
from migrate.errors import Exit

TOP = Path(__file__).resolve().parents[1]
PAGE, SAME = TOP / "man" / "git-migrate.1", TOP / "man" / "migrate.1"
LINK = ".so man1/git-migrate.1\n"
"""The whole page `migrate`: it is the other one."""


def page() -> str:
    """The manual page, as roff."""
    return "".join(f"{line}\n" for line in lines())


def lines() -> Iterator[str]:
    """The lines of the page."""
    version = tomli.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    shared = {parameter.name for parameter in all_commands.params}
    yield '.\\" Written by tests/manpage.py from the help of the commands. Change those, then: make man'
    yield f'.TH GIT-MIGRATE 1 "" "migrate {version}" "migrate"'
    yield ".SH NAME"
    yield "git\\-migrate, migrate \\- run a big refactor as a chain of validated phases, one branch each"
    yield ".SH SYNOPSIS"
    yield ".B git migrate"
    yield text("COMMAND [OPTIONS] …")
    yield ".br"
    yield ".B migrate"
    yield text("COMMAND [OPTIONS] …")
    yield ".SH DESCRIPTION"
    yield from prose(all_commands.help or "")
    yield ".SH COMMANDS"
    for title, names in SECTIONS.items():
        yield f".SS {text(title)}"
        for name in names:
            yield from listed(f"migrate {name}", named(name).get_short_help_str(limit=90))
    yield ".SH OPTIONS"
    yield from prose("Every command takes these, before or after its name.")
    for parameter in all_commands.params:
        yield from option(parameter)
    for name in COMMANDS:
        yield from section(name, named(name), shared)
    yield ".SH EXIT STATUS"
    for code in Exit:
        yield from listed(str(code.value), code.meaning)
    yield ".SH SEE ALSO"
    yield ".BR git (1)"


def named(name: str) -> click.Command:
    """One command of the program."""
    command = all_commands.get_command(click.Context(all_commands), name)
    assert command is not None
    return command


def program_context() -> click.Context:
    """What the program gives its commands. A command remembers the names of `--help` from where it was asked first."""
    return click.Context(all_commands, info_name="migrate", **all_commands.context_settings)


def section(name: str, command: click.Command, shared: set[str | None]) -> Iterator[str]:
    """What a command does, and its own options."""
    with program_context() as above, click.Context(command, info_name=name, parent=above) as context:
        usage = " ".join(command.collect_usage_pieces(context))
    yield f".SH MIGRATE {text(name.upper())}"
    yield f".B migrate {text(name)}"
    yield text(usage)
    yield ".PP"
    yield from prose(command.help or "")
    for parameter in command.params:
        if parameter.name not in shared:
            yield from option(parameter)


def option(parameter: click.Parameter) -> Iterator[str]:
    """One option; an argument is explained by the text of its command."""
    record = parameter.get_help_record(click.Context(all_commands)) if isinstance(parameter, click.Option) else None
    if record is not None:
        yield from listed(*record)


def listed(word: str, said: str) -> Iterator[str]:
    """A word with what is said of it."""
    yield ".TP"
    yield f".B {text(word)}"
    yield text(said)


def prose(said: str) -> Iterator[str]:
    """Paragraphs."""
    for number, paragraph in enumerate(re.split(r"\n\s*\n", said.strip())):
        if number:
            yield ".PP"
        yield text(" ".join(paragraph.split()))


def text(said: str) -> str:
    """A line that roff prints as it is."""
    escaped = said.replace("\\", "\\e").replace("-", "\\-").replace("…", "...").replace('"', "\\(dq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
    SAME.write_text(LINK, encoding="utf-8")
