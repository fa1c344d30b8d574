"""The errors that a person sees: one sentence, where it is wrong, and what to type next; and the exit codes.

Everything that `migrate` can foresee is a `MigrateError`. The command line prints it and exits with its code; any
other exception is a bug of ours and is reported as one.
"""

from __future__ import annotations

from enum import IntEnum
from typing import ClassVar


class Exit(IntEnum):
    """The exit codes of every command. The help and docs/commands.md print `meaning` word for word."""

    meaning: str

    def __new__(cls, value: int, meaning: str) -> Exit:
        """A code with what it means."""
        code = int.__new__(cls, value)
        code._value_ = value
        code.meaning = meaning
        return code

    DONE = 0, "done"
    FAILED = 1, "a phase or a validation failed, verify found something, or you said no"
    USAGE = 2, "wrong usage, a wrong plan, or a repository that cannot be worked in"
    BUG = 3, "a bug of migrate, with a log to paste"
    NOTHING_LEFT = 4, "nothing to do"
    CONFLICT = 5, "stopped at a conflict"
    REFUSED = 6, "refused: it would discard something, or comes too early or too late"
    LOCKED = 7, "another migrate runs in this repository"
    INCOMPLETE = 8, "the migration is not complete (status --exit-code)"
    INTERRUPTED = 130, "interrupted"


class MigrateError(Exception):
    """A foreseen error.

    `message` is one sentence; `where` a position such as `migrate.toml:14`; `advice` the next thing to do. Each kind
    has a `code` by which scripts know it, which never changes, and an exit code. `is_retried` says that the same
    command works once a person has fixed what the message names.
    """

    code: ClassVar[str] = "failed"
    exit_code: ClassVar[Exit] = Exit.FAILED
    is_retried: ClassVar[bool] = False

    def __init__(self, message: str, *, where: str | None = None, advice: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class PlanError(MigrateError):
    """The plan file is wrong, or does not have what was named."""

    code = "plan"
    exit_code = Exit.USAGE


class TemplateError(MigrateError):
    """A template of the plan is wrong."""

    code = "template"
    exit_code = Exit.USAGE
    is_retried = True


class PathError(MigrateError):
    """A path that a phase must not touch."""

    code = "path"
    exit_code = Exit.USAGE


class RepositoryError(MigrateError):
    """The repository is in a state in which the command cannot work."""

    code = "repository"
    exit_code = Exit.USAGE


class GitFailedError(MigrateError):
    """A git command failed; `stderr` is what it said."""

    code = "git"
    is_retried = True

    def __init__(self, message: str, *, stderr: str = "", advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.stderr = stderr


class MissingObjectError(GitFailedError):
    """An object that a partial clone left out, where nobody asked for the network."""

    code = "missing-object"

    def __init__(self, oid: str, *, stderr: str = "") -> None:
        super().__init__(
            f"object {oid} is not in this partial clone, and looking fetches nothing",
            stderr=stderr,
            advice=f"git cat-file -e {oid} brings it; for all that branches hold: git fetch --refetch --no-filter",
        )


class MachineError(MigrateError):
    """The machine refused what it refuses to any program: the disk is full, or a folder cannot be written."""

    code = "machine"
    is_retried = True


class PhaseError(MigrateError):
    """A phase cannot do its work: it left no trace."""

    code = "phase-failed"
    is_retried = True


class ValidationFailedError(MigrateError):
    """A validation failed on a phase: the branch stands, and nothing is built on it."""

    code = "validation-failed"


class IncompleteError(MigrateError):
    """`status --exit-code` found something that remains to be done."""

    code = "incomplete"
    exit_code = Exit.INCOMPLETE


class FoundError(MigrateError):
    """`verify` found something that must be fixed."""

    code = "found"


class NotFoundError(MigrateError):
    """What was named is nowhere in the history that was searched."""

    code = "not-found"


class DeclinedError(MigrateError):
    """A person answered no."""

    code = "declined"


class ForgeError(MigrateError):
    """A forge cannot be reached, or refused what was asked; the same command completes what was begun."""

    code = "forge"
    exit_code = Exit.REFUSED
    is_retried = True


class RefusedError(MigrateError):
    """A command was refused because it would discard or overwrite something, or has nothing to work on."""

    code = "refused"
    exit_code = Exit.REFUSED


class UnansweredError(RefusedError):
    """A question that there is nobody to answer."""

    code = "unanswered"
