"""Which entries of the journal were made in this clone: what those tell was done here, others may have been forged.

Whoever can push writes what they like into the journal of a remote. A sync takes it as a second parent, so that a walk
along the first ones finds what this clone did. A fetch of all refs, as in a mirror, puts it in the place of ours: then
the reflog says so, and nothing in it was done here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from migrate.git.objects import CommitId
from migrate.git.refs import REASON, last_reasons
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.entries import JournalEntry, own_entries, read_journal


class Journal(NamedTuple):
    """All entries, oldest first, and those of this clone."""

    entries: list[JournalEntry]
    own: list[JournalEntry]


def read_both(repository: Repository, names: RefNames, tip: CommitId | None) -> Journal:
    """The whole journal of this clone. Raises `NewerJournalError`."""
    entries = read_journal(repository, names, tip)
    return Journal(entries, own_entries(entries) if entries and not was_brought(repository, names) else [])


def read_own(repository: Repository, names: RefNames, tip: CommitId | None) -> list[JournalEntry]:
    """The entries of this clone in its journal, oldest first. Raises `NewerJournalError`."""
    return read_both(repository, names, tip).own


def was_brought(repository: Repository, names: RefNames) -> bool:
    """Whether something else than a command of ours gave the journal the value that it has, such as a fetch."""
    return bool(brought(repository, [names.journal]))


def brought(repository: Repository, refs: Sequence[str]) -> frozenset[str]:
    """Those of some refs that something else than a command of ours moved last; git forgets reasons in time."""
    reasons = last_reasons(repository, refs) if refs else {}
    said = {ref: reasons.get(ref, "of a fetch") for ref in refs}
    return frozenset(ref for ref, reason in said.items() if reason and not reason.startswith(REASON))
