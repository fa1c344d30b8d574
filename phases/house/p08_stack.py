"""Give the state of a migration a room.

The snapshot of what git knows and the pure functions over it were 27 files at the top. What says the next command is
called the next step, and the conflict that a command stopped at the conflict state.
"""

from migrate import Workspace

from .rooms import STACK, STACK_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "What git knows of a migration, read at once, and the state of every phase, derived from it."
    furnish(ws, "stack", about, STACK, STACK_TESTS)
