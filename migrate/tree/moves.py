"""The move map: old path → new path for everything that a phase moved.

A map is one simultaneous step. Every old path means the tree before it, and the longest prefix that ends at a `/`
wins, so swaps, chains and a folder whose child goes elsewhere are all one map.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from migrate.errors import PathError
from migrate.git.paths import check_path, folder_of, parents
from migrate.text import decode, encode

SEPARATOR = " => "


class MoveMap:
    """An immutable map of folders and files from their old to their new paths."""

    def __init__(self, moves: Mapping[str, str] | Iterable[tuple[str, str]] = ()) -> None:
        self._moves = dict(moves)
        self._deciding: dict[str, tuple[str, str] | None] = {}
        """The results of `entry`: the imports of many files ask for the same few folders."""
        self._sources: dict[str, list[tuple[int, str]]] | None = None
        """For each new path, the old ones that become it, each with its position in the map."""

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._moves.items())

    def __len__(self) -> int:
        return len(self._moves)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MoveMap) and self._moves == other._moves

    def __hash__(self) -> int:
        return hash(frozenset(self._moves.items()))

    def __repr__(self) -> str:
        return f"MoveMap({self._moves!r})"

    def entry(self, path: str) -> tuple[str, str] | None:
        """The (old, new) pair that decides about `path`, or None when nothing moves it."""
        if path not in self._deciding:
            prefix = path
            while prefix and prefix not in self._moves:
                prefix = folder_of(prefix)
            self._deciding[path] = (prefix, self._moves[prefix]) if prefix else None
        return self._deciding[path]

    def entries(self, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
        """What `entry` gives for many paths; one that nothing moves is left out."""
        found = {}
        above: dict[str, tuple[str, str] | None] = {}
        for path in paths:
            folder = folder_of(path)
            if folder not in above:
                above[folder] = self.entry(folder)
            entry = self.entry(path) if path in self._moves else above[folder]
            if entry is not None:
                found[path] = entry
        return found

    def resolve(self, path: str) -> str:
        """Where `path` is after this step."""
        found = self.entry(path)
        if found is None:
            return path
        return found[1] + path[len(found[0]) :] if found[1] else path[len(found[0]) + 1 :]

    def moves(self, path: str) -> bool:
        """Whether this map moves `path`."""
        return self.resolve(path) != path

    def then(self, later: MoveMap) -> MoveMap:
        """The one map that does what this one and then `later` do.

        It holds for every path, those included that exist only in between: after a → b and then b → c, b goes to c too.
        """
        composed = {old: later.resolve(new) for old, new in self._moves.items()}
        for old, new in later:
            composed |= dict.fromkeys(self._origins(old), new)
        whole = MoveMap(composed)
        return MoveMap({old: new for old, new in composed.items() if old != new or whole._holds_back(old)})

    def _origins(self, path: str) -> list[str]:
        """Every path that this map moves to `path`: several when a folder is moved into an existing one."""
        if self._sources is None:
            self._sources = {}
            for place, (old, new) in enumerate(self._moves.items()):
                self._sources.setdefault(new, []).append((place, old))
        found = [
            (place, old + path[len(new) :])
            for new in dict.fromkeys((path, *parents(path), ""))
            for place, old in self._sources.get(new, ())
        ]
        return [origin for origin in [path, *(each for _, each in sorted(found))] if self.resolve(origin) == path]

    def _holds_back(self, path: str) -> bool:
        """Whether a folder above `path` would move it too if it had no entry of its own."""
        above = folder_of(path)
        found = self.entry(above)
        return found is not None and found[0] != found[1]

    def inverse(self) -> MoveMap:
        """The map that takes back what this one moved.

        When several went to one place, the first counts. When a folder was moved into an existing one, the map does not
        know what had been there before.
        """
        back: dict[str, str] = {}
        for old, new in self._moves.items():
            back.setdefault(new, old)
        return MoveMap(back)

    def among(self, existed: Callable[[str], bool]) -> MoveMap:
        """The entries whose old path existed."""
        return MoveMap({old: new for old, new in self._moves.items() if existed(old)})

    def trailers(self) -> list[str]:
        """One `old => new` for each entry, in a form that `parse_trailer` reads back."""
        return [f"{quote_path(old)}{SEPARATOR}{quote_path(new)}" for old, new in self._moves.items()]


def parse_trailer(text: str) -> tuple[str, str]:
    """Read the value of one `Moved:` trailer.

    Raises `PathError` when it is not of the form `old => new`.
    """
    old, separator, new = text.partition(SEPARATOR)
    if not separator:
        raise PathError(f'a Moved trailer reads "{text}" instead of "old => new"')
    return unquote_path(old), unquote_path(new)


def readable_moves(trailers: Iterable[str]) -> tuple[MoveMap, tuple[str, ...]]:
    """The moves in the values of `Moved:` trailers, and the values that could not be read.

    Anybody can write a commit message. A value is skipped when it is malformed, or when it leads to where no phase may
    write: out of the repository, or into git's own folder.
    """
    moves: dict[str, str] = {}
    strange = []
    for text in trailers:
        try:
            old, new = parse_trailer(text)
            is_plain = check_path(old) == old and (not new or check_path(new) == new)
        except PathError:
            is_plain = False
        if is_plain:
            moves[old] = new
        else:
            strange.append(text)
    return MoveMap(moves), tuple(strange)


def quote_path(path: str) -> str:
    """Write a path on one line: percent-encoded where it holds a control character, `=>`, `%` or an edge space."""
    plain = path.isprintable() and "%" not in path and "=>" not in path and path == path.strip()
    if plain:
        return path
    raw = encode(path)
    return "".join(chr(b) if 0x21 <= b < 0x7F and chr(b) not in "%=>" else f"%{b:02X}" for b in raw)


def unquote_path(text: str) -> str:
    """Undo `quote`."""
    if "%" not in text:
        return text
    head, *rest = text.split("%")
    raw = bytearray(encode(head))
    for piece in rest:
        try:
            raw.append(int(piece[:2], 16))
        except ValueError:
            raise PathError(f'a Moved trailer holds the malformed path "{text}"') from None
        raw += encode(piece[2:])
    return decode(bytes(raw))
