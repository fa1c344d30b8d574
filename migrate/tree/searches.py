"""Searching the files of one commit for fixed texts, without searching again what earlier searches covered."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from migrate.git.objects import BlobId, CommitId, GrepSearch, Objects, TreeEntry
from migrate.text import encode

_NO_LINE = re.compile(r"[\n\0]|\\E")
"""What `git grep` cannot look for: it takes single lines, and with PCRE a \\E ends the fixed string (git 2.39)."""


_WORD = re.compile(r"[A-Za-z0-9_]+")


class Query(NamedTuple):
    """What a search looks for: files that contain one of the texts and stand in no folder with one of the names."""

    texts: tuple[str, ...]
    outside: frozenset[str] = frozenset()

    def covers(self, other: Query) -> bool:
        """Whether this search finds everything that the other one finds."""
        return self.outside <= other.outside and self.is_held_by(other)

    def is_held_by(self, other: Query) -> bool:
        """Whether each text of the other search contains one of these."""
        return all(any(text in each for text in self.texts) for each in other.texts)

    @property
    def is_lines(self) -> bool:
        """Whether `git grep` can search for these texts."""
        return all(text and _NO_LINE.search(text) is None for text in self.texts)


class Searches:
    """Finds the blobs of a commit that contain some texts. When all blobs are in memory, git is not asked."""

    def __init__(
        self, objects: Objects, commit: CommitId, entries: Mapping[str, TreeEntry], *, in_memory: bool = False
    ) -> None:
        self._objects = objects
        self._commit = commit
        self._entries = entries
        self._in_memory = in_memory
        self._done: dict[Query, set[BlobId]] = {}
        self._running: tuple[Query, GrepSearch] | None = None
        self.blobs_outside = cache(self._blobs_outside)

    @contextmanager
    def begun(self, query: Query) -> Iterator[None]:
        """Search while the block does something else; `found` has the answer sooner for what this query covers."""
        if not self._in_memory and query.texts and query.is_lines and self._within(query) is None:
            self._running = (query, self._objects.grep(self._commit, query.texts, query.outside))
        try:
            yield
        finally:
            if self._running is not None:
                self._running[1].stop()
                self._running = None

    def found(self, query: Query, holds: Callable[[bytes], bool]) -> set[BlobId]:
        """The blobs that a query finds; `holds` says whether some bytes contain one of its texts.

        These may include blobs that also stand in other folders.
        """
        if self._running is not None:
            (running, search), self._running = self._running, None
            self._done[running] = self._blobs_at(search.paths())
        if query not in self._done:
            self._done[query] = self._search(query, holds)
        return self._done[query]

    def _blobs_outside(self, outside: frozenset[str]) -> frozenset[BlobId]:
        """All blobs of files that stand in no folder with one of these names."""
        return frozenset(self._blobs_at(path for path in self._entries if stands_outside(path, outside)))

    def _search(self, query: Query, holds: Callable[[bytes], bool]) -> set[BlobId]:
        alike = next((done for done in self._done if done.covers(query) and query.is_held_by(done)), None)
        if alike is not None:
            return self._done[alike]
        within = self._within(query)
        if within is not None:
            return self._among(within, holds)
        if self._in_memory:
            return {oid for oid in self.blobs_outside(query.outside) if holds(self._objects.blob(oid))}
        lines = [max(_NO_LINE.split(text), key=len) for text in query.texts]
        if not all(lines):
            return self._among(self.blobs_outside(query.outside), holds)
        found = self._blobs_at(self._objects.grep(self._commit, lines, query.outside).paths())
        return found if query.is_lines else self._among(found, holds)

    def _within(self, query: Query) -> set[BlobId] | None:
        """The smallest known set of blobs that contains all results of a query; None when none is known."""
        found: set[BlobId] = set()
        for text in query.texts:
            known = [blobs for done, blobs in self._done.items() if done.covers(Query((text,), query.outside))]
            if not known:
                return None
            found |= min(known, key=len)
        return found

    def _among(self, blobs: Iterable[BlobId], holds: Callable[[bytes], bool]) -> set[BlobId]:
        return {oid for oid, content in self._objects.known(set(blobs)) if holds(content)}

    def _blobs_at(self, paths: Iterable[str]) -> set[BlobId]:
        return {entry.oid for entry in map(self._entries.__getitem__, paths) if entry.is_text_candidate}


def stands_outside(path: str, folders: frozenset[str]) -> bool:
    """Whether no folder above a file has one of these names."""
    return not folders or folders.isdisjoint(path.split("/")[:-1])


def any_of(needles: Iterable[str]) -> Callable[[bytes], bool]:
    """A test whether some bytes contain one of the fixed strings; strings with a common beginning are combined."""
    alike: dict[bytes, list[bytes]] = {}
    for needle in map(encode, needles):
        alike.setdefault(needle[:8], []).append(re.escape(needle))
    searches = [re.compile(b"|".join(group)).search for group in alike.values()]
    return lambda content: any(search(content) for search in searches)


def plain_word(name: str) -> str:
    """The longest part of a name that no format escapes, so that it is spelled alike everywhere; else the name."""
    return max(_WORD.findall(name), key=len, default=name)
