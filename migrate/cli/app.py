"""The group of all commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import errno
import importlib
import shlex
import sys
from collections.abc import Sequence
from enum import IntEnum
from pathlib import Path
from typing import Any

import click

from migrate.cli.settings import Settings, options
from migrate.errors import MigrateError
from migrate.git.process import seal_environment
from migrate.text import did_you_mean


class Exit(IntEnum):
    """The exit codes of every command."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    BUG = 3
    NOTHING_LEFT = 4
    INTERRUPTED = 130


MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO, errno.EMFILE, errno.ENOMEM}
"""What the machine refuses to any program; everything else that the system says is a mistake of ours."""

SECTIONS = {
    "Look": ("status", "plan", "log", "journal", "pr", "where", "analyze", "verify"),
    "Step": ("next", "run", "validate", "approve", "rollback"),
    "Replay": ("restack", "land", "carry", "continue", "abort", "undo", "redo", "sync"),
    "Start and end": ("init", "clean", "prune", "finish"),
}
COMMANDS = {name: f"migrate.cli.{name}" for names in SECTIONS.values() for name in names}
COMMANDS["continue"] = "migrate.cli.continue_"  # A module cannot have the name of a keyword.


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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by what they are for."""
        for title, names in SECTIONS.items():
            rows = []
            for name in names:
                command = self.get_command(ctx, name)
                assert command is not None
                rows.append((f"{name:<{WIDEST}}", command.get_short_help_str(limit=90)))
            with formatter.section(title):
                formatter.write_dl(rows)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 a phase or validation failed, 2 wrong usage or plan, 3 a bug, "
    "4 nothing left to do, 130 interrupted.",
)
@click.version_option(package_name="git-phases", prog_name="migrate")
@options
def commands() -> None:
    """Run a refactor that is too big for one pull request as a chain of phases.

    Each phase is a small Python module; running it makes one commit on a branch of its own. The branches stand on each
    other, validations run on every one, and each becomes one pull request.
    """


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code; every error is printed here and nowhere else."""
    settings = Settings(typed=shlex.join(["migrate", *arguments]))
    seal_environment()
    program = "git migrate" if Path(sys.argv[0]).name == "git-migrate" else "migrate"
    try:
        code = commands.main(list(arguments), prog_name=program, standalone_mode=False, obj=settings)
        return int(code or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.ctx.get_help() if error.ctx else "", err=True)
        return Exit.USAGE
    except click.ClickException as error:
        return usage(settings, error)
    except MigrateError as error:
        foreseen(settings, error)
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return interrupted(settings)
    except Exception as error:
        if isinstance(error, OSError) and error.errno in MACHINE:
            what = f'"{error.filename}": {error.strerror}' if error.filename else f"{error.strerror}"
            foreseen(settings, MigrateError(what, advice="mend that, then run the command again"))
            return Exit.FAILED
        from migrate.cli.bug import report

        report(settings.output, error)
        return Exit.BUG


def interrupted(settings: Settings) -> int:
    """Say that a command was ended before its end, and what tells the rest."""
    settings.output.say("Interrupted.")
    settings.output.next("status")
    return Exit.INTERRUPTED


def usage(settings: Settings, error: click.ClickException) -> int:
    """Print what is wrong with the words that were typed."""
    settings.output.say(error.format_message())
    context = getattr(error, "ctx", None)
    settings.output.say(f"See: {context.command_path if context else 'migrate'} --help")
    return Exit.USAGE


def foreseen(settings: Settings, error: MigrateError) -> None:
    """Print an error: what is wrong, where, and what to do."""
    if settings.verbose:
        import traceback

        settings.output.say("".join(traceback.format_exception(error)).rstrip())
    settings.output.say(str(error), fg="red")
    if error.advice:
        settings.output.say(error.advice)
