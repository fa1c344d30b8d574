"""Where a text is spelled in a tree: its file and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from migrate.engines.references.common.scope import decoded, history, is_binary, is_third_party
from migrate.text import some
from migrate.tree.overlay import Overlay


class Place(NamedTuple):
    """One line of a file, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def places(
    overlay: Overlay, holding: Sequence[str], pattern: re.Pattern[str], ending: str | tuple[str, ...] = ""
) -> list[Place]:
    """The lines that a pattern finds in files of some endings that hold some text, history and vendored code aside."""
    found = (places_in(path, text, pattern) for path, text in texts(overlay, holding, ending))
    return list(dict.fromkeys(place for each in found for place in each))


def places_in(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[Place]:
    """The lines that a pattern finds in one text."""
    return (Place(path, text.count("\n", 0, match.start()) + 1) for match in pattern.finditer(text))


def texts(overlay: Overlay, holding: Sequence[str], ending: str | tuple[str, ...] = "") -> Iterator[tuple[str, str]]:
    """The files of some endings that hold some text, each with what is in it; history and vendored code aside."""
    for path in overlay.holding(holding):
        if not path.endswith(ending) or is_third_party(path) or history(path):
            continue
        content = overlay.content(overlay.entries[path].oid)
        if not is_binary(content):
            yield path, decoded(content)


def spelled(found: Sequence[Place], name: str) -> str:
    """Where a name is still spelled; nothing when it is nowhere."""
    return f"; {name} is still spelled in {some([str(place) for place in found])}" if found else ""
