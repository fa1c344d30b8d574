"""Climbs in Go code that moved to another depth and that no rule could follow: a person is told where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from migrate.references.atlas import Atlas
from migrate.references.page import Edit, Page

SHOWN = 5

# `filepath.Dir(filepath.Dir(file))`, and `"../../bin/tool"`, a name that is in no tree: built, or put there by hand.
NESTED = re.compile(r"\b(?:file)?path\.Dir\(\s*(?:file)?path\.Dir\(")
CLIMB = re.compile(r"""["`]((?:\.\./)+[\w-][^"`\n]*)["`]""")


def doubts(page: Page, edits: Sequence[Edit], atlas: Atlas) -> list[int]:
    """The lines, counted from 1, of climbs that may lead elsewhere now; `edits` are those that are made."""
    if not page.new.endswith(".go") or page.old not in atlas.before or _keeps_neighbours(page):
        return []
    places = [found.start() for found in NESTED.finditer(page.text)] if "runtime.Caller" in page.text else []
    for found in CLIMB.finditer(page.text) if "../" in page.text else ():
        followed = any(found.start() <= edit.start < found.end() for edit in edits)
        path = page.resolve(found[1])
        if not followed and path is not None and not atlas.is_known(path):
            places.append(found.start())
    return sorted({page.text.count("\n", 0, place) + 1 for place in places})


def _keeps_neighbours(page: Page) -> bool:
    """Whether the folder at most has another name at its place, so that every climb leads where it led."""
    return page.old_folder.rpartition("/")[0] == page.new_folder.rpartition("/")[0]


def notes(found: Iterable[tuple[str, list[int]]]) -> list[str]:
    """What is said of the lines of each file."""
    said = [
        f"{path}:{', '.join(map(str, lines))} climbs to what is not in the tree; look whether it still leads there"
        for path, lines in found
    ]
    return said[:SHOWN] + ([f"{len(said) - SHOWN} more files climb like that"] if len(said) > SHOWN else [])
