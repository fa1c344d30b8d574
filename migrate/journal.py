"""The journal: every command that moved refs, as a chain of commits.

One operation moves all of its refs, the journal's own included, in one transaction. What it replaces stays reachable
below `refs/migrate/<name>/archive/<number>/`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import RepositoryError
from migrate.git.objects import Oid
from migrate.git.refs import RefUpdate, move_refs
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter, identity
from migrate.snapshot import Names, Snapshot

VERSION = 1


@dataclass(frozen=True)
class Operation:
    """One command that moves refs. `title` says what it did, in the words of the command line."""

    title: str
    updates: tuple[RefUpdate, ...]


def next_number(repository: Repository, snapshot: Snapshot, names: Names) -> int:
    """The number of the operation to come, from 1. Raises `RepositoryError` when the journal cannot be read."""
    tip = snapshot.refs.get(names.journal)
    if tip is None:
        return 1
    try:
        entry = json.loads(repository.git.text("log", "-1", "--no-show-signature", "--format=%b", tip))
        return int(entry["number"]) + 1
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise RepositoryError(
            f"{names.journal} does not end with an entry of the journal",
            advice=f"git log {names.journal} shows it; git update-ref -d {names.journal} begins a new one",
        ) from None


def record(
    repository: Repository, snapshot: Snapshot, names: Names, operation: Operation, *, keep: Sequence[str] = ()
) -> int:
    """Move the refs of an operation and add it to the journal, all in one transaction. Returns its number.

    `keep` names refs whose old value is archived before it is replaced. Raises `RepositoryError` when a ref changed
    since the snapshot: then nothing was moved.
    """
    number = next_number(repository, snapshot, names)
    archived = tuple(
        RefUpdate(names.archive(number, update.ref.rpartition("/")[2]), None, update.old)
        for update in operation.updates
        if update.ref in keep and update.old is not None
    )
    updates = (*operation.updates, *archived)
    tip = snapshot.refs.get(names.journal)
    with CommitWriter(repository, identity(repository)) as writer:
        entry = writer.commit(message(number, operation.title, updates), (tip,) if tip else (), {}, lambda _: None)
    move_refs(repository, [*updates, RefUpdate(names.journal, tip, entry)], operation.title)
    return number


def message(number: int, title: str, updates: Sequence[RefUpdate]) -> str:
    """The journal's commit message: what was done, then every ref with its value before and after."""
    refs: list[dict[str, Oid | str | None]] = [{"ref": u.ref, "old": u.old, "new": u.new} for u in updates]
    return f"{title}\n\n{json.dumps({'version': VERSION, 'number': number, 'refs': refs}, indent=1)}\n"
