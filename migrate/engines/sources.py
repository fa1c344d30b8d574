"""The source code of a tree, in every language."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.engines.base import Source
from migrate.engines.registry import engines
from migrate.tree.overlay import Overlay


def sources(overlay: Overlay) -> Iterator[Source]:
    """Every file of source code that is not somebody else's, by language and path."""
    for engine in engines():
        yield from engine.sources(overlay)
