"""Relative references in a text, found without knowing its format: `../`, link targets, patterns of nested files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.kinds import is_ignore_file

CLIMB = re.compile(r"\.\.(?:\\{0,2}/[\w.-]+)+")
JOIN = re.compile(r"oin\(([^()]*\.\.[^()]*)\)")
JOINED_CLIMB = re.compile(r"""\.\.(?:(?:/|["']\s*,\s*["'])[\w.-]+)+""")
TARGET = re.compile(
    r"""\]\(<?([\w./-]+)|^ {0,3}\[[^\]\n]+\]:[ \t]*([\w./-]+)|\b(?:src|href)=["']([\w./-]+)""", re.MULTILINE
)
PATTERN = re.compile(r"^!?(?:/([\w./-]*\w)|([\w.-]+(?:/[\w.-]+)*)/(?=\S))", re.MULTILINE)
DOCUMENTS = (".md", ".mdx", ".markdown", ".html")


def relative_references(path: str, text: str) -> Iterator[tuple[int, int, str]]:
    """The relative references of a file: start, end and text."""
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
    if is_ignore_file(path) and not path.endswith("CODEOWNERS"):
        for match in PATTERN.finditer(text):
            group = match.lastindex or 0
            yield *match.span(group), match[group]


def resolved_path(folder: str, written: str) -> str | None:
    """The path from the top that a relative reference in a folder names; None when it leads out of the repository."""
    path = normpath(join(folder, written))
    return None if path.split("/")[0] == ".." or path in (".", "/") else path


def relative_entry(path: str, written: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The moved path that a relative reference names, and where that is now.

    A reference in a moved file is also read from the file's old folder: what it named there may have stayed.
    """
    here = resolved_path(dirname(path), written)
    if here is None or old_paths.exists(here):
        return None
    entry = old_paths.entry(here)
    origin = old_paths.moved.get(path, path)
    if entry is None and origin != path:
        there = resolved_path(dirname(origin), written)
        if there is not None and old_paths.existed(there):
            return there, old_paths.moves.resolve(there)
    return entry
