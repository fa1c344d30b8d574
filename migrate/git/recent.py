"""The contents of blobs that were read last, up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from typing import TypeVar

from migrate import limits

Name = TypeVar("Name", bound=str)
"""The name of an object of some kind."""


class Recent:
    """Contents by object name. The least recently used ones are dropped first."""

    def __init__(self) -> None:
        self._contents: OrderedDict[str, bytes] = OrderedDict()
        self._size = 0

    def get(self, oid: str) -> bytes | None:
        """The content of a blob; None when it is not held."""
        content = self._contents.get(oid)
        if content is not None:
            self._contents.move_to_end(oid)
        return content

    def add(self, oid: str, content: bytes) -> None:
        """Hold the content of a blob that is not held."""
        self._contents[oid] = content
        self._size += len(content)
        while self._size > limits.READ_BYTES:
            self._size -= len(self._contents.popitem(last=False)[1])

    def missing(self, oids: Iterable[Name]) -> list[Name]:
        """The blobs, among some, that are not held, each once."""
        return [oid for oid in dict.fromkeys(oids) if oid not in self._contents]
