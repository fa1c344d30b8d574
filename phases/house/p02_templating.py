"""Give what reads and renders texts a room.

Templates, Markdown and the files of people are read within limits and written whole. None of that knows a migration.
"""

from migrate import Workspace

from .rooms import TEMPLATING, TEMPLATING_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "Texts: templates, Markdown, and files of people, read within limits and written whole."
    furnish(ws, "templating", about, TEMPLATING, TEMPLATING_TESTS)
