"""Give the plan a room.

A plan, its phases before any of them runs, the drawing and the layers that it states: what they are made from is read
here, and nothing of a repository's state is known.
"""

from migrate import Workspace

from .rooms import PLAN, PLAN_TESTS, furnish


def apply(ws: Workspace) -> None:
    """Move the files, their tests, and what names them."""
    about = "`migrate.toml` and the phases beside it, read without running any of them."
    furnish(ws, "plan", about, PLAN, PLAN_TESTS)
    ws.replace('"migrate.phase"', '"migrate.plan.phase_source"', "migrate/__init__.py")
