"""The paths that are missing from a tree because they were moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.git.paths import folders_of_paths, parents
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

MODULE_ENDS = (".ts", ".tsx", ".d.ts", ".mts", ".cts", ".js", ".jsx", ".mjs", ".cjs", ".json", ".vue", ".svelte")
PAGE_ENDS = (".md", ".mdx", ".rst", ".adoc", ".html")
ENDINGS = (*MODULE_ENDS, *PAGE_ENDS)
"""What may be left out of a file's name, or written in its place: modules of a language, pages of a site."""


@dataclass(frozen=True)
class OldPaths:
    """The moved paths, seen from the tree after the moves."""

    overlay: Overlay
    moves: MoveMap
    places: Mapping[str, str]
    """Every moved path, and every folder that was emptied file by file, with where it is now."""
    packages: frozenset[str] = frozenset()
    """The folders that are packages now, which code calls by their last word."""
    endings: tuple[str, ...] = ENDINGS
    """What may be left out of a file's name."""

    @classmethod
    def of(
        cls, overlay: Overlay, moves: MoveMap, packages: Collection[str] = (), omitted: Iterable[str] = ()
    ) -> OldPaths:
        """The old paths of a tree; `omitted` are more endings that may be left out of a file's name."""
        emptied: dict[str, set[str]] = defaultdict(set)
        for old, new in moves:
            for folder in parents(old):
                if not overlay.is_folder(folder) and folder not in overlay.entries:
                    emptied[folder].add(folders_above(new, old[len(folder) :]))
        split = {folder: ", ".join(sorted(places)) for folder, places in emptied.items()}
        return cls(overlay, moves, {**split, **dict(moves)}, frozenset(packages), (*ENDINGS, *omitted))

    @cached_property
    def origins(self) -> MoveMap:
        """The moves backwards."""
        return self.moves.inverse()

    @cached_property
    def moved(self) -> Mapping[str, str]:
        """For every moved file, by its path now, the path before."""
        pairs = self.origins.entries(self.overlay.entries)
        olds = {path: old + path[len(new) :] for path, (new, old) in pairs.items()}
        return {path: old for path, old in olds.items() if old != path}

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name of a file or folder now."""
        return frozenset(part for path in self.overlay.entries for part in path.split("/"))

    @cached_property
    def standing(self) -> frozenset[str]:
        """Every present file and folder; files also without their endings."""
        files = self.overlay.entries
        stems = {path.removesuffix(end) for path in files for end in self.endings if path.endswith(end)}
        return frozenset({*files, *folders_of_paths(files), *stems})

    def is_end(self, tail: str) -> bool:
        """Whether a tail may name something that exists now, by its last components."""
        behind = f"/{tail}"
        return any(path == tail or path.endswith(behind) for path in self.standing)

    def is_there(self, path: str) -> bool:
        """Whether a path, named in full, is a file or a folder now."""
        return path in self.overlay.entries or self.overlay.is_folder(path)

    @cached_property
    def _moved_stems(self) -> frozenset[str]:
        """The old paths of files without the ends of their names."""
        olds = self.moved.values()
        return frozenset(old.removesuffix(end) for old in olds for end in self.endings if old.endswith(end))

    def is_below_old_folder(self, tail: str) -> bool:
        """Whether a path counts from a folder that existed before the moves, so that it may have been found there."""
        roots = {path[: -len(tail)] for path in self.overlay.entries if path.endswith(f"/{tail}")}
        return any(self.moved.get(path, path).startswith(tuple(roots)) for path in self.overlay.entries if roots)

    def exists(self, path: str) -> bool:
        """Whether a path is a file or folder now; a file may be named without its ending."""
        return path in self.standing

    def existed(self, path: str) -> bool:
        """Whether a path existed before the moves, and its content still exists."""
        return self.moves.resolve(path) in self.standing or path in self._moved_stems

    def entry(self, path: str) -> tuple[str, str] | None:
        """The moved path that `path` is or stands below, and where that is; None when `path` is right or unknown."""
        return None if self.exists(path) else self.gone(path)

    def gone(self, path: str) -> tuple[str, str] | None:
        """Like `entry`, for a path that is known to be missing."""
        for old in (path, *parents(path)):
            if old in self.places:
                is_gone = not self.exists(old) or self.existed(path)
                return (old, self.places[old]) if is_gone else None
        named = next((path + end for end in self.endings if path + end in self.places), None)
        return (named, self.places[named]) if named is not None and not self.exists(named) else None


def folders_above(new: str, rest: str) -> str:
    """The new place of a folder, by one of its files: it was at `rest` below it and is `new` now; `.` is the top."""
    return f"/{new}".removesuffix(rest).lstrip("/") or "." if f"/{new}".endswith(rest) else new
