"""How a file changed, and whether a move map explains it, so that nobody has to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum

from migrate.text import decode
from migrate.tree.moves import MoveMap

MOST_READINGS = 100
"""The most readings of a line that are tried; beyond that a person must read it.
A move of `a` to `a/a` gives many for `a/a/a/a`."""


class ChangeKind(StrEnum):
    """How a file changed, in the words of a description."""

    MOVED = "moved without a change"
    IMPORTS = "by import paths alone"
    CLAUSE = "by the package clause and imports alone"
    QUALIFIERS = "by import paths and the names of packages alone"
    LINKS = "by links of documents alone"
    REFERENCES = "by references to what moved alone"
    READ = "to read"


class Renames:
    """The new spellings of moved things: their paths, and names of packages if given."""

    def __init__(self, moves: MoveMap, names: Mapping[str, str] | None = None) -> None:
        self._moves = moves
        self._names = names or {}
        self._words = dict(spellings(moves))
        paths = "|".join(re.escape(word) for word in sorted(self._words, key=len, reverse=True))
        packages = "|".join(map(re.escape, self._names))
        parts = [rf"(?<![\w-])(?:{paths})(?![\w-])"] if paths else []
        parts += [rf"(?<![\w.])(?:{packages})(?=\.)"] if packages else []
        self._pattern = re.compile("|".join(parts)) if parts else None

    def of_packages(self, names: Mapping[str, str]) -> Renames:
        """These renames, and those of package names before a dot."""
        return Renames(self._moves, names) if names else self

    def explain(self, old: str, new: str) -> bool:
        """Whether `new` is `old` with some of the old words replaced by the new ones, and nothing else changed."""
        if old == new:
            return True
        if self._pattern is None:
            return False
        start, reached = 0, {0}
        for found in self._pattern.finditer(old):
            gap, word = old[start : found.start()], found[0]
            now = self._words.get(word) or self._names[word]
            reached = {
                position + len(gap + choice)
                for position in reached
                for choice in (word, now)
                if new.startswith(gap + choice, position)
            }
            start = found.end()
            if len(reached) > MOST_READINGS:
                return False
        return any(new[position:] == old[start:] for position in reached)

    def explain_lines(self, old: str, new: str) -> int | None:
        """How many lines changed, or None when one of them changed in another way."""
        before, after = old.split("\n"), new.split("\n")
        if len(before) != len(after):
            return None
        changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
        return len(changed) if all(self.explain(a, b) for a, b in changed) else None

    def kind(self, old: bytes, new: bytes) -> ChangeKind:
        """The class of a changed text: only references changed, or it must be read."""
        is_explained = self.explain_lines(decode(old), decode(new)) is not None
        return ChangeKind.REFERENCES if is_explained else ChangeKind.READ


def spellings(moves: MoveMap) -> Iterator[tuple[str, str]]:
    """Old and new paths as files spell them: plain, and with the slashes escaped as some regular expressions do."""
    for old, new in moves:
        yield old.replace("/", "\\/"), new.replace("/", "\\/")
        yield old, new
