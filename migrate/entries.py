"""The entries of the journal: what one command, or one step of it, moved, as a commit says it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from migrate.errors import RepositoryError
from migrate.git.history import Commit, read_history
from migrate.git.objects import Oid
from migrate.git.refs import RefUpdate
from migrate.git.repository import Repository
from migrate.names import Names

OID = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class Kind(StrEnum):
    """What an operation means to `undo`."""

    DONE = "done"
    FACT = "fact"
    """It records what happened, such as receipts: nothing that could be taken back."""
    SYNC = "sync"
    """It took what a remote had: done by others, who have entries of their own."""
    UNDO = "undo"
    REDO = "redo"

    @property
    def participle(self) -> str:
        """`undone`, `redone`."""
        return f"{self.value}ne"


@dataclass(frozen=True)
class Entry:
    """One operation as the journal has it; all operations of one command have its `invocation`."""

    oid: Oid
    number: int
    title: str
    who: str
    when: str
    """ISO 8601."""
    refs: tuple[RefUpdate, ...]
    command: str = ""
    invocation: str = ""
    kind: Kind = Kind.DONE
    of: str = ""
    head: str | None = None
    land_on: str | None = None
    head_commit: Oid | None = None
    """Where HEAD was when the command left `head`; None where it left nothing."""
    land_on_commit: Oid | None = None
    git_dir: str = "."
    """git's folder for the work tree of the command, from that of the repository."""
    parents: tuple[Oid, ...] = ()
    theirs: Oid | None = None
    """The parent that is the journal of others, taken by a sync."""


def read_entry(repository: Repository, names: Names, oid: Oid) -> Entry:
    """One entry. Raises `RepositoryError` when the commit is none."""
    found = read_history(repository, [oid], changes=False, walk=False).get(oid)
    if found is None:  # A tag, a tree or a file.
        raise no_entry(names, oid)
    return parsed(names, found)


def read_journal(repository: Repository, names: Names, tip: Oid | None) -> list[Entry]:
    """The whole journal, oldest first. Raises `RepositoryError` when it cannot be read."""
    commits = read_history(repository, [tip] if tip else [], changes=False)
    return [parsed(names, commit) for commit in reversed(commits.values())]


def own(entries: Sequence[Entry]) -> list[Entry]:
    """The entries that were made in this clone, oldest first, of a whole journal: a pure function."""
    by_oid = {entry.oid: entry for entry in entries}
    found: list[Entry] = []
    entry = entries[-1] if entries else None
    while entry is not None:
        found.append(entry)
        theirs = entry.theirs
        entry = next((by_oid[oid] for oid in entry.parents if oid != theirs and oid in by_oid), None)
    return found[::-1]


def gives(entry: Entry, ref: str, value: Oid) -> bool:
    """Whether a command gave a ref a value."""
    return any(update.ref == ref and update.new == value for update in entry.refs)


def parsed(names: Names, commit: Commit) -> Entry:
    """The entry that a commit of the journal holds."""
    title, _, body = commit.message.partition("\n\n")
    try:
        values = json.loads(body)
        refs = tuple(RefUpdate(ref["ref"], ref["old"], ref["new"]) for ref in values["refs"])
        return Entry(
            oid=commit.oid,
            number=int(values["number"]),
            title=title,
            who=commit.author,
            when=commit.date,
            refs=refs,
            command=str(values.get("command", "")),
            invocation=str(values.get("invocation", commit.oid)),
            kind=Kind(values.get("kind", Kind.DONE)),
            of=str(values.get("of", "")),
            head=values.get("head"),
            land_on=values.get("land_on"),
            head_commit=oid_of(values.get("head_commit")),
            land_on_commit=oid_of(values.get("land_on_commit")),
            git_dir=str(values.get("git_dir", ".")),
            parents=commit.parents,
            theirs=values.get("theirs"),
        )
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        raise no_entry(names, commit.oid) from None


def oid_of(value: object) -> Oid | None:
    """The name of an object, None for anything else: it becomes an argument of git."""
    return value if isinstance(value, str) and OID.fullmatch(value) else None


def no_entry(names: Names, oid: Oid) -> RepositoryError:
    """The error for something else in the place of an entry."""
    return RepositoryError(
        f"{names.journal} holds {oid[:12]}, which is no entry of the journal",
        advice=f"git log {names.journal} shows it; git update-ref -d {names.journal} begins a new one",
    )


@dataclass(frozen=True)
class Unfinished:
    """An operation whose intent is still there. `moved` says whether some ref has its new value."""

    entry: Entry
    moved: bool
    left: tuple[RefUpdate, ...]
    """What still has its old value. A ref with a third value was moved by somebody else since, and keeps it."""


def unfinished(entry: Entry, actual: Mapping[str, Oid]) -> Unfinished:
    """How far an operation came."""
    changing = [update for update in entry.refs if update.old != update.new]
    left = tuple(update for update in changing if actual.get(update.ref) == update.old)
    moved = any(actual.get(update.ref) == update.new for update in changing)
    return Unfinished(entry, moved, left)
