"""Whether a move map explains the difference between two texts, so that nobody has to read it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrate.golang.header import Header, ImportSpec
from migrate.moves import MoveMap

MOST_READINGS = 100
"""In how many ways a line may be taken before a person has to look: a move of `a` to `a/a` makes many of `a/a/a/a`."""


class Renames:
    """What the old words of moved things are now: their paths, and names of packages where those are given."""

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


def spellings(moves: MoveMap) -> Iterator[tuple[str, str]]:
    """Old and new paths as files spell them: plain, and with the slashes escaped as some regular expressions do."""
    for old, new in moves:
        yield old.replace("/", "\\/"), new.replace("/", "\\/")
        yield old, new


class ImportMoves:
    """Which import paths a move map turns into which, without knowing the modules: a path ends in its folder."""

    def __init__(self, moves: MoveMap) -> None:
        files = [(old, new) for old, new in moves if old.endswith(".go")]
        between = [(old.rpartition("/")[0], new.rpartition("/")[0]) for old, new in files]
        pairs = dict.fromkeys([*moves, *between])
        self._pairs = [(f"/{old}/", f"/{new}/") for old, new in pairs if old and new]
        self._known: dict[tuple[str, str], bool] = {}

    def lead(self, old: str, new: str) -> bool:
        """Whether the package imported as `old` can now be imported as `new`."""
        key = (old, new)
        if key not in self._known:
            self._known[key] = old == new or any(self._steps(old, new))
        return self._known[key]

    def _steps(self, old: str, new: str) -> Iterator[bool]:
        path, wanted = f"/{old}/", f"/{new}/"
        for before, after in self._pairs:
            at = path.find(before)
            while at >= 0:
                yield path[:at] + after + path[at + len(before) :] == wanted
                at = path.find(before, at + 1)

    def renamed(self, old: Header, new: Header) -> dict[str, str] | None:
        """The package names that changed between two headers; None when an import came or went that no move explains.

        A split package can be two imports where it was one; blank and dot imports stay what they are.
        """
        names: dict[str, str] = {}
        for spec in new.imports:
            if not any(self._same(before, spec) for before in old.imports):
                return None
        for spec in old.imports:
            followers = [after for after in new.imports if self._same(spec, after)]
            if not followers:
                return None
            if len(followers) == 1 and local_name(spec) != local_name(followers[0]):
                names[local_name(spec)] = local_name(followers[0])
        return names

    def _same(self, old: ImportSpec, new: ImportSpec) -> bool:
        special = {"_", "."}
        alike = old.name == new.name or not special & {old.name, new.name}
        return alike and self.lead(old.path, new.path)


def local_name(spec: ImportSpec) -> str:
    """What a file calls an imported package, as far as its imports tell."""
    return spec.name or spec.path.rpartition("/")[2]


def without_header(content: bytes, header: Header) -> bytes:
    """A Go file without the name in its package clause, the path in an import comment, and its import declarations."""
    cuts = [(header.package_start, header.package_end)]
    if header.comment is not None:
        cuts.append((header.comment.start, header.comment.end))
    cuts += [(declaration.start, declaration.end) for declaration in header.declarations]
    kept, position = [], 0
    for start, end in cuts:
        kept.append(content[position:start])
        position = end
    return b"".join([*kept, content[position:]])
