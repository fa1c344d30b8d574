"""Columns of a Go file after names in it became longer or shorter.

gofmt lines up struct fields, values and trailing comments of neighbouring lines. When an edit changes the width of a
cell, the next column moves, for every line that shares it. Consecutive lines share a column when they are indented
alike, have something that begins in it after a space, and either one of them was padded for it or all have a comment, a
struct tag or a value there. So only what gofmt had aligned before is aligned again. One thing that gofmt does is left
out: it would break a one-line function that became too long.
"""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable

from migrate.engines.splice import Splice
from migrate.text import decode, encode

_CHUNK = re.compile(r"""(?://.*|/\*.*?(?:\*/|$)|"(?:[^"\\]|\\.)*"|`[^`]*(?:`|$)|'(?:[^'\\]|\\.)*'|[^ ])+""")


class _AlignedLine:
    """A line as chunks between spaces; `columns` is where each began before the edits."""

    def __init__(self, line: str) -> None:
        body = line.lstrip("\t")
        self.indent = len(line) - len(body)
        found = list(_CHUNK.finditer(body))
        self.chunks = [match[0] for match in found]
        self.columns = [match.start() for match in found]
        self.ends = [match.end() for match in found]
        self.gaps = [start - end for start, end in zip(self.columns, [0, *self.ends], strict=False)]
        self._tail = body[self.ends[-1] :] if found else body

    def edit(self, start: int, end: int, new: str) -> None:
        """Replace characters within one chunk; call this for the last edit first."""
        start, end = start - self.indent, end - self.indent
        number = max(n for n, column in enumerate(self.columns) if column <= start)
        at = self.columns[number]
        self.chunks[number] = self.chunks[number][: start - at] + new + self.chunks[number][end - at :]

    def end_of(self, number: int) -> int:
        """The column at which a chunk ends now."""
        return sum(self.gaps[: number + 1]) + sum(map(len, self.chunks[: number + 1]))

    def __str__(self) -> str:
        return (
            "\t" * self.indent + "".join(" " * g + c for g, c in zip(self.gaps, self.chunks, strict=True)) + self._tail
        )


def splice_aligned(content: bytes, edits: Iterable[Splice]) -> bytes:
    """Like `splice`, for edits within single names, with the columns after them moved too."""
    texts = content.split(b"\n")
    starts = [0]
    for each in texts:
        starts.append(starts[-1] + len(each) + 1)
    lines: dict[int, _AlignedLine] = {}
    number = len(texts)
    for edit in sorted(edits, reverse=True):
        while starts[number] > edit.start:
            number -= 1
        begin = starts[number]
        before, name = decode(content[begin : edit.start]), decode(content[edit.start : edit.end])
        line = lines.setdefault(number, _AlignedLine(decode(texts[number])))
        line.edit(len(before), len(before) + len(name), decode(edit.new))
    _realign([decode(line) for line in texts], lines)
    for number, line in lines.items():
        texts[number] = encode(str(line))
    return b"\n".join(texts)


def _realign(texts: list[str], lines: dict[int, _AlignedLine]) -> None:
    """Align every chunk after an edit with its neighbours, from left to right."""
    waiting = [(column, number) for number, line in lines.items() for column in line.columns[1:]]
    heapq.heapify(waiting)
    done: set[tuple[int, int]] = set()
    while waiting:
        column, number = heapq.heappop(waiting)
        if (column, number) in done:
            continue
        section = _lines_in_column(texts, lines, column, number)
        done.update((column, member) for member in section)
        members = {member: lines[member].columns.index(column) for member in section}
        if _is_aligned(lines, members):
            place = max(lines[member].end_of(chunk - 1) for member, chunk in members.items()) + 1
            for member, chunk in members.items():
                lines[member].gaps[chunk] = place - lines[member].end_of(chunk - 1)
                for later in lines[member].columns[chunk + 1 :]:
                    heapq.heappush(waiting, (later, member))


def _lines_in_column(texts: list[str], lines: dict[int, _AlignedLine], column: int, number: int) -> list[int]:
    """The neighbouring lines that share a column."""
    found = [number]
    for step in (-1, 1):
        other = number + step
        while 0 <= other < len(texts):
            line = lines.get(other) or _AlignedLine(texts[other])
            if line.indent != lines[number].indent or column not in line.columns[1:]:
                break
            lines[other] = line
            found.append(other)
            other += step
    return found


def _is_aligned(lines: dict[int, _AlignedLine], members: dict[int, int]) -> bool:
    cells = [(lines[member], chunk) for member, chunk in members.items()]
    gaps = [line.columns[chunk] - line.ends[chunk - 1] for line, chunk in cells]
    padded = max(gaps) > 1 or all(_begins_column(line, chunk) for line, chunk in cells)
    return len(cells) > 1 and min(gaps) == 1 and padded


def _begins_column(line: _AlignedLine, chunk: int) -> bool:
    """Whether gofmt lines this up with its neighbours: a comment, a struct tag, the `=` of `name Type = value`."""
    is_value = line.chunks[chunk] == "=" and chunk == 2 and line.chunks[0].isidentifier()
    return is_value or line.chunks[chunk].startswith(("//", "/*", "`"))
