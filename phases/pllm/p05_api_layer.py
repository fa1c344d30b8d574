"""Consolidate the HTTP layer under internal/api/.

Handlers, routes, the embedded documentation and the embedded UI are one layer: they turn requests into calls and
results into responses. They stand together now, apart from the services that they call.

Two of these folders are filled by a build step with files that git ignores, and the API description is generated into a
third. The ignore rules and every script, image and workflow that fills or reads those folders follow in this commit; a
checkout that has them from an earlier build needs one build to fill them again at the new place.
"""

from collections.abc import Iterator

from migrate import Phase, Problem, Workspace

from . import layout

PHASE = Phase()


def preflight(ws: Workspace) -> Iterator[Problem]:
    """The destinations must be free."""
    yield from layout.occupied(ws, (layout.API,))


def apply(ws: Workspace) -> None:
    layout.move_packages(ws, [layout.API])
    layout.update_references(ws)
