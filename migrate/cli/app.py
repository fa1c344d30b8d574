"""The group of all commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import errno
import importlib
import pkgutil
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from migrate.cli.command_names import COMMANDS, SECTIONS
from migrate.cli.failure import fail_with, tell_failure
from migrate.cli.settings import Settings, options
from migrate.errors import Exit, MachineError, MigrateError
from migrate.execution.redaction import hide_values
from migrate.git.process import seal_environment
from migrate.text import did_you_mean

MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENOMEM}
"""What the machine refuses to any program; everything else that the system says is a mistake of ours."""

SHORT_HELP = re.compile(r'^@click\.command\(name="[a-z]+", short_help="([^"\\]+)"\)$', re.MULTILINE)
WIDEST = max(map(len, COMMANDS))


class Commands(click.Group):
    """The commands, each imported when it is asked for, so that `status` does not pay for `run`."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """One command."""
        module = COMMANDS.get(cmd_name)
        if module is None:
            return None
        command = importlib.import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an interrupt is answered before click prints a line of its own for it."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            return interrupted(ctx.ensure_object(Settings))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the words name; an unknown one is answered with the nearest."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = did_you_mean(name, COMMANDS)
            raise click.UsageError(f'there is no command "{name}"{near}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The commands by what they are for."""
        for title, names in SECTIONS.items():
            rows = [(f"{name:<{WIDEST}}", short_help(COMMANDS[name])) for name in names]
            with formatter.section(title):
                formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """The exit codes, the same for every command."""
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code.value), code.meaning) for code in Exit])


def short_help(module: str) -> str:
    """What a command does, in a line, from the source of its module: to import all of them takes as long as working."""
    package, _, name = module.rpartition(".")
    source = pkgutil.get_data(package, f"{name}.py") or b""
    found = SHORT_HELP.search(source.decode())
    assert found is not None
    return found[1]


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="git-phases", prog_name="migrate")
@options
def all_commands() -> None:
    """Run a refactor that is too big for one pull request as a chain of phases.

    Each phase is a small Python module; running it makes one commit on a branch of its own. The branches stand on each
    other, validations run on every one, and each becomes one pull request.
    """


def run_command_line(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; errors and the JSON document are printed here and nowhere else."""
    settings = Settings(words=tuple(arguments))
    seal_environment()
    hide_values()
    program = "git migrate" if Path(sys.argv[0]).name == "git-migrate" else "migrate"
    try:
        code = int(all_commands.main(list(arguments), prog_name=program, standalone_mode=False, obj=settings) or 0)
    except (Exception, KeyboardInterrupt) as error:
        code = ended_by(settings, error)
    try:
        settings.output.finish()
    except OSError as error:
        code = ended_by(settings, error)
    return code


def ended_by(settings: Settings, error: BaseException) -> Exit:
    """Say what ended a command."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return Exit.USAGE
    if isinstance(error, click.ClickException):
        return usage_error(settings, error)
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        return interrupted(settings)
    if isinstance(error, OSError) and error.errno in MACHINE:
        what = f'"{error.filename}": {error.strerror}' if error.filename else f"{error.strerror}"
        return tell_failure(settings, MachineError(what))
    if isinstance(error, MigrateError):
        return tell_failure(settings, error)
    from migrate.cli.bug import report_bug

    log = report_bug(settings.output, error)
    fail_with(settings, "bug", f"{type(error).__name__}: {error}", log, "please report it with this log")
    return Exit.BUG


def interrupted(settings: Settings) -> Exit:
    """Say that a command was ended before its end, and what tells the rest."""
    settings.output.say("Interrupted.")
    settings.output.next("status")
    fail_with(settings, "interrupted", "interrupted", None, settings.again("status"))
    return Exit.INTERRUPTED


def usage_error(settings: Settings, error: click.ClickException) -> Exit:
    """Print what is wrong with the words that were typed."""
    context = getattr(error, "ctx", None)
    advice = f"{context.command_path if context else 'migrate'} --help"
    settings.output.say(error.format_message())
    settings.output.say(f"See: {advice}")
    fail_with(settings, "usage", error.format_message(), None, advice)
    return Exit.USAGE
