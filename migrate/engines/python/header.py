"""Finds the import statements of Python code without parsing it: each by its bytes, at any depth.

It skips strings and comments, and reads what follows `import` or `from` at the start of a statement. That takes a
quarter of a parser's time, and works in files that no parser accepts: Python 2, templates, drafts.
https://docs.python.org/3/reference/simple_stmts.html#the-import-statement
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from migrate.text import decode

GAP = rb"(?:[ \t\f]|\\\r?\n)*"
LOOSE = rb"(?:\s|\\\r?\n|#[^\n]*\n)*"
NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
DOTTED = rb"%b(?:%b\.%b%b)*" % (NAME, GAP, GAP, NAME)

_TOKEN = re.compile(
    rb'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
    rb"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
    rb'|"(?:[^"\\\n]++|\\.)*+(?:"|(?=\n)|\Z)'
    rb"|'(?:[^'\\\n]++|\\.)*+(?:'|(?=\n)|\Z)"
    rb"|#[^\n]*"
    rb"|(?:^(?:\xef\xbb\xbf)?|[;:])[ \t\f]*(?P<word>from|import)\b",
    re.DOTALL | re.MULTILINE,
)
_FROM = re.compile(
    rb"from(?P<before>%b)(?P<module>(?:\.%b)*(?:%b)?)%bimport(?![\w\x80-\xff])%b(?P<open>\(|\*|(?=[A-Za-z_\x80-\xff]))"
    % (GAP, GAP, DOTTED, GAP, GAP)
)
_IMPORT = re.compile(rb"import(?![\w\x80-\xff])%b(?=[A-Za-z_\x80-\xff])" % GAP)


def _item(gap: bytes, name: bytes) -> re.Pattern[bytes]:
    return re.compile(
        rb"(?P<item>(?P<name>%b)(?:%bas(?![\w\x80-\xff])%b(?P<alias>%b))?)(?P<comma>%b,)?" % (name, gap, gap, NAME, gap)
    )


_ITEM, _LOOSE_ITEM, _MODULE = _item(GAP, NAME), _item(LOOSE, NAME), _item(GAP, DOTTED)
_SPACE, _LOOSE_SPACE = re.compile(GAP), re.compile(LOOSE)


@dataclass(frozen=True)
class ImportItem:
    """One name of an import statement."""

    name: str
    alias: str | None
    start: int
    end: int
    name_end: int


@dataclass(frozen=True)
class ImportStatement:
    """An import statement; `level` and `module` are those of a from-import."""

    start: int
    end: int
    is_from: bool
    items: tuple[ImportItem, ...]
    level: int = 0
    module: str = ""
    module_start: int = 0
    module_end: int = 0
    is_star: bool = False

    @property
    def source(self) -> str:
        """The text between `from` and `import`, without spaces."""
        return "." * self.level + self.module


REMEMBERED = 128 * 1024
"""Statements of files up to this many bytes are cached: one step asks for them seven times."""


def import_statements(content: bytes) -> tuple[ImportStatement, ...]:
    """Every import statement of a file."""
    if b"import" not in content:
        return ()
    return _remembered(content) if len(content) <= REMEMBERED else tuple(_scan_statements(content))


@lru_cache(maxsize=1024)
def _remembered(content: bytes) -> tuple[ImportStatement, ...]:
    return tuple(_scan_statements(content))


def _scan_statements(content: bytes) -> Iterator[ImportStatement]:
    position = 0
    while (token := _TOKEN.search(content, position)) is not None:
        position = max(token.end(), position + 1)
        if token["word"] is None:
            continue
        start = token.start("word")
        found = _from(content, start) if token["word"] == b"from" else _import(content, start)
        if found is not None:
            yield found
            position = found.end


def _import(content: bytes, start: int) -> ImportStatement | None:
    head = _IMPORT.match(content, start)
    if head is None:
        return None
    items, end, _ = _import_items(content, head.end(), _MODULE, _SPACE)
    return ImportStatement(start, end, False, items) if items else None


def _from(content: bytes, start: int) -> ImportStatement | None:
    head = _FROM.match(content, start)
    if head is None or (not head["module"]):
        return None
    spelled = _plain(head["module"])
    level = len(spelled) - len(spelled.lstrip("."))
    first, last = head.span("module")
    last -= len(head["module"]) - len(head["module"].rstrip(b" \t\f\\\r\n"))
    items: tuple[ImportItem, ...] = ()
    end = head.end()
    if head["open"] == b"(":
        inside = _LOOSE_SPACE.match(content, end)
        items, end, _ = _import_items(content, inside.end() if inside else end, _LOOSE_ITEM, _LOOSE_SPACE)
        close = content.find(b")", end)
        if close < 0 or not items:
            return None
        end = close + 1
    elif head["open"] != b"*":
        items, end, _ = _import_items(content, end, _ITEM, _SPACE)
    is_star = head["open"] == b"*"
    return ImportStatement(start, end, True, items, level, spelled[level:], first, last, is_star)


def _import_items(
    content: bytes, position: int, pattern: re.Pattern[bytes], space: re.Pattern[bytes]
) -> tuple[tuple[ImportItem, ...], int, bool]:
    """The names after a position, the end of the last one, and whether a comma follows it."""
    found, end, more = [], position, True
    while more and (match := pattern.match(content, position)) is not None:
        alias = match["alias"]
        found.append(
            ImportItem(_plain(match["name"]), _plain(alias) if alias else None, *match.span("item"), match.end("name"))
        )
        end, more = match.end("item"), match["comma"] is not None
        behind = space.match(content, match.end())
        position = behind.end() if behind else match.end()
    return tuple(found), end, more


def _plain(name: bytes) -> str:
    """A dotted name without the white space between its parts."""
    return decode(re.sub(rb"\\\r?\n|\s", b"", name))


def string_texts(content: bytes) -> list[tuple[int, int]]:
    """Where each string and comment begins and ends."""
    return [token.span() for token in _TOKEN.finditer(content) if token["word"] is None]
