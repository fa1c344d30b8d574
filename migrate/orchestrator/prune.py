"""`prune`: archives that nobody will ask for any more are dropped, here and, by the next sync, everywhere.

The journal tells which: an archived ref that an entry removes is neither taken from a remote nor pushed again, and each
sync removes it where it still is. What operations of this clone replaced stays here until it is pruned here: whoever
can push can write such an entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate, read_refs
from migrate.journal.record import Operation, record
from migrate.orchestrator.transition import transition
from migrate.plan.names import RefNames
from migrate.stack.archive import archived_numbers
from migrate.stack.entries import EntryKind, JournalEntry, read_journal
from migrate.stack.project import Project


@dataclass(frozen=True)
class Archive:
    """What one operation replaced, as far as it is kept. `when` is None where no entry of the journal tells."""

    number: int
    refs: tuple[tuple[str, CommitId], ...]
    title: str = ""
    when: datetime | None = None


def archives(names: RefNames, refs: Iterable[tuple[str, CommitId]], entries: Iterable[JournalEntry]) -> list[Archive]:
    """All archives, the oldest operation first: a pure function."""
    found: dict[int, list[tuple[str, CommitId]]] = {}
    for ref, oid in refs:
        for number in archived_numbers(names, [ref]):
            found.setdefault(number, []).append((ref, oid))
    # Two clones may have given one number to two operations: the newer one counts.
    dated = [(entry, when) for entry in entries if (when := age_limit(entry)) is not None]
    told = {entry.number: (entry.title, when) for entry, when in sorted(dated, key=lambda pair: pair[1])}
    return [Archive(number, tuple(kept), *told.get(number, ())) for number, kept in sorted(found.items())]


def age_limit(entry: JournalEntry) -> datetime | None:
    """When an entry was written; None where its commit has no date that there can be."""
    try:
        when = datetime.fromisoformat(entry.when)
    except ValueError:
        return None
    return when if when.tzinfo is not None else None


def to_drop(
    all_of_them: Sequence[Archive], *, keep: int | None, older: timedelta | None, now: datetime
) -> list[Archive]:
    """Those that are not among the last `keep`, and are older than `older`: a pure function."""
    chosen = list(all_of_them if keep is None else all_of_them[: max(len(all_of_them) - keep, 0)])
    return [each for each in chosen if older is None or (each.when is not None and each.when < now - older)]


def prune(
    project: Project, agree: Callable[[Sequence[Archive]], bool], *, keep: int | None, older: timedelta | None
) -> list[Archive] | None:
    """Drop old archives when `agree` says so; what was dropped, None when the answer was no."""
    with transition(project, "migrate prune"):
        context = project.look()
        names, repository = project.names, project.repository
        entries = read_journal(repository, names, context.snapshot.refs.get(names.journal))
        known = archives(names, read_refs(repository, names.archive_prefix).items(), entries)
        dropped = to_drop(known, keep=keep, older=older, now=datetime.now(UTC))
        if not dropped:
            return []
        if not agree(dropped):
            return None
        updates = tuple(RefUpdate(ref, oid, None) for each in dropped for ref, oid in each.refs)
        numbers = [each.number for each in dropped]
        title = f"prune the archives of operations {numbers[0]} to {numbers[-1]}"
        record(context, Operation(title, updates, EntryKind.FACT))
        return dropped


def kept_here(names: RefNames, own: Iterable[JournalEntry]) -> frozenset[tuple[str, CommitId]]:
    """The archived refs, with their values, that operations of this clone made and it has not dropped: a pure function.

    Whatever an entry of somebody else says, they are what `undo` needs here.
    """
    own = list(own)
    made = {
        (update.ref, update.new)
        for entry in own
        for update in entry.refs
        if update.ref.startswith(names.archive_prefix) and update.new is not None
    }
    return frozenset(made) - pruned(names, own)


def pruned(names: RefNames, entries: Iterable[JournalEntry]) -> frozenset[tuple[str, CommitId]]:
    """The archived refs, with their values, that some entry of the journal dropped: a pure function."""
    return frozenset(
        (update.ref, update.old)
        for entry in entries
        for update in entry.refs
        if update.ref.startswith(names.archive_prefix) and update.new is None and update.old is not None
    )
