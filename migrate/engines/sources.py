"""The source code of a tree, in every language."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.engines.base import SourceSummary
from migrate.engines.registry import all_engines
from migrate.tree.overlay import Overlay


def all_sources(overlay: Overlay) -> Iterator[SourceSummary]:
    """Every file of source code that is not somebody else's, by language and path."""
    for engine in all_engines():
        yield from engine.sources(overlay)
