"""The errors that a person sees: one sentence, where it is wrong, and what to type next.

Everything that `migrate` can foresee is a `MigrateError`. The command line prints it and exits with its code; any
other exception is a bug of ours and is reported as one.
"""

from __future__ import annotations

from typing import ClassVar


class MigrateError(Exception):
    """A foreseen error.

    `message` is one sentence; `where` a position such as `migrate.toml:14`; `advice` the next thing to do.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, where: str | None = None, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class PlanError(MigrateError):
    """The plan file is wrong."""


class PathError(MigrateError):
    """A path that a phase must not touch."""


class RepositoryError(MigrateError):
    """The repository is in a state in which the command cannot work."""


class GitFailedError(MigrateError):
    """A git command failed; `stderr` is what it said."""

    exit_code = 1

    def __init__(self, message: str, *, stderr: str = "", advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.stderr = stderr


class PhaseError(MigrateError):
    """A phase cannot do its work: it left no trace."""

    exit_code = 1


class RefusedError(MigrateError):
    """A command was refused because it would discard or overwrite something."""

    exit_code = 1
