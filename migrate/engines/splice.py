"""Changing some bytes of a file and no others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Splice(NamedTuple):
    """The bytes from `start` to `end` become `new`."""

    start: int
    end: int
    new: bytes


def splice(content: bytes, edits: Iterable[Splice]) -> bytes:
    """Apply edits that do not overlap; each counts bytes of `content` as it is."""
    pieces = []
    position = 0
    for edit in sorted(edits):
        assert edit.start >= position, "two edits overlap"
        pieces += [content[position : edit.start], edit.new]
        position = edit.end
    return b"".join([*pieces, content[position:]])


def line_number_at(content: bytes, offset: int) -> int:
    """The line that holds a byte, counted from 1."""
    return content.count(b"\n", 0, offset) + 1


def line_bounds(content: bytes, start: int, end: int) -> tuple[int, int]:
    """The beginning and end of the lines with `start` and `end`, without the line feed."""
    last = content.find(b"\n", end)
    return content.rfind(b"\n", 0, start) + 1, len(content) if last < 0 else last
