"""Regions: which parts of a file may name paths, and how each is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Reading(Enum):
    """How a region names paths."""

    TEXT = auto()
    """Anything may stand there: a token must look like a path by itself."""
    PATH = auto()
    """A path stands there, counted from the top or from where a command runs: one component is enough."""
    LINK = auto()
    """One path stands there, counted from the file's own folder, or from the top behind a slash."""
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


Regions = Callable[[str], Iterable[Region]]
"""What a format says of a text: its regions in order, none overlapping another."""


def everything(text: str) -> Iterator[Region]:
    """The whole text, with nothing known about it."""
    yield Region(0, len(text), Reading.TEXT)


def among_text(text: str, spans: Iterable[tuple[int, int]], reading: Reading) -> Iterator[Region]:
    """The whole text, with some spans of it read in their own way."""
    position = 0
    for start, end in sorted(spans):
        if start >= position:
            yield Region(position, start, Reading.TEXT)
            yield Region(start, end, reading)
            position = end
    yield Region(position, len(text), Reading.TEXT)


def text_without(text: str, spans: Iterable[tuple[int, int]]) -> Iterator[Region]:
    """The whole text but some spans of it, which are in order, and the bare space between them."""
    position = 0
    for start, end in spans:
        if text[position:start].strip():
            yield Region(position, start, Reading.TEXT)
        position = end
    yield Region(position, len(text), Reading.TEXT)
