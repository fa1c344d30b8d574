"""Move the foundation to internal/core/.

Authentication, configuration, the database and the data models are what everything else is built on. Between handlers
and services, as their equals, nothing said so. Under `internal/core/` an import shows which way it points: the other
layers may import core, and where core imports one of them a reader sees it.

What their packages carry along travels with them: embedded migrations, price lists, test data. Paths that the program
opens while it runs name the new folders.
"""

from collections.abc import Iterator

from migrate import Phase, Problem, Workspace

from . import layout

PHASE = Phase()


def preflight(ws: Workspace) -> Iterator[Problem]:
    """The destinations must be free."""
    yield from layout.occupied(ws, (layout.CORE,))


def apply(ws: Workspace) -> None:
    layout.move_packages(ws, [layout.CORE])
    layout.update_references(ws)
