"""The tree that a phase edits: git's entries by path, with new content kept by its object name.

Because every entry is a mode and an object name, moving a file or a folder reads nothing, and two trees are the same
when their entries are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from itertools import chain

from migrate import limits
from migrate.errors import GitFailedError
from migrate.git.departures import Departure, departure
from migrate.git.objects import REGULAR, BlobId, CommitId, Objects, TreeEntry
from migrate.git.paths import folders_of_paths
from migrate.tree.engine_settings import NO_SETTINGS, SettingsByEngine
from migrate.tree.searches import Query, Searches, any_of, stands_outside
from migrate.tree.written import Written

IN_MEMORY, FEW = 16 * 1024 * 1024, 2000
"""Up to this many bytes and blobs, a whole tree is read into memory.

A search of 345 files then takes 3 ms instead of 35 by `git grep`. Reading 20,000 files takes longer than `git grep`,
and only some of them are ever used.
"""

NOWHERE = frozenset[str]()


@dataclass
class Overlay:
    """A mutable tree on top of a commit whose objects can be read.

    `anchor` is a commit in the object database and `anchored` its entries: `git grep` searches it once for all the
    content that this tree still shares with it. `base` is what `changes` are counted from.
    """

    objects: Objects
    anchor: CommitId
    anchored: Mapping[str, TreeEntry]
    base: Mapping[str, TreeEntry]
    entries: dict[str, TreeEntry]
    searches: Searches
    """The searches of the anchor so far, with their results."""
    written: Written
    settings: SettingsByEngine = field(default_factory=dict)
    """The plan's settings for the engines."""
    _folders: set[str] | None = None
    _base_folders: set[str] | None = None

    @classmethod
    def of(cls, objects: Objects, commit: CommitId, settings: SettingsByEngine = NO_SETTINGS) -> Overlay:
        """The unchanged tree of a commit. The content of a small one is read at once."""
        entries = objects.tree(commit)
        in_memory = len(entries) <= FEW and objects.load_small(
            {e.oid for e in entries.values() if e.is_text_candidate}, IN_MEMORY
        )
        searches = Searches(objects, commit, entries, in_memory=in_memory)
        return cls(objects, commit, entries, entries, dict(entries), searches, Written(objects), settings=settings)

    def next(self) -> Overlay:
        """This tree as the unchanged start of another step."""
        return Overlay(
            self.objects,
            self.anchor,
            self.anchored,
            dict(self.entries),
            dict(self.entries),
            self.searches,
            self.written,
            settings=self.settings,
        )

    def before(self) -> Overlay:
        """The tree as it was before the changes."""
        return Overlay(
            self.objects,
            self.anchor,
            self.anchored,
            self.base,
            dict(self.base),
            self.searches,
            self.written,
            settings=self.settings,
        )

    def content(self, oid: BlobId) -> bytes:
        """The bytes of a blob, new or old."""
        new = self.written.get(oid)
        return self.objects.blob(oid) if new is None else new

    def sizes_of(self, oids: Iterable[BlobId]) -> dict[BlobId, int]:
        """The sizes of blobs in bytes, new and old; missing ones are left out."""
        wanted = set(oids)
        new = {oid: len(content) for oid in wanted if (content := self.written.get(oid)) is not None}
        return new | self.objects.sizes_of(wanted - new.keys())

    def too_large(self, paths: Iterable[str]) -> frozenset[str]:
        """Those of some regular files that are too large to be searched."""
        wanted = {path: self.entries[path].oid for path in paths}
        sizes = self.sizes_of(wanted.values())
        return frozenset(path for path, oid in wanted.items() if sizes.get(oid, 0) > limits.SEARCHED_TEXT_BYTES)

    def contents(
        self, paths: Sequence[str], entries: Mapping[str, TreeEntry] | None = None
    ) -> Iterator[tuple[str, bytes]]:
        """The bytes of many files, one after the other, of this tree or of other entries, as they are now.

        What is not in memory is read by a few processes of git, and not kept.
        """
        entries = self.entries if entries is None else entries
        oids = [entries[path].oid for path in paths]
        missing = dict.fromkeys(self.objects.missing(oid for oid in oids if oid not in self.written))
        read = self.objects.blobs(list(missing))
        for path, oid in zip(paths, oids, strict=True):
            if oid in missing:
                del missing[oid]
                yield path, next(read)[1]
            else:
                yield path, self.content(oid)

    def preload(self, paths: Iterable[str], entries: Mapping[str, TreeEntry] | None = None) -> None:
        """Read many files at once, of this tree or of other entries, so that `content` answers from memory.

        When that is more than fits into memory, it works for files that are asked for in this order.
        """
        entries = self.entries if entries is None else entries
        oids = (entries[path].oid for path in paths)
        self.objects.preload(oid for oid in oids if oid not in self.written)

    def put(self, path: str, content: bytes, mode: str = REGULAR) -> None:
        """Write a file."""
        self.place(path, self.store(content), mode)

    def store(self, content: bytes) -> BlobId:
        """Keep a content that no file has yet; when memory is full it is written to the object database."""
        oid = self.objects.hash_blob(content)
        self.written.add(oid, content)
        return oid

    def place(self, path: str, oid: BlobId, mode: str) -> None:
        """Give a file a content that was stored before."""
        if path not in self.entries:
            self._folders = None
        self.entries[path] = TreeEntry(mode, oid)

    def drop(self, paths: Iterable[str]) -> None:
        """Remove files."""
        for path in paths:
            del self.entries[path]
        self._folders = None

    def relocate(self, moved: Mapping[str, str]) -> None:
        """Give files new paths, all at once."""
        taken = {new: self.entries.pop(old) for old, new in moved.items()}
        self.entries.update(taken)
        self._folders = None

    def reset(self, entries: Mapping[str, TreeEntry]) -> None:
        """Replace the whole tree by one whose contents the object database has."""
        known = {entry.oid for entry in self.anchored.values()}
        new = {entry.oid for entry in entries.values() if entry.is_text_candidate} - known - self.written.keys()
        self.objects.preload(new)
        self.written.stored(new)
        self.entries = dict(entries)
        self._folders = None

    def is_folder(self, path: str) -> bool:
        """Whether `path` is a folder with something in it."""
        if self._folders is None:
            self._folders = folders_of_paths(self.entries)
        return path in self._folders

    def holds(self, path: str) -> bool:
        """Whether `path` is a file, or a folder with something in it."""
        return path in self.entries or self.is_folder(path)

    def under(self, folder: str) -> list[str]:
        """The files below a folder, or the file itself, sorted."""
        if folder in self.entries:
            return [folder]
        below = folder and f"{folder}/"
        return sorted(path for path in self.entries if path.startswith(below))

    def existed(self, path: str) -> bool:
        """Whether `base` has a file or a folder there."""
        if self._base_folders is None:
            self._base_folders = folders_of_paths(self.base)
        return path in self.base or path in self._base_folders

    def departure(self, path: str) -> Departure | None:
        """How a missing path left the tree, by the history of the anchor; None when that is unknown."""
        with suppress(GitFailedError):
            return departure(self.objects.git, self.anchor, path, self.holds)
        return None

    def changes(self) -> dict[str, TreeEntry | None]:
        """What differs from `base`: the new entry of each path, None for a deleted one."""
        changed: dict[str, TreeEntry | None] = {
            path: entry for path, entry in self.entries.items() if self.base.get(path) != entry
        }
        changed.update((path, None) for path in self.base if path not in self.entries)
        return changed

    def searching(self, needles: Iterable[str], outside: frozenset[str] = NOWHERE) -> AbstractContextManager[None]:
        """Search a large tree for texts in the background while the block runs.

        `holding` in that block answers sooner when each of its texts contains one of these.
        """
        return self.searches.begun(Query(tuple(needles), outside))

    def holding(self, needles: Iterable[str], outside: frozenset[str] = NOWHERE) -> list[str]:
        """The regular files whose content holds one of the fixed strings, sorted; folders with some names are skipped.

        A small tree is read once and searched in memory. In a large one `git grep` finds the blobs of the anchor, and
        only what was written since, or has left a skipped folder, is searched in memory.
        """
        wanted = Query(tuple(needles), outside)
        if not wanted.texts:
            return []
        holds = any_of(wanted.texts)
        found = self.searches.found(wanted, holds)
        late = chain(self.written.contents(), self.objects.known(self._released(outside)))
        found = found.union(oid for oid, content in late if holds(content))
        named = [path for path, entry in self.entries.items() if entry.oid in found and entry.is_text_candidate]
        return sorted(path for path in named if stands_outside(path, outside))

    def _released(self, outside: frozenset[str]) -> set[BlobId]:
        """The blobs of the anchor that stood only in folders with some names, and now stand elsewhere."""
        if not outside:
            return set()
        placed = (entry for path, entry in self.entries.items() if self.anchored.get(path) is not entry)
        oids = {entry.oid for entry in placed if entry.is_text_candidate}
        return oids - self.written.keys() - self.searches.blobs_outside(outside)
