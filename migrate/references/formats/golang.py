"""Go source: everything but the import declarations, which belong to the Go engine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.references.regions import Reading, Region

COMMENT = r"//[^\n]*|/\*.*?\*/"
LITERAL = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
BLANK = re.compile(rf"(?:[\s;\ufeff]|{COMMENT})*", re.DOTALL)
PACKAGE = re.compile(r"package\s+\w+")
IMPORT = re.compile(rf"import\b[^\S\n]*(?:\((?:{COMMENT}|{LITERAL}|[^)\"`])*\)|[^\n;\"`]*(?:{LITERAL}))", re.DOTALL)
PIECE = re.compile(rf"({COMMENT})|{LITERAL}", re.DOTALL)


def regions(text: str) -> Iterator[Region]:
    """The whole text without import specs; comments among them stay.

    Outside comments and literals Go has nothing that looks like a path of this tree, so they need not be told apart.
    """
    position = 0
    for start, end in imports(text):
        yield Region(position, start, Reading.TEXT)
        for piece in PIECE.finditer(text, start, end):
            if piece[1]:
                yield Region(*piece.span(), Reading.TEXT)
        position = end
    yield Region(position, len(text), Reading.TEXT)


def imports(text: str) -> Iterator[tuple[int, int]]:
    """Where the import declarations of a file stand: all of them come before any other declaration."""
    clause = PACKAGE.match(text, end_of_blank(text, 0))
    position = clause.end() if clause else len(text)
    while found := IMPORT.match(text, end_of_blank(text, position)):
        yield found.span()
        position = found.end()


def end_of_blank(text: str, start: int) -> int:
    """Where the space and comments that begin at `start` end."""
    found = BLANK.match(text, start)
    return found.end() if found else start
