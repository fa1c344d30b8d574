"""The options that every command takes, before or after its name."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from migrate.cli.command_names import COMMANDS
from migrate.cli.output import Output
from migrate.cli.shell_paths import complete_files, complete_folders
from migrate.errors import RepositoryError, UnansweredError
from migrate.text import printable_lines

if TYPE_CHECKING:
    from migrate.git.repository import Repository
    from migrate.stack.project import Project

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., Any])


def command_folder() -> Path:
    """The folder that the command works in. Raises `RepositoryError` when it does not exist, as after a switch."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise RepositoryError("the current folder no longer exists", advice="cd to a folder that exists") from None


@dataclass
class Settings:
    """What the options say, and what follows from them."""

    words: tuple[str, ...] = ()
    """What was typed behind the program's name."""
    started_in: Path | None = None
    """Where the command was typed, when `-C` names another folder."""
    directories: list[str] = field(default_factory=list)
    plan: str | None = None
    json: bool = False
    color: str = "auto"
    verbose: bool = False
    yes: bool = False
    opened: Repository | None = None
    """The repository of a command that works on a plan, once that is known."""

    @cached_property
    def output(self) -> Output:
        """Where to print."""
        return Output(color=self.color, again=self.again, advise=self.advise, typed_in=self.started_in)

    @property
    def typed(self) -> str:
        """The whole command, as a shell would read it again."""
        return shlex.join(["migrate", *self.words])

    @property
    def wants_json(self) -> bool:
        """Whether a program reads the result, also when the words could not be understood."""
        return self.json or self._has("--json")

    @property
    def is_strict(self) -> bool:
        """Whether a validation that cannot run is a failure for this command, whatever the plan says."""
        return self._has("--strict")

    def _has(self, option: str) -> bool:
        return option in (self.words[: self.words.index("--")] if "--" in self.words else self.words)

    @property
    def plan_file(self) -> Path | None:
        """The plan that was named: as seen from the `-C` folder, or else from where the command was typed."""
        if self.plan is None:
            return None
        there = Path(self.plan)
        if self.started_in is None or there.exists():
            return there
        typed = self.started_in / self.plan
        return typed if typed.exists() else there

    def again(self, command: str, *, anywhere: bool = False) -> str:
        """A command to type next, with the options that make it speak of the same repository and plan.

        It is typed where this one was, or `anywhere`.
        """
        parts = [part for directory in self.directories for part in ("-C", directory)]
        if parts and anywhere:
            parts = ["-C", str(command_folder())]
        if self.plan_file is not None and not command.startswith("init"):  # It writes one.
            parts += ["--plan", str(self.plan_file.absolute()) if anywhere else str(self.plan)]
        if self.is_strict:  # What runs validations must not let pass what did not pass here.
            command = re.sub(r"\A(next|run|validate)\b", r"\1 --strict", command)
        return " ".join(["migrate", *(shlex.quote(part) for part in parts), command])

    def advise(self, text: str, *, anywhere: bool = False) -> str:
        """A text in which every command of ours speaks of the same repository and plan."""
        ours = rf"(?<![\w./-])migrate ({'|'.join(COMMANDS)})\b"
        return re.sub(ours, lambda found: self.again(found[1], anywhere=anywhere), text)

    def retyped(self, *more: str) -> str:
        """The command as it was typed, with more options."""
        end = self.words.index("--") if "--" in self.words else len(self.words)
        return shlex.join(["migrate", *self.words[:end], *more, *self.words[end:]])

    def project(self, *, may_fetch: bool = True) -> Project:
        """The repository and the plan."""
        from migrate.stack.project import Project  # `--help` needs none of what that imports.

        project = Project.open(command_folder(), self.plan_file, self.typed, may_fetch=may_fetch)
        self.opened = project.repository
        self.opened.tell = self.output.say
        return project

    def look(self, *, may_fetch: bool = False) -> Project:
        """The repository and the plan, for a command that moves nothing: one that is at work is named."""
        project = self.project(may_fetch=may_fetch)
        self.name_running(project.repository)
        return project

    def repository(self) -> Repository:
        """The repository, for a command that moves no ref and needs no plan: one that is at work is named."""
        from migrate.git.repository import Repository

        repository = Repository.open(command_folder())
        repository.tell = self.output.say
        self.name_running(repository)
        return repository

    def name_running(self, repository: Repository) -> None:
        """Say which command is at work here, because what is shown may be half of what it does."""
        from migrate.journal.lock import running_command

        said = running_command(repository)
        if said is not None:
            self.output.say(said, fg="yellow")

    def confirm(self, question: str, *named: str) -> bool:
        """Ask before something is discarded or published; without a terminal only `--yes` is an answer.

        `named` is what the command chose and a person would have to name.
        """
        if self.yes:
            return True
        if not sys.stdin.isatty():
            raise UnansweredError(
                "there is no terminal to ask on, so nothing was changed",
                advice=f"if you agree: {self.retyped(*named, '--yes')}",
            )
        return click.confirm(printable_lines(question), err=True)


def settings_of(context: click.Context) -> Settings:
    """The settings of this run."""
    return context.ensure_object(Settings)


def change_directory(context: click.Context, _: click.Parameter, values: tuple[str, ...]) -> None:
    """Go where `-C` says, one after the other, as git does."""
    settings = settings_of(context)
    for value in values:
        try:
            if settings.started_in is None:
                settings.started_in = command_folder()
            os.chdir(value)
        except OSError as error:
            raise click.UsageError(f'-C: "{value}": {error.strerror}', context) from None
        settings.directories.append(value)


def store_option(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """Keep an option's value when it was given, so that one after the command wins over one before it."""
    if context.get_parameter_source(parameter.name or "") is not click.core.ParameterSource.DEFAULT:
        setattr(settings_of(context), parameter.name or "", value)


def options(command: CommandFunction) -> CommandFunction:
    """Add the options that every command takes."""
    decorators = [
        click.option(
            "-C",
            "directory",
            multiple=True,
            metavar="DIR",
            is_eager=True,
            expose_value=False,
            callback=change_directory,
            shell_complete=complete_folders,
            help="Run as if started in DIR.",
        ),
        click.option(
            "--plan",
            metavar="FILE",
            expose_value=False,
            callback=store_option,
            shell_complete=complete_files,
            help="Plan file. Default: migrate.toml.",
        ),
        click.option(
            "--json", is_flag=True, expose_value=False, callback=store_option, help="Print the result as JSON."
        ),
        click.option(
            "--color",
            type=click.Choice(["auto", "always", "never"]),
            default="auto",
            expose_value=False,
            callback=store_option,
            help="When to use colour.",
        ),
        click.option(
            "-v", "--verbose", is_flag=True, expose_value=False, callback=store_option, help="Say more about errors."
        ),
        click.option(
            "-y", "--yes", is_flag=True, expose_value=False, callback=store_option, help="Answer yes to every question."
        ),
    ]
    for decorator in reversed(decorators):
        command = decorator(command)
    return command
