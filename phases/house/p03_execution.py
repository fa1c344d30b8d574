"""Give what runs programs a room.

Hooks, `ws.run` and validations run programs in slots in the same way. That stood in `validation/` and in `git/`, so
that each of them knew the others.
"""

from migrate import Workspace

from .rooms import EXECUTION, EXECUTION_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "Programs that run in slots: for hooks, for `ws.run` and for validations alike."
    furnish(ws, "execution", about, EXECUTION, EXECUTION_TESTS)
