"""Give moving refs together a room.

An operation moves refs in one transaction and is recorded; one command at a time may do that.
"""

from migrate import Workspace

from .rooms import JOURNAL, JOURNAL_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "Refs that move together: operations, their record, and the lock."
    furnish(ws, "journal", about, JOURNAL, JOURNAL_TESTS)
