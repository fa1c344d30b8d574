"""The entries of the journal: what one command, or one step of it, moved, as a commit says it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeGuard

from migrate.errors import RepositoryError
from migrate.git.history import Commit, read_alone, read_history
from migrate.git.objects import CommitId
from migrate.git.process import OBJECT_NAME
from migrate.git.refs import RefUpdate
from migrate.git.repository import Repository
from migrate.plan.names import RefNames

VERSION = 1
"""The version of the entries that are written; those of a newer one may say what this program does not understand."""
LAST = 10**18
"""The highest number that an operation can have."""
LONGEST_REF = 4096
FEW = 200
"""So many entries are read one by one."""
REF = re.compile(r"refs/(?!.*(?:\.\.|//|@\{|/\.|\.lock(?:/|\Z)))[^\0-\x20\x7f~^:?*\[\\]*[^\0-\x20\x7f~^:?*\[\\/.]")
STRANGE = "no entry of the journal"
"""What stands in the place of the title of something else."""


class NewerJournalError(RepositoryError):
    """The journal was written by a newer program: what it says would be understood in part."""

    code = "newer"


class EntryKind(StrEnum):
    """What an operation means to `undo`."""

    DONE = "done"
    FACT = "fact"
    """It records what happened, such as receipts: nothing that could be taken back."""
    SYNC = "sync"
    """It took what a remote had: done by others, who have entries of their own."""
    SUBMIT = "submit"
    """It changed pull requests on a forge, and no ref."""
    UNDO = "undo"
    REDO = "redo"
    UNREADABLE = "unreadable"
    """It is no entry: somebody else wrote it, or something."""

    @property
    def is_no_news(self) -> bool:
        """Whether it is no reason to push: it tells of what was pushed, or done elsewhere."""
        return self in (EntryKind.SYNC, EntryKind.SUBMIT)

    @property
    def participle(self) -> str:
        """`undone`, `rerun`."""
        return f"{self.value}ne"


@dataclass(frozen=True)
class JournalEntry:
    """One operation as the journal has it; all operations of one command have its `invocation`."""

    oid: CommitId
    number: int
    title: str
    who: str
    when: str
    """ISO 8601."""
    refs: tuple[RefUpdate, ...]
    command: str = ""
    invocation: str = ""
    kind: EntryKind = EntryKind.DONE
    of: str = ""
    head: str | None = None
    checkout_after: str | None = None
    head_commit: CommitId | None = None
    """Where HEAD was when the command left `head`; None where it left nothing."""
    checkout_after_commit: CommitId | None = None
    git_dir: str = "."
    """git's folder for the work tree of the command, from that of the repository."""
    parents: tuple[CommitId, ...] = ()
    theirs: CommitId | None = None
    """The parent that is the journal of others, taken by a sync."""
    requests: tuple[Mapping[str, object], ...] = ()
    """What was changed on a forge (`orchestrator/submit/take_back.py`)."""
    follows: CommitId | None = None
    """Of a fact the last entry before it that is none: there may be thousands between."""


def read_entry(repository: Repository, names: RefNames, oid: CommitId) -> JournalEntry:
    """One entry, of kind `UNREADABLE` for anything else. Raises `NewerJournalError` for one of a newer program."""
    found = read_history(repository, [oid], changes=False, walk=False).get(oid)
    # A tag, a tree and a file are no entries, either.
    return (
        parse_entry(names, found)
        if found is not None
        else JournalEntry(oid, 0, STRANGE, "", "", (), kind=EntryKind.UNREADABLE)
    )


def read_journal(
    repository: Repository, names: RefNames, tip: CommitId | None, *, last: int | None = None
) -> list[JournalEntry]:
    """The whole journal, or its `last` entries, oldest first, what is no entry included. Raises `NewerJournalError`."""
    if last is not None and not repository.shallow and (line := last_of_line(repository, tip, last)) is not None:
        return [parse_entry(names, commit) for commit in reversed(line)]
    commits = read_history(repository, [tip] if tip else [], changes=False)
    return [parse_entry(names, commit) for commit in reversed(commits.values())]


def last_of_line(repository: Repository, tip: CommitId | None, count: int) -> list[Commit] | None:
    """So many commits, the newest first, of a line on which none has two parents; None where they are no such line."""
    found: list[Commit] = []
    while tip is not None and len(found) < min(count, FEW):
        read = read_alone(repository, [tip])
        if read is None or len(read[tip].parents) > 1:
            return None
        found.append(read[tip])
        tip = next(iter(read[tip].parents), None)
    return found if tip is None or len(found) == count else None


def own_entries(entries: Sequence[JournalEntry]) -> list[JournalEntry]:
    """The entries that were made in this clone, oldest first, of a whole journal: a pure function."""
    by_oid = {entry.oid: entry for entry in entries}
    found: list[JournalEntry] = []
    entry = entries[-1] if entries else None
    while entry is not None:
        found.append(entry)
        theirs = entry.theirs
        entry = next((by_oid[oid] for oid in entry.parents if oid != theirs and oid in by_oid), None)
    return found[::-1]


def gives_value(entry: JournalEntry, ref: str, value: CommitId) -> bool:
    """Whether a command gave a ref a value."""
    return any(update.ref == ref and update.new == value for update in entry.refs)


def given_value(entries: Iterable[JournalEntry], ref: str) -> frozenset[CommitId]:
    """The values that commands gave a ref, as some entries tell: not those that a sync took, or an undo put back."""
    made = (entry for entry in entries if entry.kind in (EntryKind.DONE, EntryKind.REDO))
    return frozenset(each.new for entry in made for each in entry.refs if each.ref == ref and each.new is not None)


def parse_entry(names: RefNames, commit: Commit) -> JournalEntry:
    """The entry that a commit of the journal holds.

    Whoever can push can write anything there, so what is no entry is one of kind `UNREADABLE`, which moved nothing.
    Raises `NewerJournalError` for an entry of a newer program.
    """
    title, _, body = commit.message.partition("\n\n")
    nothing = JournalEntry(
        commit.oid, 0, STRANGE, commit.author, commit.date, (), kind=EntryKind.UNREADABLE, parents=commit.parents
    )
    try:
        values = json.loads(body)
        version = values.get("version", VERSION)
        if is_number(version) and version > VERSION:
            raise NewerJournalError(
                f"{names.journal} holds {commit.oid[:12]}, written by a newer migrate (version {version})",
                advice="git pull && pip install . in a checkout of migrate, or pip install a newer wheel of it; "
                "then run the command again; nothing was changed",
            )
        kind = EntryKind(values.get("kind", EntryKind.DONE))
        number, theirs = values["number"], values.get("theirs")
        head, checkout_after = values.get("head"), values.get("land_on")
        refs = tuple(RefUpdate(ref["ref"], ref["old"], ref["new"]) for ref in values["refs"])
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return nothing
    is_sound = kind is not EntryKind.UNREADABLE and is_number(number) and is_oid(theirs)
    if not is_sound or not all(map(is_update, refs)) or not all(map(is_branch, (head, checkout_after))):
        return nothing
    return JournalEntry(
        oid=commit.oid,
        number=number,
        title=title,
        who=commit.author,
        when=commit.date,
        refs=refs,
        command=str(values.get("command", "")),
        invocation=str(values.get("invocation", commit.oid)),
        kind=kind,
        of=str(values.get("of", "")),
        head=head,
        checkout_after=checkout_after,
        head_commit=oid_of(values.get("head_commit")),
        checkout_after_commit=oid_of(values.get("land_on_commit")),
        git_dir=str(values.get("git_dir", ".")),
        parents=commit.parents,
        theirs=theirs,
        requests=tables_of(values.get("requests")),
        follows=oid_of(values.get("follows")),
    )


def tables_of(value: object) -> tuple[Mapping[str, object], ...]:
    """The tables of a list; nothing for anything else."""
    return tuple(each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()


def oid_of(value: object) -> CommitId | None:
    """The name of an object, None for anything else: it becomes an argument of git."""
    return CommitId(value) if isinstance(value, str) and is_oid(value) else None


def is_text_value(value: object) -> TypeGuard[str]:
    """Whether a value of JSON is a text that can be a name: an option of git is none."""
    return isinstance(value, str) and not value.startswith("-")


def is_number(value: object) -> bool:
    """Whether a value of JSON can count operations."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value <= LAST


def is_ref(value: object) -> bool:
    """Whether a value of JSON can be the full name of a ref (git-check-ref-format(1))."""
    return isinstance(value, str) and len(value) < LONGEST_REF and REF.fullmatch(value) is not None


def is_update(update: RefUpdate) -> bool:
    """Whether what JSON says of a ref can be one, with values that can be names of objects."""
    return is_ref(update.ref) and is_oid(update.old) and is_oid(update.new)


def is_branch(value: object) -> bool:
    """Whether a value of JSON can be the name of a branch, or none."""
    return value is None or (is_text_value(value) and is_ref(f"refs/heads/{value}"))


def is_oid(value: object) -> bool:
    """Whether a value of JSON is the name of an object, or none."""
    return value is None or (isinstance(value, str) and OBJECT_NAME.fullmatch(value) is not None)


@dataclass(frozen=True)
class UnfinishedOperation:
    """An operation whose intent is still there. `moved` says whether some ref has its new value."""

    entry: JournalEntry
    moved: bool
    left: tuple[RefUpdate, ...]
    """What still has its old value. A ref with a third value was moved by somebody else since, and keeps it."""


def unfinished_operation(entry: JournalEntry, actual: Mapping[str, CommitId]) -> UnfinishedOperation:
    """How far an operation came."""
    changing = [update for update in entry.refs if update.old != update.new]
    left = tuple(update for update in changing if actual.get(update.ref) == update.old)
    moved = any(actual.get(update.ref) == update.new for update in changing)
    return UnfinishedOperation(entry, moved, left)
