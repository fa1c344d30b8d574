"""Spans: which parts of a file may name paths, and how each is to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from operator import itemgetter


class Reading(Enum):
    """How a span names paths."""

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
    """A path on a command line: like `PATH`, but with a leading slash it is a path of the machine."""
    LINK = auto()
    """One path stands there, counted from the file's own folder, or from the top behind a slash."""
    NAME = auto()
    """The text of a link that spells its own target: like `LINK`, but it does not begin with `../`."""
    COMMAND = auto()
    """A path of a command that runs in the file's folder: like `LINK`, but `../…` is always a path."""
    ROOTED = auto()
    """A path that counts from a folder which a search path names elsewhere."""
    FILTER = auto()
    """A filter of import paths that `go list` prints: the end of one, or a part."""
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
"""A function from a text and the path of its file to its spans, in order and without overlaps."""


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
    """The spans of a whole text: some parts as given, some parts left out, and `rest` for everything else.

    Of two overlapping parts, the one that starts first counts. White space between parts is skipped.
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
