"""The paths that are gone from a tree because they were moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.moves import MoveMap
from migrate.overlay import Overlay
from migrate.paths import parents
from migrate.references.scope import OMITTED


@dataclass(frozen=True)
class Past:
    """What was moved, seen from the tree that the moves made."""

    overlay: Overlay
    moves: MoveMap
    places: Mapping[str, str]
    """Every moved path, and every folder that was emptied file by file, with where it is now."""

    @classmethod
    def of(cls, overlay: Overlay, moves: MoveMap) -> Past:
        """The past of a tree."""
        emptied: dict[str, set[str]] = defaultdict(set)
        for old, new in moves:
            for folder in parents(old):
                if not overlay.is_folder(folder) and folder not in overlay.entries:
                    rest = old[len(folder) :]
                    emptied[folder].add(new.removesuffix(rest) if new.endswith(rest) else new)
        split = {folder: ", ".join(sorted(places)) for folder, places in emptied.items()}
        return cls(overlay, moves, {**split, **dict(moves)})

    @cached_property
    def origins(self) -> MoveMap:
        """The moves backwards."""
        return self.moves.inverse()

    @cached_property
    def packages(self) -> frozenset[str]:
        """The folders that hold Go files now."""
        return frozenset(path.rpartition("/")[0] for path in self.overlay.entries if path.endswith(".go"))

    def exists(self, path: str) -> bool:
        """Whether a path is a file or a folder now; a file may be named without the end of its name."""
        entries = self.overlay.entries
        return path in entries or self.overlay.is_folder(path) or any(path + end in entries for end in OMITTED)

    def existed(self, path: str) -> bool:
        """Whether what was at a path is somewhere now."""
        return self.exists(self.moves.resolve(path))

    def entry(self, path: str) -> tuple[str, str] | None:
        """The moved path that `path` is or stands below, and where that is; None when `path` is right or unknown."""
        if self.exists(path):
            return None
        for old in (path, *parents(path)):
            if old in self.places:
                gone = not self.exists(old) or self.existed(path)
                return (old, self.places[old]) if gone else None
        return None
