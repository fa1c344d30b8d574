"""The options and arguments that several commands take, each said once."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar, cast

import click

from migrate.cli.complete import complete_phases
from migrate.stack.run_options import RunOptions

CommandFunction = TypeVar("CommandFunction", bound=Callable[..., Any])


class Decorator(Protocol):
    """Gives a command an option."""

    def __call__(self, command: CommandFunction, /) -> CommandFunction:
        """The same command with the option."""


phase_argument = click.argument("phase", required=False, shell_complete=complete_phases)
"""PHASE, which may be left out."""

strict = click.option("--strict", is_flag=True, help="Treat a validation that cannot run as failed.")


def everything(what: str) -> Decorator:
    """`--all`, which says of what."""
    return click.option("--all", "everything", is_flag=True, help=what)


def fetch(what: str = "Fetch the remote's base branch first.") -> Decorator:
    """`--fetch`, which says what it does where it is not that."""
    return click.option("--fetch", is_flag=True, help=what)


def no_validate(what: str = "Run no validation.") -> Decorator:
    """`--no-validate`, which says what of where it is not all."""
    return click.option("--no-validate", is_flag=True, help=what)


def run_options(command: CommandFunction) -> CommandFunction:
    """The options of a command that runs phases: it is given them as one value, `how`."""

    @wraps(command)
    def called(*given: Any, no_validate: bool, no_verify: bool, fetch: bool = False, **more: Any) -> Any:
        how = RunOptions(fetch=fetch, validate=not no_validate, hooks=not no_verify)
        return command(*given, how=how, **more)

    no_verify = click.option("--no-verify", is_flag=True, help="Skip the pre-commit and commit-msg hooks.")
    return cast("CommandFunction", no_validate()(no_verify(called)))
