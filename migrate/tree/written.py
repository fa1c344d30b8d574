"""The new contents of files: in memory up to a limit, beyond it in the object database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, KeysView

from migrate import limits
from migrate.git.fast_import import write_blobs
from migrate.git.objects import BlobId, Objects


class Written:
    """The contents that are in no commit of the repository yet, by object name.

    Consecutive trees share them. What is in the object database is read like any other blob.
    """

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._held: dict[BlobId, bytes] = {}
        self._stored: set[BlobId] = set()
        self._size = 0

    def get(self, oid: BlobId) -> bytes | None:
        """The content of a blob that the object database may not have; None for one that it has."""
        return self._held.get(oid)

    def __contains__(self, oid: BlobId) -> bool:
        return oid in self._held

    def keys(self) -> KeysView[BlobId]:
        """The blobs whose content is in memory."""
        return self._held.keys()

    def add(self, oid: BlobId, content: bytes) -> None:
        """Keep a new content."""
        if oid in self._held or oid in self._stored:
            return
        self._held[oid] = content
        self._size += len(content)
        if self._size > limits.WRITTEN_BYTES:
            write_blobs(self._objects.git, self._held.values())
            self.stored(self._held)
            self._held.clear()
            self._size = 0

    def stored(self, oids: Iterable[BlobId]) -> None:
        """Note new contents that are in the object database already, such as those that a tool wrote."""
        self._stored.update(oids)

    def contents(self) -> Iterator[tuple[BlobId, bytes]]:
        """All of them."""
        yield from list(self._held.items())
        yield from self._objects.known(self._stored)
