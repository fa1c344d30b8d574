"""Relative references in a text, found without knowing its format: climbs, link targets, patterns of nested files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import join, normpath

CLIMB = re.compile(r"\.\.(?:\\{0,2}/[\w.-]+)+")
JOIN = re.compile(r"oin\(([^()]*\.\.[^()]*)\)")
JOINED_CLIMB = re.compile(r"""\.\.(?:(?:/|["']\s*,\s*["'])[\w.-]+)+""")
TARGET = re.compile(
    r"""\]\(<?([\w./-]+)|^ {0,3}\[[^\]\n]+\]:[ \t]*([\w./-]+)|\b(?:src|href)=["']([\w./-]+)""", re.MULTILINE
)
PATTERN = re.compile(r"^!?(?:/([\w./-]*\w)|([\w.-]+(?:/[\w.-]+)*)/(?=\S))", re.MULTILINE)
IGNORES = (".gitignore", ".npmignore", ".helmignore", ".prettierignore", ".eslintignore", ".gitattributes")
DOCUMENTS = (".md", ".mdx", ".markdown", ".html")


def relative(path: str, text: str) -> Iterator[tuple[int, int, str]]:
    """Where relative references of a file start and end, and what they say."""
    for match in CLIMB.finditer(text):
        yield match.start(), match.end(), match[0].replace("\\", "")
    for call in JOIN.finditer(text) if "oin(" in text else ():
        for match in JOINED_CLIMB.finditer(text, *call.span(1)):
            if "," in match[0]:
                yield match.start(), match.end(), re.sub(r"""["']\s*,\s*["']""", "/", match[0])
    if path.endswith(DOCUMENTS):
        for match in TARGET.finditer(text):
            group = match.lastindex or 0
            if not match[group].startswith("/"):
                yield *match.span(group), match[group]
    if path.endswith(IGNORES):
        for match in PATTERN.finditer(text):
            group = match.lastindex or 0
            yield *match.span(group), match[group]


def resolved(folder: str, written: str) -> str | None:
    """The path from the top that a relative reference in a folder names; None when it leads out of the repository."""
    path = normpath(join(folder, written))
    return None if path.split("/")[0] == ".." or path in (".", "/") else path
