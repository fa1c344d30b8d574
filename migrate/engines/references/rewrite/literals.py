"""How to read the strings and comments of code; asked only when one of them spells a moved path."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.base import Engine, StringReading
from migrate.engines.references.common.lexers import HASHES, SLASHES
from migrate.engines.references.common.spans import Reading
from migrate.engines.registry import engine_of_file
from migrate.text import encode

HASHED = (".rb", ".pl", ".pm", ".ex", ".exs", ".r", ".R", ".jl", ".nim", ".cmake")
SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Literals:
    """The code of one file."""

    path: str
    text: str
    strings: Callable[[Engine], StringReading | None]
    """What follows strings of a language."""

    def reading(self, position: int) -> Reading:
        """How to read a position: a comment as prose, and a string by the function that takes it, if that is known."""
        found = self._at(position)
        if found is not None and found["comment"]:
            return Reading.TEXT
        reading = self._followed
        if reading is None:
            return Reading.CODE
        if found is None or SPACE.search(found[0]):
            return (
                Reading.STRING
            )  # a sentence or a whole text in a string; parsing the code for it is not worth the time
        return reading(self.path, position if self._plain else len(encode(self.text[:position])))

    def _at(self, position: int) -> re.Match[str] | None:
        """The string or comment that a position stands in."""
        index = bisect_right(self._starts, position) - 1
        found = self._pieces[index] if index >= 0 else None
        return found if found is not None and position < found.end() else None

    @cached_property
    def _followed(self) -> StringReading | None:
        return self.strings(self._engine) if self._engine is not None else None

    @cached_property
    def _engine(self) -> Engine | None:
        return engine_of_file(self.path)

    @cached_property
    def _plain(self) -> bool:
        return self.text.isascii()

    @cached_property
    def _pieces(self) -> list[re.Match[str]]:
        other = HASHES if self.path.endswith(HASHED) else SLASHES
        lexer = other if self._engine is None else self._engine.references.literals
        return list(lexer.finditer(self.text))

    @cached_property
    def _starts(self) -> list[int]:
        return [piece.start() for piece in self._pieces]
