"""Sections of a Markdown document: found by their headings, fenced code left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

HEADING = re.compile(r"(#{1,6})[ \t]+(.*?)[ \t#]*")
FENCE = re.compile(r"[ ]{0,3}(`{3,}|~{3,})(.*)")


@dataclass(frozen=True)
class Heading:
    """One ATX heading; `line` counts from 0."""

    level: int
    title: str
    line: int


@dataclass(frozen=True)
class Fence:
    """One fenced block: the lines of its fences, counted from 0."""

    start: int
    end: int


def scan(lines: list[str]) -> Iterator[Heading | Fence]:
    """The headings and fenced blocks of a document (CommonMark 4.2 and 4.5)."""
    opened: tuple[int, str] | None = None
    for number, line in enumerate(lines):
        fence = FENCE.fullmatch(line.rstrip("\r"))
        if opened is not None:
            start, marks = opened
            if fence and fence[1].startswith(marks) and not fence[2].strip():
                yield Fence(start, number)
                opened = None
        elif fence and not (fence[1][0] == "`" and "`" in fence[2]):
            opened = (number, fence[1])
        elif (heading := HEADING.fullmatch(line.rstrip("\r"))) is not None:
            yield Heading(len(heading[1]), heading[2], number)


def find(text: str, title: re.Pattern[str]) -> tuple[int, int] | None:
    """The lines of the first section whose heading holds `title`: from its heading to before the next one that is not
    below it."""
    lines = text.split("\n")
    headings = [part for part in scan(lines) if isinstance(part, Heading)]
    for index, heading in enumerate(headings):
        if title.search(heading.title):
            after = (other.line for other in headings[index + 1 :] if other.level <= heading.level)
            return heading.line, next(after, len(lines))
    return None


def drawing_in(lines: list[str]) -> Fence | None:
    """The first fenced block that draws a tree of folders."""
    for part in scan(lines):
        if isinstance(part, Fence) and any("── " in line for line in lines[part.start : part.end]):
            return part
    return None


def insert_before(text: str, title: re.Pattern[str], section: str) -> str:
    """`text` with a section before the first heading of level 2 that holds `title`, or at the end."""
    lines = text.split("\n")
    for part in scan(lines):
        if isinstance(part, Heading) and part.level == 2 and title.search(part.title):
            return "\n".join([*lines[: part.line], section.rstrip("\n"), "", *lines[part.line :]])
    return text.rstrip("\n") + "\n\n" + section.rstrip("\n") + "\n"
