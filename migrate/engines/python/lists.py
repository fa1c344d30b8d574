"""Removing names from the list of an import statement and adding names to it, in the style of the list."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.splice import Splice, line_bounds, splice
from migrate.text import encode


def without_items(text: bytes, spans: Sequence[tuple[int, int]], gone: Sequence[int]) -> list[Splice]:
    """The edits that remove some names, by their numbers among `spans`; never all of them.

    A name on lines of its own is removed with these lines.
    """
    if not gone:
        return []
    last = max(number for number in range(len(spans)) if number not in gone)
    edits = []
    for number in gone:
        start, end = spans[number]
        if (lines := _own_lines(text, start, end)) is not None:
            edits.append(Splice(*lines, b""))
        elif number < last:
            edits.append(Splice(start, spans[number + 1][0], b""))
        else:
            edits.append(Splice(spans[number - 1][1], end, b""))
    if max(gone) > last and _own_lines(text, *spans[max(gone)]) is not None and not _has_comma(text, spans[-1][1]):
        # The list had no trailing comma.
        comma = re.compile(rb"\s*,").match(text, spans[last][1])
        edits += [Splice(comma.end() - 1, comma.end(), b"")] if comma else []
    return edits


def with_items(text: bytes, at: int, names: Sequence[str]) -> bytes:
    """The text with some names added to the list of the statement at `at`, sorted if the list is."""
    for name in names:
        found = next((each for each in import_statements(text) if each.start == at), None)
        if found is None:
            return text
        text = _list_with_name(text, found, name)
    return text


def _list_with_name(text: bytes, statement: ImportStatement, name: str) -> bytes:
    items = list(statement.items)
    known = [item.name for item in items]
    raw = encode(name)
    if any(text[item.start : item.end] == raw for item in items):
        return text
    place = item_position(known, name.partition(" ")[0])
    lines = _own_lines(text, items[0].start, items[0].end) if len(items) > 0 else None
    if lines is not None:
        return _added_line(text, [(item.start, item.end) for item in items], place, raw)
    if place < len(items):
        return splice(text, [Splice(items[place].start, items[place].start, raw + b", ")])
    return splice(text, [Splice(items[-1].end, items[-1].end, b", " + raw)])


def _added_line(text: bytes, spans: Sequence[tuple[int, int]], place: int, raw: bytes) -> bytes:
    """Add a name on a line of its own."""
    start, end = spans[min(place, len(spans) - 1)]
    first, last = line_bounds(text, start, end)
    indent = text[first:start]
    newline = b"\r\n" if text[last - 1 : last] == b"\r" else b"\n"
    if place < len(spans):
        return splice(text, [Splice(first, first, indent + raw + b"," + newline)])
    if _has_comma(text, end):
        return splice(text, [Splice(last + 1, last + 1, indent + raw + b"," + newline)])
    return splice(text, [Splice(end, end, b","), Splice(last + 1, last + 1, indent + raw + newline)])


def item_position(known: Sequence[str], name: str) -> int:
    """The position of a name among others: by the first order that they follow, else at the end."""
    for key in _ORDERS:
        keys = [key(each) for each in known]
        if all(one <= two for one, two in pairwise(keys)):
            return sum(each <= key(name) for each in keys)
    return len(known)


def _by_kind(name: str) -> tuple[object, ...]:
    """The order of isort: constants, classes, everything else."""
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    return (kind, name.lower())


_ORDERS: Sequence[Callable[[str], tuple[object, ...]]] = (
    lambda name: (name.lower(), name),
    _by_kind,
    lambda name: (name,),
)


def _own_lines(text: bytes, start: int, end: int) -> tuple[int, int] | None:
    """The lines of a name that hold nothing else but its comma and its comment."""
    first, last = line_bounds(text, start, end)
    if text[first:start].strip() or last >= len(text):
        return None
    return (first, last + 1) if re.fullmatch(rb"\s*,?\s*(?:#[^\n]*)?", text[end:last]) else None


def _has_comma(text: bytes, end: int) -> bool:
    return re.compile(rb"\s*,").match(text, end) is not None
