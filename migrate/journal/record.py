"""The journal: every command that moved refs, as a chain of commits.

One operation moves all of its refs, the journal's own included, in one transaction. What it replaces stays reachable
below `refs/migrate/<name>/archive/<number>/`. Before the transaction `refs/migrate/<name>/intent` names the entry, and
the transaction takes that name away: git moves the files of several refs one after the other, so that a git that is
killed in the middle leaves some of them moved, and the next command must know which (`files_transaction_finish` in
git's refs/files-backend.c).
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count

from migrate.execution.redaction import shared_command, shared_text, shared_values
from migrate.git.history import Commit
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate, exactly, move_refs, read_refs
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter, commit_identity, write_empty_commit
from migrate.plan.names import RefNames
from migrate.stack.archive import Archive, archived_numbers
from migrate.stack.cut_short import check_whole, finish_after
from migrate.stack.entries import LAST, STRANGE, VERSION, EntryKind, JournalEntry, parse_entry, read_entry, read_journal
from migrate.stack.own_entries import was_brought
from migrate.stack.project import Context, Project
from migrate.stack.snapshot import Snapshot

USUAL = 10**9
"""What numbers of operations stay below, unless somebody wrote one that leaves no other above it."""


@dataclass(frozen=True)
class Operation:
    """One command, or one step of it, that moves refs. `title` says what it did.

    `of` names the invocation that an undo or a redo is about. `head` is the branch that the user was on and that is
    moved, `checkout_after` the one to stand on afterwards.
    """

    title: str
    updates: tuple[RefUpdate, ...]
    kind: EntryKind = EntryKind.DONE
    of: str = ""
    head: str | None = None
    checkout_after: str | None = None
    head_commit: CommitId | None = None
    """Where the user was, when the operation takes them from there to `checkout_after`; None when they stay."""
    checkout_after_commit: CommitId | None = None
    theirs: CommitId | None = None
    """The journal of others, which this operation joins with ours."""
    requests: tuple[Mapping[str, object], ...] = ()
    """What is changed on a forge."""
    silent: tuple[RefUpdate, ...] = ()
    """Refs that move along and are told nobody: what this clone knows of a remote, and what others archived."""


def next_number(
    repository: Repository,
    snapshot: Snapshot,
    names: RefNames,
    theirs: CommitId | None = None,
    told: Callable[[str], None] = lambda _: None,
    coming: Iterable[str] = (),
    archive: Archive | None = None,
) -> int:
    """The number of the operation to come, from 1: one of which the archive has nothing, nor will by refs that come.

    What is no entry in the place of the last one is `told`. `archive` is what the command knows of it by then. Raises
    `NewerJournalError`.
    """
    archive = archive or Archive()
    tips = [tip for tip in (snapshot.refs.get(names.journal), theirs) if tip is not None]
    last = [read_entry(repository, names, tip) for tip in tips]
    taken = archived_numbers(names, coming)
    is_sound = all(0 < entry.number < LAST for entry in last)
    highest = max((entry.number for entry in last), default=0) if is_sound else 0
    following = highest + 1
    # Whoever can push may have put something where the archive of the next operation is to be. The whole archive grows.
    if is_sound and following not in taken and archive.is_free(repository, names, following):
        return following
    taken |= archived_numbers(names, read_refs(repository, names.archive_prefix))
    if not is_sound:
        for entry in last:
            if entry.kind is EntryKind.UNREADABLE:
                told(f"{names.journal} holds {entry.oid[:12]}, which is {STRANGE}, and is ignored   (migrate journal)")
        before = [entry.number for tip in tips for entry in read_journal(repository, names, tip)]
        highest = max((number for number in (*before, *taken) if number < USUAL), default=0)
    return next(number for number in count(highest + 1) if number not in taken)


@dataclass(frozen=True)
class Prepared:
    """An operation with its entry, which nothing names yet."""

    operation: Operation
    number: int
    entry: JournalEntry
    journal: str
    tip: CommitId | None
    """The journal before."""
    updates: tuple[RefUpdate, ...]
    """Its own, and those that archive what they replace."""

    @property
    def moved(self) -> tuple[RefUpdate, ...]:
        """What has moved when it is done: the journal, too."""
        names = [*self.updates, *self.operation.silent]
        return (*names, RefUpdate(self.journal, self.tip, self.entry.oid))


def record(context: Context, operation: Operation, *, ready: Callable[[], None] = lambda: None) -> int:
    """Move the refs of an operation and add it to the journal, all in one transaction. Returns its number.

    What it replaces is archived. `ready` is called when the intent is known, right before anything moves. The intent of
    an operation that takes the user from one branch to another stays: `arrived` takes it away. Raises `RepositoryError`
    when a ref changed since the snapshot, and whatever git cannot do: then nothing was moved, or the error says so.
    """
    prepared = prepare(context, operation)
    carry_out(context.project, prepared, ready=ready)
    return prepared.number


def prepare(context: Context, operation: Operation, writer: CommitWriter | None = None) -> Prepared:
    """Write the entry of an operation, for `carry_out`: by a writer that is at work, where there is one."""
    project, snapshot = context.project, context.snapshot
    repository, names = project.repository, project.names
    coming = [update.ref for update in operation.silent]
    number = next_number(repository, snapshot, names, operation.theirs, repository.tell, coming, project.archive)
    # The archive first: git moves refs in this order, and what is replaced must never be without a name.
    updates = (*archived_updates(names, number, operation.updates, project.plan.branch_prefix), *operation.updates)
    tip = snapshot.refs.get(names.journal)
    if tip is not None and was_brought(repository, names):
        tip = as_theirs(project, number, tip)
    parents = tuple(parent for parent in (tip, operation.theirs) if parent is not None)
    entry = write_entry(project, number, operation, updates, parents, writer)
    return Prepared(operation, number, entry, names.journal, tip, updates)


def carry_out(project: Project, prepared: Prepared, *, ready: Callable[[], None] = lambda: None) -> None:
    """Move the refs of an operation that was prepared, as `record` does."""
    repository, names = project.repository, project.names
    operation, entry = prepared.operation, prepared.entry
    # The intent goes last: while it is there, what it names may be done in part.
    done = () if operation.head_commit else (RefUpdate(names.intent, entry.oid, None),)
    moved = [*prepared.updates, RefUpdate(prepared.journal, prepared.tip, entry.oid), *done]
    try:
        move_refs(repository, [RefUpdate(names.intent, None, entry.oid)], operation.title)
        ready()
        move_refs(repository, moved, operation.title)
    except BaseException as error:
        if not finish_after(error, repository, names, entry):
            raise
    check_whole(repository, names, entry)
    repository.objects.has_empty_tree = True
    # What was synced last is noted when nothing can be taken back any more: noted before, it would say that a branch
    # which was put back had been taken over, and the next sync would push it over what others did.
    if operation.silent:
        move_refs(repository, operation.silent, operation.title)


def as_theirs(project: Project, number: int, tip: CommitId) -> CommitId:
    """Take a journal that something else put in the place of ours, such as a fetch, as a sync takes that of others."""
    operation = Operation("take a journal that was not written here", (), EntryKind.SYNC, theirs=tip)
    oid = write_entry(project, number, operation, (), (tip,)).oid
    move_refs(project.repository, [RefUpdate(project.names.journal, tip, oid)], operation.title)
    return oid


def write_entry(
    project: Project,
    number: int,
    operation: Operation,
    updates: Sequence[RefUpdate],
    parents: tuple[CommitId, ...],
    writer: CommitWriter | None = None,
) -> JournalEntry:
    """Write the entry of an operation, which nothing names yet; what anybody will read in it, but for who and when."""
    text = entry_message(project, number, operation, updates, followed(project, operation, next(iter(parents), None)))
    if writer is not None:
        oid = writer.commit_nothing(text, parents)
    else:
        oid = write_empty_commit(project.repository, commit_identity(project.repository), text, parents)
    return parse_entry(
        project.names,
        Commit(
            oid,
            tree=project.repository.objects.empty_tree,
            parents=parents,
            author="",
            date="",
            message=text,
            changes=(),
        ),
    )


def write_intent(project: Project, operation: Operation) -> CommitId:
    """Say that the user is about to be taken from one branch to another, until `arrived`; the entry that says so."""
    entry = write_entry(project, 1, operation, (), ())  # It gets into no journal.
    move_refs(project.repository, [RefUpdate(project.names.intent, None, entry.oid)], operation.title)
    return entry.oid


def has_arrived(project: Project, entry: CommitId | None = None) -> None:
    """Take the intent away, which is `entry` where it is known: the user is where they were to be, or stays."""
    intent = project.names.intent
    entry = entry or exactly(project.repository, intent).get(intent)
    if entry is not None:
        move_refs(project.repository, [RefUpdate(intent, entry, None)], "done")


def archived_updates(names: RefNames, number: int, updates: Iterable[RefUpdate], prefix: str) -> tuple[RefUpdate, ...]:
    """What an operation replaces, each commit once, under the names that the archive has for it."""
    updates = tuple(updates)
    kept: dict[CommitId, RefUpdate] = {}
    for update in updates:
        if update.ref.startswith(names.archive_prefix) and update.new is None:
            continue  # Pruned: that it is kept no longer is the point.
        name = archive_name(names, update.ref, prefix)
        if name is None and update.new is None and is_of_another(names, update.ref):
            name = f"former/{update.ref.removeprefix('refs/')}"
        if update.old is not None and update.old != update.new and name is not None:
            kept.setdefault(update.old, RefUpdate(names.archive(number, name), None, update.old))
    for update in updates:
        # What a remote will lose by this must keep a name here.
        if update.ref.startswith(names.withdrawn("")) and update.new is not None:
            name = f"on-remote/{update.ref.removeprefix(names.withdrawn(''))}"
            kept.setdefault(update.new, RefUpdate(names.archive(number, name), None, update.new))
    return tuple(kept.values())


def is_of_another(names: RefNames, ref: str) -> bool:
    """Whether a ref is one that a phase had when its migration had another name."""
    return ref.startswith("refs/heads/") or (
        ref.startswith("refs/migrate/") and not ref.startswith(f"refs/migrate/{names.migration}/")
    )


def archive_name(names: RefNames, ref: str, prefix: str) -> str | None:
    """What the archive calls a ref; None for one whose old value stays reachable in its new one."""
    folders = (f"refs/heads/{prefix}/", f"refs/migrate/{names.migration}/")
    own = (names.journal, names.receipts, names.start)
    if ref in own or ref.startswith(names.withdrawn("")) or not ref.startswith(folders):
        return None
    return ref.removeprefix(f"refs/heads/{prefix}/").removeprefix(f"refs/migrate/{names.migration}/")


def followed(project: Project, operation: Operation, tip: CommitId | None) -> CommitId | None:
    """Of an operation that records facts the last entry before it that records none."""
    if operation.kind is not EntryKind.FACT or tip is None:
        return None
    last = read_entry(project.repository, project.names, tip)
    return last.follows if last.kind is EntryKind.FACT and last.follows is not None else tip


def entry_message(
    project: Project, number: int, operation: Operation, updates: Sequence[RefUpdate], follows: CommitId | None
) -> str:
    """The journal's commit message: what was done, then every ref with its value before and after."""
    values: dict[str, object] = {
        "version": VERSION,
        "number": number,
        "command": shared_command(project.typed),
        "invocation": project.invocation,
        "kind": str(operation.kind),
    }
    values |= {"of": operation.of} if operation.of else {}
    values |= {"theirs": operation.theirs} if operation.theirs else {}
    values |= {"follows": follows} if follows else {}
    values |= journey(project, operation) if operation.head_commit else {}
    values |= {"requests": shared_values(operation.requests)} if operation.requests else {}
    values["refs"] = [{"ref": u.ref, "old": u.old, "new": u.new} for u in updates]
    return f"{shared_text(operation.title)}\n\n{json.dumps(values, indent=1)}\n"


def journey(project: Project, operation: Operation) -> dict[str, object]:
    """From where to where an operation takes the user, and in which work tree."""
    return {
        "head": operation.head,
        "head_commit": operation.head_commit,
        "land_on": operation.checkout_after,
        "land_on_commit": operation.checkout_after_commit,
        "git_dir": current_branch(project.repository),
    }


def current_branch(repository: Repository) -> str:
    """git's folder for the work tree from that of the repository: `.` or `worktrees/NAME`."""
    return os.path.relpath(repository.git_dir, repository.common_dir)
