"""The errors of calls to a forge: what a caller tells apart without importing HTTP."""

from __future__ import annotations

from migrate.errors import ForgeError

AGAIN = "run the command again: it completes what was begun"
"""The advice for a call that may work the next time."""


class AnswerError(ForgeError):
    """A forge answered that it did not do something; `status` is the HTTP status and `said` its words."""

    code = "forge-answer"

    def __init__(self, status: int, said: str, message: str) -> None:
        super().__init__(message, advice=AGAIN)
        self.status = status
        self.said = said


class ExistsError(ForgeError):
    """What was to be made is there already."""

    code = "forge-exists"


class UnsureError(ForgeError):
    """The connection broke while something was asked for: nobody knows whether it was done."""

    code = "forge-unsure"
