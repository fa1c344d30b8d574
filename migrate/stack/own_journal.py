"""The operations of this clone, the newest first, read as far as somebody asks.

Most questions are about what was done last, and a journal of years has thousands of entries.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.entries import JournalEntry, given_value, read_entry
from migrate.stack.own_entries import read_own, was_brought

ONE_BY_ONE = 128
"""So many entries are read one by one; who asks for more gets all, by one walk of git."""


class OwnJournal:
    """The entries that were made in this clone, as `read_own` finds them."""

    def __init__(self, repository: Repository, names: RefNames, tip: CommitId | None) -> None:
        self._repository = repository
        self._names = names
        self._tip = tip
        self._read: list[JournalEntry] = []
        self._is_whole = tip is None or was_brought(repository, names)

    def __iter__(self) -> Iterator[JournalEntry]:
        """The newest first. Raises `NewerJournalError` at an entry of a newer program."""
        position = 0
        while position < len(self._read) or self._reads_on():
            yield self._read[position]
            position += 1

    def gave(self, ref: str, value: CommitId) -> bool:
        """Whether a command of this clone gave a ref a value."""
        return any(value in given_value([entry], ref) for entry in self)

    @property
    def newest(self) -> list[JournalEntry]:
        """What was read, oldest first."""
        return self._read[::-1]

    def _reads_on(self) -> bool:
        """Read another entry; whether there is one."""
        if self._is_whole:
            return False
        if len(self._read) >= ONE_BY_ONE:
            self._read = read_own(self._repository, self._names, self._tip)[::-1]
            self._is_whole = True
            return len(self._read) > ONE_BY_ONE
        below = self._below()
        self._is_whole = below is None
        if below is not None:
            self._read.append(read_entry(self._repository, self._names, below))
        return below is not None

    def _below(self) -> CommitId | None:
        """The entry before those that were read."""
        if not self._read:
            return self._tip
        last = self._read[-1]
        parents = [oid for oid in last.parents if oid != last.theirs]
        abouts = self._repository.objects.reader.about(parents)
        return next((oid for oid, about in zip(parents, abouts, strict=True) if about is not None), None)
