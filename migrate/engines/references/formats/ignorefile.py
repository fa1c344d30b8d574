"""Lines of patterns: .gitignore and its likes, .dockerignore, CODEOWNERS. Comments between them are prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.references.common.spans import Reading, Span

LINE = re.compile(r"^[ \t]*([^\s][^\r\n]*)", re.MULTILINE)
WHOLE = re.compile(r"!?(.*?)(?<!\\)[ \t]*$")
FIRST = re.compile(r"!?((?:\\.|[^\s\\])+)")


def spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001
    """The patterns of an ignore file that count from its own folder."""
    return pattern_lines(text, WHOLE, Reading.IGNORE)


def attribute_spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001
    """The patterns of an attributes file, which come before the attributes."""
    return pattern_lines(text, FIRST, Reading.IGNORE)


def context_spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001
    """The patterns of an ignore file that count from the top of a build's context."""
    return pattern_lines(text, WHOLE, Reading.CONTEXT)


def owner_spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001
    """The patterns of a CODEOWNERS file, which count from the top wherever the file is."""
    return pattern_lines(text, FIRST, Reading.OWNERS)


def pattern_lines(text: str, pattern: re.Pattern[str], reading: Reading) -> Iterator[Span]:
    """The comments as text, and what `pattern` finds at the start of every other line."""
    for line in LINE.finditer(text):
        start, end = line.span(1)
        if text[start] == "#":
            yield Span(start, end, Reading.TEXT)
        elif found := pattern.match(text, start, end):
            yield Span(*found.span(1), reading)
