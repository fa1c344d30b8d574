"""Go source: everything but what belongs to the Go engine: import specs, import comments and `//go:linkname`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.references.regions import Region, text_without

COMMENT = r"//[^\n]*|/\*.*?\*/"
LITERAL = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
BLANK = re.compile(rf"(?:[\s;\ufeff]|{COMMENT})*", re.DOTALL)
PACKAGE = re.compile(r'package\s+\w+(?:[ \t]*(?://|/\*)[ \t]*import[ \t]+("[^"\n]*"))?')
IMPORT = re.compile(rf"import\b[^\S\n]*(?:\((?:{COMMENT}|{LITERAL}|[^)\"`])*\)|[^\n;\"`]*(?:{LITERAL}))", re.DOTALL)
PIECE = re.compile(rf"(?:{COMMENT})|({LITERAL})", re.DOTALL)
LINKNAME = re.compile(r"^//go:linkname[^\n]*", re.MULTILINE)


def regions(text: str) -> Iterator[Region]:
    """The whole text without what the Go engine keeps.

    Outside comments and literals Go has nothing that looks like a path of this tree, so they need not be told apart.
    """
    linked = (found.span() for found in LINKNAME.finditer(text)) if "//go:linkname" in text else ()
    return text_without(text, sorted([*import_paths(text), *linked]))


def import_paths(text: str) -> Iterator[tuple[int, int]]:
    """Where the import paths of a file stand: all of them before any other declaration."""
    clause = PACKAGE.match(text, end_of_blank(text, 0))
    position = clause.end() if clause else len(text)
    if clause and clause[1]:
        yield clause.span(1)
    while found := IMPORT.match(text, end_of_blank(text, position)):
        yield from (piece.span(1) for piece in PIECE.finditer(text, *found.span()) if piece[1])
        position = found.end()


def end_of_blank(text: str, start: int) -> int:
    """Where the space and comments that begin at `start` end."""
    found = BLANK.match(text, start)
    return found.end() if found else start
