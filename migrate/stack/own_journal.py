"""The operations of this clone, the newest first, read as far as somebody asks.

Most questions are about what was done last, and a journal of years has thousands of entries.
"""

from __future__ import annotations

from collections.abc import Iterator

from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.entries import EntryKind, JournalEntry, given_value, read_entry
from migrate.stack.own_entries import read_own, was_brought

ONE_BY_ONE = 128
"""So many entries are read one by one; who asks for more gets all, by one walk of git."""


class OwnJournal:
    """The entries that were made in this clone, as `read_own` finds them, but for those that record facts.

    Each fact says which entry is the last before it that is none, so that thousands of validations are passed over.
    """

    def __init__(self, repository: Repository, names: RefNames, tip: CommitId | None) -> None:
        self._repository = repository
        self._names = names
        self._tip = tip
        self._last: JournalEntry | None = None
        self._looked_at = 0
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

    def _reads_on(self) -> bool:
        """Read another entry; whether there is one."""
        while not self._is_whole and self._looked_at < ONE_BY_ONE:
            below = self._below()
            self._is_whole = below is None
            if below is not None:
                self._last = read_entry(self._repository, self._names, below)
                self._looked_at += 1
                if self._last.kind is not EntryKind.FACT:
                    self._read.append(self._last)
                    return True
        if self._is_whole:
            return False
        known, self._is_whole = len(self._read), True
        every = read_own(self._repository, self._names, self._tip)
        self._read = [entry for entry in reversed(every) if entry.kind is not EntryKind.FACT]
        return len(self._read) > known

    def _below(self) -> CommitId | None:
        """The entry before those that were read."""
        last = self._last
        if last is None:
            return self._tip
        leap = [last.follows] if last.kind is EntryKind.FACT and last.follows is not None else []
        before = [*leap, *(oid for oid in last.parents if oid != last.theirs)]
        abouts = self._repository.objects.reader.about(before)
        return next((oid for oid, about in zip(before, abouts, strict=True) if about is not None), None)
