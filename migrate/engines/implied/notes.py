"""All notes of a phase about what depends on the places of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.engines.implied.coverage import coverage_notes
from migrate.engines.implied.names import workflow_notes
from migrate.engines.registry import all_engines
from migrate.tree.overlay import Overlay


def all_implied_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each thing that depends on the place of a file and changed in a phase.

    `moved` maps the old paths of files to their new ones.
    """
    yield from coverage_notes(overlay.before(), overlay, moved)
    for engine in all_engines():
        yield from engine.notes(overlay, moved)
    yield from workflow_notes(overlay, moved)
