"""The heading of a module's docstring that is the module's own name, with its underline, as Sphinx writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.python.step import PythonStep
from migrate.engines.splice import Splice
from migrate.text import decode, encode

_HEADING = re.compile(
    rb"\A(?:\xef\xbb\xbf)?(?:[ \t]*(?:#[^\n]*)?\r?\n)*[rRuU]?(?:\"\"\"|''')\s*(?P<tick>`{0,2})(?P<name>[\w.]+)(?P=tick)"
    rb"[ \t]*\r?\n[ \t]*(?P<line>(?P<mark>[~=*^-])(?P=mark){2,})(?=[ \t]*\r?\n)"
)


def heading_edits(step: PythonStep, path: str, content: bytes) -> Iterator[Splice]:
    """The edits of the heading of a file that moves; the underline stays as long as the heading."""
    found = _HEADING.match(content)
    if found is None or not step.moves.moves(path) or decode(found["name"]) != step.before.name_of(path):
        return
    new = encode(step.after.name_of(step.moves.resolve(path)))
    if new == found["name"]:
        return
    yield Splice(*found.span("name"), new)
    ticks = 2 * len(found["tick"])
    if len(found["line"]) == len(found["name"]) + ticks or len(found["line"]) < len(new) + ticks:
        yield Splice(*found.span("line"), found["mark"] * (len(new) + ticks))
