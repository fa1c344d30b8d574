"""Markdown: link targets count from the file's own folder; prose, code spans and code blocks from the top."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.references.regions import Reading, Region, among_text

TARGET = re.compile(
    r"""
    \]\([ \t]*(?:<([^<>\n]+)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))   # [text](target) and ![image](target)
    | ^[ ]{0,3}\[[^\]\n]+\]:[ \t]*(?:<([^<>\n]+)>|(\S+))               # [reference]: target
    | \b(?:src|href)=["']([^"'\n]+)["']                                # HTML
    """,
    re.VERBOSE | re.MULTILINE,
)
ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//|#")


def regions(text: str, path: str) -> Iterable[Region]:  # noqa: ARG001
    """The whole text, with the targets of links read as links unless they are addresses or anchors."""
    spans = []
    for found in TARGET.finditer(text):
        group = found.lastindex
        if group and not ELSEWHERE.match(found[group]):
            spans.append(path_of(*found.span(group), found[group]))
    return among_text(text, spans, Reading.LINK)


def path_of(start: int, end: int, target: str) -> tuple[int, int]:
    """The part of a target that is a path, without its query and anchor."""
    cut = re.search(r"[?#]", target)
    return (start, start + cut.start()) if cut else (start, end)
