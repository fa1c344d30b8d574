"""The archive: what operations replaced, below a folder of refs for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate.git.objects import CommitId
from migrate.git.refs import read_refs
from migrate.git.repository import Repository
from migrate.plan.names import RefNames

DIGITS = 20
"""What a number of an operation has fewer of."""


class Archive:
    """What a command knows of the archive, so that an operation after the first need not look again."""

    def __init__(self) -> None:
        self._looked_for: set[int] = set()
        self._found: Mapping[str, CommitId] = {}
        self._numbers: set[int] | None = None

    def is_free(self, repository: Repository, names: RefNames, number: int) -> bool:
        """Whether the archive has nothing of an operation.

        The whole archive grows, so the first time only that number and the next one are looked for.
        """
        if not self._looked_for:
            self._looked_for = {number, number + 1}
            self._found = read_refs(repository, *(f"{names.archive_prefix}{each}" for each in self._looked_for))
        if number in self._looked_for:
            return number not in archived_numbers(names, self._found)
        if self._numbers is None:
            self._numbers = archived_numbers(names, read_refs(repository, names.archive_prefix))
        return number not in self._numbers


def archived_numbers(names: RefNames, refs: Iterable[str]) -> set[int]:
    """The numbers of the operations of which something is in the archive."""
    found = (ref.removeprefix(names.archive_prefix).partition("/")[0] for ref in refs)
    return {int(number) for number in found if number.isascii() and number.isdecimal() and len(number) < DIGITS}
