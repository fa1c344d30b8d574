"""Regions: which parts of a file may name paths, and how each is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter


class Reading(Enum):
    """How a region names paths."""

    TEXT = auto()
    """Prose or an unknown format: a token must be shown to be a path by itself."""
    CODE = auto()
    """Code of a programming language: a string may hold anything, a comment is prose."""
    STRING = auto()
    """A string of code that goes to no function which takes a path, as far as can be told."""
    WORDS = auto()
    """The words of a command line: two of them with a slash between are a path, unless the command says otherwise."""
    PATH = auto()
    """A path stands there, counted from the top or from where a command runs: one component is enough."""
    OPERAND = auto()
    """A path of a command line: the same, but behind a slash it is one of the machine."""
    LINK = auto()
    """One path stands there, counted from the file's own folder, or from the top behind a slash."""
    NAME = auto()
    """What a link is called that spells its own target: the same, but it does not climb out of a folder."""
    COMMAND = auto()
    """The same, of a command that runs in that folder: what climbs out of it is a path, whether it is there or not."""
    ROOTED = auto()
    """A path that counts from a folder which a search path names elsewhere."""
    FILTER = auto()
    """What sorts out the import paths that `go list` prints: the end of one, or a part."""
    IGNORE = auto()
    """A pattern of the file's own folder; one name alone matches everywhere (gitignore(5))."""
    OWNERS = auto()
    """A pattern of the top; one name alone matches everywhere (CODEOWNERS)."""
    CONTEXT = auto()
    """A pattern of the top; one name alone stands there too (.dockerignore)."""


@dataclass(frozen=True)
class Span:
    """`text[start:end]`, to be read in one way."""

    start: int
    end: int
    reading: Reading
    base: str = ""
    """The folder that a command has changed to before, as it is written there."""


Regions = Callable[[str, str], Iterable[Span]]
"""What a format says of a text, and of the path of its file: its regions in order, none overlapping another."""


def whole_span(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001 (every format is asked alike)
    """The whole text, with nothing known about it."""
    yield Span(0, len(text), Reading.TEXT)


def code_spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001
    """The whole text, in a programming language."""
    yield Span(0, len(text), Reading.CODE)


def split_spans(
    text: str,
    parts: Iterable[Span],
    without: Iterable[tuple[int, int]] = (),
    rest: Reading = Reading.TEXT,
) -> Iterator[Span]:
    """The whole text, with some parts of it read in their own way, some spans not at all, and `rest` for all others.

    Of two that overlap the one that starts first counts. Bare space between them is passed over.
    """
    spans: list[tuple[int, int, Span | None]] = [(part.start, part.end, part) for part in parts]
    spans += [(start, end, None) for start, end in without]
    position = 0
    for start, end, part in sorted(spans, key=itemgetter(0, 1)):
        if start >= position:
            if text[position:start].strip():
                yield Span(position, start, rest)
            if part is not None:
                yield part
            position = end
    yield Span(position, len(text), rest)
