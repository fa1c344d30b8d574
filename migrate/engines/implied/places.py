"""Where a text is spelled in a tree: its file and its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from migrate.engines.references.common.scope import is_history, is_third_party
from migrate.git.objects import is_binary
from migrate.text import decode, some_of
from migrate.tree.overlay import Overlay


class TextPlace(NamedTuple):
    """One line of a file, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


def text_places(
    overlay: Overlay, holding: Sequence[str], pattern: re.Pattern[str], ending: str | tuple[str, ...] = ""
) -> list[TextPlace]:
    """The lines that a pattern finds in files of some endings that hold some text, history and vendored code aside."""
    found = (places_in(path, text, pattern) for path, text in searched_texts(overlay, holding, ending))
    return list(dict.fromkeys(place for each in found for place in each))


def places_in(path: str, text: str, pattern: re.Pattern[str]) -> Iterator[TextPlace]:
    """The lines that a pattern finds in one text."""
    return (TextPlace(path, text.count("\n", 0, match.start()) + 1) for match in pattern.finditer(text))


def searched_texts(
    overlay: Overlay, holding: Sequence[str], ending: str | tuple[str, ...] = ""
) -> Iterator[tuple[str, str]]:
    """The files of some endings that hold some text, each with what is in it; history and vendored code aside."""
    for path in overlay.holding(holding):
        if not path.endswith(ending) or is_third_party(path) or is_history(path):
            continue
        content = overlay.content(overlay.entries[path].oid)
        if not is_binary(content):
            yield path, decode(content)


def spelled_texts(found: Sequence[TextPlace], name: str) -> str:
    """Where a name is still spelled; empty when it is nowhere."""
    return f"; {name} is still spelled in {some_of([str(place) for place in found])}" if found else ""
