"""Give running a phase a room.

A module is loaded, edits a workspace, and what it did is collected. Nothing here knows a branch.
"""

from migrate import Workspace

from .rooms import PHASE, PHASE_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "Running phases: the workspace that they edit, and what they made of it."
    furnish(ws, "phase", about, PHASE, PHASE_TESTS)
    ws.replace('"migrate.workspace"', '"migrate.phase.workspace"', "migrate/__init__.py")
