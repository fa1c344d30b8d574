"""The tree that a phase edits: git's entries by path, with new content kept in memory by its object name.

Because every entry is a mode and an object name, moving a file or a folder reads nothing, and two trees are the same
when their entries are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from migrate.errors import GitFailedError
from migrate.git.departures import Departure, departure
from migrate.git.objects import REGULAR, Entry, Objects, Oid, Search
from migrate.git.process import encode
from migrate.paths import folders_of
from migrate.stated_modules import NOTHING_STATED, StatedModules

IN_MEMORY, FEW = 16 * 1024 * 1024, 2000
"""Bytes and number of blobs up to which a whole tree is read; a search of 345 files takes 3 ms then, by `git grep` 35.

To read 20,000 takes longer than to search them by `git grep`, and only some of them are ever looked at.
"""

_NO_LINE = re.compile(r"[\n\0]|\\E")
"""What `git grep` cannot look for: it takes single lines, and with PCRE a \\E ends the fixed string (git 2.39)."""


@dataclass
class Overlay:
    """A mutable tree on top of a commit whose objects can be read.

    `anchor` is a commit in the object database and `anchored` its entries: `git grep` searches it once for all the
    content that this tree still shares with it. `base` is what `changes` are counted from.
    """

    objects: Objects
    anchor: Oid
    anchored: Mapping[str, Entry]
    base: Mapping[str, Entry]
    entries: dict[str, Entry]
    written: dict[Oid, bytes] = field(default_factory=dict)
    stated: StatedModules = NOTHING_STATED
    """The Go modules that the plan names where no `go.mod` does."""
    in_memory: bool = False
    """Whether all content of the anchor is in memory, so that `git grep` need not search it."""
    _folders: set[str] | None = None
    _searched: dict[tuple[str, ...], set[Oid]] = field(default_factory=dict)
    """What each search found in the anchor. One for a text that holds an earlier one looks at no more than that."""
    _running: tuple[tuple[str, ...], Search] | None = None
    """The search that is under way, and its texts."""
    _base_folders: set[str] | None = None

    @classmethod
    def of(cls, objects: Objects, commit: Oid, stated: StatedModules = NOTHING_STATED) -> Overlay:
        """The unchanged tree of a commit. The content of a small one is read at once."""
        entries = objects.tree(commit)
        in_memory = len(entries) <= FEW and objects.load_small(
            {e.oid for e in entries.values() if e.is_text_candidate}, IN_MEMORY
        )
        return cls(objects, commit, entries, entries, dict(entries), stated=stated, in_memory=in_memory)

    def next(self) -> Overlay:
        """This tree as the unchanged start of another step."""
        return Overlay(
            self.objects,
            self.anchor,
            self.anchored,
            dict(self.entries),
            dict(self.entries),
            self.written,
            stated=self.stated,
            in_memory=self.in_memory,
            _searched=self._searched,
        )

    def before(self) -> Overlay:
        """The tree that the changes of this one are counted from."""
        return Overlay(
            self.objects, self.anchor, self.anchored, self.base, dict(self.base), self.written, stated=self.stated
        )

    def content(self, oid: Oid) -> bytes:
        """The bytes of a blob, new or old."""
        new = self.written.get(oid)
        return self.objects.blob(oid) if new is None else new

    def put(self, path: str, content: bytes, mode: str = REGULAR) -> None:
        """Write a file."""
        oid = self.objects.hash_blob(content)
        self.written[oid] = content
        if path not in self.entries:
            self._folders = None
        self.entries[path] = Entry(mode, oid)

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

    def reset(self, entries: Mapping[str, Entry]) -> None:
        """Replace the whole tree. Content that came from elsewhere is read, because `holding` searches no more."""
        known = {entry.oid for entry in self.anchored.values()}.union(self.written)
        files = {entry.oid for entry in entries.values() if entry.is_text_candidate}
        self.written.update(self.objects.blobs(files - known))
        self.entries = dict(entries)
        self._folders = None

    def is_folder(self, path: str) -> bool:
        """Whether something stands below `path`."""
        if self._folders is None:
            self._folders = folders_of(self.entries)
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
            self._base_folders = folders_of(self.base)
        return path in self.base or path in self._base_folders

    def departure(self, path: str) -> Departure | None:
        """How a path that is not there went, as the history of the anchor tells; None when it does not."""
        with suppress(GitFailedError):
            return departure(self.objects.git, self.anchor, path, self.holds)
        return None

    def changes(self) -> dict[str, Entry | None]:
        """What differs from `base`: the new entry of each path, None where it is gone."""
        changed: dict[str, Entry | None] = {
            path: entry for path, entry in self.entries.items() if self.base.get(path) != entry
        }
        changed.update((path, None) for path in self.base if path not in self.entries)
        return changed

    @contextmanager
    def searching(self, needles: Iterable[str]) -> Iterator[None]:
        """Look through a large tree for texts while the block does something else.

        `holding` in that block has the answer sooner, when each text that it is asked for holds one of these.
        """
        wanted = tuple(needles)
        if not self.in_memory and wanted and all(map(_is_line, wanted)) and self._found_before(wanted) is None:
            self._running = (wanted, self.objects.grep(self.anchor, wanted))
        try:
            yield
        finally:
            if self._running is not None:
                self._running[1].stop()
                self._running = None

    def holding(self, needles: Iterable[str]) -> list[str]:
        """The regular files whose content holds one of the fixed strings, sorted.

        A small tree is read once and searched here. In a large one `git grep` finds the blobs of the anchor, and only
        what was written since is searched here.
        """
        wanted = list(needles)
        if not wanted:
            return []
        holds = any_of(encode(needle) for needle in wanted)
        self._end_search()
        same, within = self._found_alike(wanted), self._found_before(wanted)
        if same is not None:
            found = same
        elif within is not None:
            found = {oid for oid, content in self.objects.known(within) if holds(content)}
        elif self.in_memory:
            anchored = {entry.oid for entry in self.anchored.values() if entry.is_text_candidate}
            found = {oid for oid in anchored if holds(self.objects.blob(oid))}
        else:
            found = self._grepped(wanted, holds)
        self._searched[tuple(wanted)] = found
        found = found | {oid for oid, content in self.written.items() if holds(content)}
        return sorted(p for p, e in self.entries.items() if e.oid in found and e.is_text_candidate)

    def _found_alike(self, wanted: list[str]) -> set[Oid] | None:
        """What a search found that looked for the same, or left out only texts that hold one of its own."""
        for texts, found in self._searched.items():
            if set(texts) <= set(wanted) and all(any(text in needle for text in texts) for needle in wanted):
                return found
        return None

    def _found_before(self, wanted: Iterable[str]) -> set[Oid] | None:
        """Blobs of the anchor among which all are that hold one of the texts; None when no search tells."""
        found: set[Oid] = set()
        for needle in wanted:
            wider = [oids for texts, oids in self._searched.items() if any(text in needle for text in texts)]
            if not wider:
                return None
            found |= min(wider, key=len)
        return found

    def _grepped(self, wanted: list[str], holds: Callable[[bytes], bool]) -> set[Oid]:
        lines = [max(_NO_LINE.split(needle), key=len) for needle in wanted]
        found = self._blobs_at(self.objects.grep(self.anchor, lines).paths() if all(lines) else self.anchored)
        if lines == wanted:
            return found
        return {oid for oid, content in self.objects.blobs(found) if holds(content)}

    def _end_search(self) -> None:
        if self._running is not None:
            (wanted, search), self._running = self._running, None
            self._searched[wanted] = self._blobs_at(search.paths())

    def _blobs_at(self, paths: Iterable[str]) -> set[Oid]:
        return {entry.oid for entry in map(self.anchored.__getitem__, paths) if entry.is_text_candidate}


def _is_line(needle: str) -> bool:
    """Whether `git grep` can look for a text as it is."""
    return bool(needle) and _NO_LINE.search(needle) is None


def any_of(needles: Iterable[bytes]) -> Callable[[bytes], bool]:
    """A test whether one of the fixed strings is in some bytes; strings that begin alike are looked for together."""
    alike: dict[bytes, list[bytes]] = {}
    for needle in needles:
        alike.setdefault(needle[:8], []).append(re.escape(needle))
    searches = [re.compile(b"|".join(group)).search for group in alike.values()]
    return lambda content: any(search(content) for search in searches)
