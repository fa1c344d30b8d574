"""The values of YAML, TOML, JSON and INI files with the keys above them, read by lines and brackets.

No parser is used, because the position of each value must be known, files with templates must be accepted, and what is
not understood must be skipped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Value(NamedTuple):
    """One scalar: `text[start:end]` without its quotes."""

    keys: tuple[str, ...]
    """The keys above it, without the places in lists."""
    start: int
    end: int
    group: int = 0
    """The same for all values of one mapping."""
    parents: tuple[int, ...] = ()
    """The groups of the mappings above it, outermost first."""
    block: bool = False
    """Whether it is a block of several lines."""


YAML_LINE = re.compile(
    r"^(?P<indent>[ ]*)(?P<dashes>(?:-[ ]+)*)"
    r"(?:(?P<key>\"[^\"\n]*\"|'[^'\n]*'|[^\s#'\"\[{\-][^:#\n]*?|-[^\s:#\n][^:#\n]*?)[ \t]*:(?=\s|$)[ \t]*)?"
    r"(?P<value>[^\n]*)$",
    re.MULTILINE,
)
BLOCK = re.compile(r"[|>][+-]?\d*[ \t]*(?:#.*)?\r?$")
TAGS = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]+)*")
QUOTED = re.compile(r"\"((?:\\.|[^\"\\\n])*)\"|'((?:''|[^'\n])*)'")
QUOTED_LINES = re.compile(r"\"((?:\\.|[^\"\\])*)\"|'((?:''|[^'])*)'", re.DOTALL)
PLAIN = re.compile(r"(?:[^\s#]|(?<=\S)#|[ \t]+(?=[^\s#]))+")
TOKEN = re.compile(
    r"\"((?:\\.|[^\"\\\n])*)\"|'([^'\n]*)'|[{}\[\]:=,](?!//)|//[^\n]*|/\*.*?\*/|(?:(?<=\s)|^)\#[^\n]*|"
    r"((?:[^\s,\[\]{}\"':=\#]|:(?=\S)|=(?=\S)|\#)(?:[^\n,\[\]{}:=\"]|:(?=[^\s,\]}])|=(?=\S))*?)"
    r"(?=\s*(?:[,\]}=\n]|:(?:[\s\"'\[{]|$)|$))",
    re.DOTALL | re.MULTILINE,
)
TOML_TABLE = re.compile(r"[ \t]*\[\[?([^\]\n]+)\]\]?[ \t]*(?:#[^\n]*)?\r?$")
TOML_KEY = re.compile(
    r"[ \t]*((?:[\w-]+|\"[^\"\n]*\"|'[^'\n]*')(?:[ \t]*\.[ \t]*(?:[\w-]+|\"[^\"\n]*\"))*)[ \t]*=[ \t]*"
)
INI_KEY = re.compile(r"([\w.-][\w. -]*?)[ \t]*[=:][ \t]*")
WORD = re.compile(r"[^\s,]+")


class OpenKey(NamedTuple):
    """A key of YAML below which a line may stand: its column, and it and the keys above it with their groups."""

    column: int
    keys: tuple[str, ...]
    groups: tuple[int, ...]


def yaml_values(text: str) -> Iterator[Value]:
    """The scalars of a YAML file; block scalars as a whole, flow lists item by item."""
    open_keys: list[OpenKey] = []
    position = 0
    while found := YAML_LINE.match(text, position):
        position = found.end() + 1
        is_comment = found["value"].startswith("#") and not (found["key"] or found["dashes"])
        if not is_comment and (found["value"].strip() or found["key"] or found["dashes"]):
            column = len(found["indent"]) + len(found["dashes"])
            first = len(found["indent"]) if found["dashes"] else column
            group = found.start()
            while open_keys and open_keys[-1].column >= column:
                group = open_keys.pop().groups[-1]
            if found["dashes"]:
                # A dash begins another mapping; what the lines below its key hold still belongs to that key.
                while open_keys and open_keys[-1].column > first:
                    open_keys.pop()
                group = found.start()
            _, keys, groups = open_keys[-1] if open_keys else OpenKey(0, (), ())
            if found["key"] is not None:
                keys, groups = (*keys, found["key"].strip("\"'")), (*groups, group)
                open_keys.append(OpenKey(column, keys, groups))
            start = found.start("value") + len((TAGS.match(found["value"]) or [""])[0])
            if BLOCK.match(text[start : found.end()]):
                end = block_end(text, position, column if found["key"] is not None else first)
                yield Value(keys, min(position, len(text)), end, group, groups, block=True)
                position = end + 1
            elif start < found.end():
                end, values = scalars(text, start, found.end(), keys, group, groups)
                yield from values
                position = max(position, end + 1 if end > found.end() else position)
        if found.end() >= len(text):
            return


def block_end(text: str, start: int, indent: int) -> int:
    """Where a block scalar ends: before the first line that is not indented deeper than its key."""
    deeper = re.compile(rf"(?:[ ]{{{indent + 1},}}[^\n]*|[ \t\r]*)(?:\n|\Z)")
    position = start
    while position < len(text) and (found := deeper.match(text, position)) and found.end() > position:
        position = found.end()
    return max(start, position - 1) if position <= len(text) else len(text)


def scalars(
    text: str, start: int, line_end: int, keys: tuple[str, ...], group: int, groups: tuple[int, ...]
) -> tuple[int, list[Value]]:
    """The scalars that begin at `start`, and where the last of them ends."""
    if text[start] in "[{":
        end = closing(text, start)
        return end, list(bracketed(text, start, end + 1, keys, groups))
    found = QUOTED.match(text, start, line_end) or QUOTED_LINES.match(text, start)
    if found:
        return found.end(), [Value(keys, *found.span(found.lastindex or 0), group, groups)]
    plain = PLAIN.match(text, start, line_end)
    return line_end, [Value(keys, *plain.span(), group, groups)] if plain else []


def closing(text: str, start: int) -> int:
    """Where the bracket that opens at `start` closes."""
    depth = 0
    for found in re.finditer(r"\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'|#[^\n]*|[\[\]{}]", text[start:]):
        depth += (found[0] in "[{") - (found[0] in "]}")
        if not depth and found[0] in "]}":
            return start + found.start()
    return len(text)


def json_values(text: str) -> Iterator[Value]:
    """The strings of a JSON file that are values, with comments passed over."""
    return bracketed(text, 0, len(text))


def bracketed(
    text: str, start: int, end: int, keys: tuple[str, ...] = (), groups: tuple[int, ...] = ()
) -> Iterator[Value]:
    """The scalars of brackets in brackets, as JSON, YAML's flow style and TOML's lists and inline tables write them."""
    above, group = list(keys), list(groups)
    places: list[bool] = []
    """Of each open bracket, whether it stands behind a key."""
    pending: re.Match[str] | None = None
    has_key = False
    for found in TOKEN.finditer(text, start, end):
        mark = found[0]
        if mark in (":", "=") and pending is not None:
            above.append(pending[pending.lastindex or 0])
            pending, has_key = None, True
        elif mark in ("{", "["):
            places.append(has_key)
            group.append(found.start() if mark == "{" or not group else group[-1])
            has_key = False
        elif mark in ("}", "]", ","):
            if pending is not None:
                span = pending.span(pending.lastindex or 0)
                yield Value(tuple(above), *span, group[-1] if group else 0, tuple(group))
                pending = None
            if has_key:
                above.pop()
            has_key = False
            if mark != "," and places:
                group.pop()
                has_key = places.pop()
        elif found.lastindex:
            pending = found


def toml_values(text: str) -> Iterator[Value]:
    """The strings of a TOML file, those of lists and inline tables too."""
    table: tuple[str, ...] = ()
    group = position = 0
    while position < len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        if header := TOML_TABLE.fullmatch(text, position, end):
            table, group = tuple(part.strip(" \"'") for part in header[1].split(".")), position
        elif key := TOML_KEY.match(text, position, end):
            keys = (*table, *(part.strip(" \"'") for part in key[1].split(".")))
            start = key.end()
            if start < len(text) and text[start] in "[{":
                end = closing(text, start)
                yield from bracketed(text, start, end + 1, keys, (group,))
                newline = text.find("\n", end)
                end = len(text) if newline < 0 else newline
            elif found := QUOTED.match(text, start, end):
                yield Value(keys, *found.span(found.lastindex or 0), group, (group,))
        position = end + 1


def ini_values(text: str) -> Iterator[Value]:
    """The words of the values of an INI file; lines that begin with space go on with the value above."""
    section, key = "", ""
    position = group = 0
    for line in text.splitlines(keepends=True):
        start, position = position, position + len(line)
        bare = line.strip()
        if not bare or bare[0] in "#;":
            continue
        if bare.startswith("["):
            section, key, group = bare.strip("[]"), "", start
        else:
            found = None if line[0] in " \t" else INI_KEY.match(line)
            key = found[1].strip() if found else key
            begin = start + (found.end() if found else 0)
            yield from (
                Value((section, key), *word.span(), group, (group,)) for word in WORD.finditer(text, begin, position)
            )
