"""The output of a command as it is shown: its end, its most relevant line, and the last line while it runs."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from migrate import limits
from migrate.execution.log import COLOR_BYTES, EDGE, Section, goes_on, log_lines, log_sections, shown_line
from migrate.execution.redaction import STARS, redact
from migrate.text import shortened

TAIL = 20
"""How many last lines of a failed command are shown."""

POSITION = re.compile(r"\S+\.\w+:\d+")
MAY_BE_POSITION = re.compile(rb"\.[\w\x80-\xff\x1b\[;]+:[\d\x80-\xff\x1b]")
"""Matches all output with a position, even one with colours in it."""
EMPTY = re.compile(rb"(?:\s|%b)*+" % COLOR_BYTES.pattern)
"""Lines with nothing in them but colours."""


def output_tail(log: Path, start: int = 0) -> tuple[str, ...]:
    """The last lines of a log from a byte on, without empty ones at the end."""
    last: deque[tuple[int, Section]] = deque()
    empty: deque[tuple[int, Section]] = deque()
    for part in (part for section in log_sections(log, start) for part in split_output(section)):
        if height := part.height:
            add_line(empty, height, part)
            if part.long is not None or not EMPTY.fullmatch(part.raw):
                for each in empty:
                    add_line(last, *each)
                empty.clear()
    found = [line for _, part in last for line in part.lines()]
    while found and not found[-1].whole:
        found.pop()
    return tuple(line.hidden for line in found[-TAIL:])


def add_line(last: deque[tuple[int, Section]], height: int, section: Section) -> None:
    """Add a section to the last ones of a log, and drop those that end above its last lines."""
    last.append((height, section))
    while sum(height for height, _ in islice(last, 1, None)) >= TAIL:
        last.popleft()


def split_output(section: Section) -> Iterator[Section]:
    """A section, and separately the empty lines at its end."""
    end = section.raw.find(b"\n", len(section.raw.rstrip())) + 1
    if section.long is not None or not 0 < end < len(section.raw):
        yield section
        return
    yield section._replace(raw=section.raw[:end])
    yield section._replace(raw=section.raw[end:], was_in_key=section.in_key)


def most_relevant_line(log: Path, start: int, last: Sequence[str]) -> str:
    """The line that says best what went wrong: the first that names a file and a line, else the last; not too long.

    `last` is the tail of the log.
    """
    for line in log_lines(log, start, holding=MAY_BE_POSITION):
        if POSITION.match(line.whole.strip()):
            return shortened(line.hidden.strip(), limits.REASON_CHARACTERS)
    return shortened("".join(last[-1:]).strip(), limits.REASON_CHARACTERS)


class LastLine:
    """The last non-empty line of output that arrives in pieces.

    Of each line that may be shown the end is kept, with whether that begins inside a private key.
    """

    def __init__(self) -> None:
        self._pending, self._pending_in_key = b"", False
        self._line, self._line_in_key = b"", False

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        text, in_key = self._pending + chunk, self._pending_in_key
        end = last_break(text) + 1
        if whole := text[:end].rstrip():
            begin = max(last_break(whole) + 1, len(whole) - limits.LINE_BYTES)
            self._line, self._line_in_key = whole[begin:], key_before(text, begin, in_key)
        begin = max(end, len(text) - limits.LINE_BYTES)
        self._pending, self._pending_in_key = text[begin:], key_before(text, begin, in_key)

    @property
    def text(self) -> str:
        """The line, safe to print and without secrets; an unfinished line counts."""
        is_pending = bool(self._pending.strip())
        if self._pending_in_key if is_pending else self._line_in_key:
            return STARS
        return redact(shown_line(self._pending if is_pending else self._line), is_cut=True)


def last_break(raw: bytes) -> int:
    """Where the last line feed or carriage return is; -1 where there is none."""
    return max(raw.rfind(b"\n"), raw.rfind(b"\r"))


def key_before(raw: bytes, at: int, before: bool) -> bool:
    """Whether what stands from a place on may belong to a private key, also where the sign of one is cut there."""
    return goes_on(raw[:at], before) or goes_on(raw[max(0, at - EDGE) : at + EDGE], False)
