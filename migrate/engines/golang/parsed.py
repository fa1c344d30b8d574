"""A bounded cache of the scopes of Go files: a syntax tree takes many times the memory of its file."""

from __future__ import annotations

from collections.abc import Callable

from migrate import limits
from migrate.engines.golang.scope import Scopes
from migrate.git.objects import BlobId


class Parsed:
    """The scopes of the files that were used last, by blob."""

    def __init__(self) -> None:
        self._held: dict[BlobId, Scopes] = {}
        self._size = 0

    def scopes(self, oid: BlobId, read: Callable[[], bytes]) -> Scopes:
        """The scopes of a file; the oldest others are dropped when there is no room."""
        found = self._held.pop(oid, None)
        if found is None:
            found = Scopes(read())
            self._size += len(found.content)
        self._held[oid] = found
        while self._size > limits.PARSED_BYTES and len(self._held) > 1:
            self._size -= len(self._held.pop(next(iter(self._held))).content)
        return found
