"""Regions: which parts of a file may name paths, and how each is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter


class Reading(Enum):
    """How a region names paths."""

    TEXT = auto()
    """Anything may stand there: a token must look like a path by itself."""
    PATH = auto()
    """A path stands there, counted from the top or from where a command runs: one component is enough."""
    LINK = auto()
    """One path stands there, counted from the file's own folder, or from the top behind a slash."""
    COMMAND = auto()
    """The same, of a command that runs in that folder: what climbs out of it is a path, whether it is there or not."""
    IGNORE = auto()
    """A pattern of the file's own folder; one name alone matches everywhere (gitignore(5))."""
    OWNERS = auto()
    """A pattern of the top; one name alone matches everywhere (CODEOWNERS)."""
    CONTEXT = auto()
    """A pattern of the top; one name alone stands there too (.dockerignore)."""


@dataclass(frozen=True)
class Region:
    """`text[start:end]`, to be read in one way."""

    start: int
    end: int
    reading: Reading
    base: str = ""
    """The folder that a command has changed to before, as it is written there."""


Regions = Callable[[str], Iterable[Region]]
"""What a format says of a text: its regions in order, none overlapping another."""


def everything(text: str) -> Iterator[Region]:
    """The whole text, with nothing known about it."""
    yield Region(0, len(text), Reading.TEXT)


def among_text(text: str, spans: Iterable[tuple[int, int]], reading: Reading) -> Iterator[Region]:
    """The whole text, with some spans of it read in their own way."""
    return divided(text, (Region(start, end, reading) for start, end in spans))


def divided(text: str, parts: Iterable[Region], without: Iterable[tuple[int, int]] = ()) -> Iterator[Region]:
    """The whole text, with some parts of it read in their own way and some spans not at all.

    Of two that overlap the one that starts first counts. Bare space between them is passed over.
    """
    spans: list[tuple[int, int, Region | None]] = [(part.start, part.end, part) for part in parts]
    spans += [(start, end, None) for start, end in without]
    position = 0
    for start, end, part in sorted(spans, key=itemgetter(0, 1)):
        if start >= position:
            if text[position:start].strip():
                yield Region(position, start, Reading.TEXT)
            if part is not None:
                yield part
            position = end
    yield Region(position, len(text), Reading.TEXT)
