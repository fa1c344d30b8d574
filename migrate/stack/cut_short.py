"""An operation that was cut short is finished or taken back: after a kill by the next command, and at once after an
error of git.

A transaction of git is whole unless git itself is killed, or cannot write, while it renames the files of the refs. Then
the intent is still there and says what was to be moved: when nothing of it moved, the operation never was; when
something did, the rest follows. Where the rest cannot, what moved goes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from migrate.errors import GitFailedError, MigrateError, RefusedError, RepositoryError
from migrate.git.history import absent
from migrate.git.locks import clear_locks
from migrate.git.objects import CommitId
from migrate.git.refs import HalfMovedError, RefUpdate, exactly, move_refs
from migrate.git.repository import Repository
from migrate.git.worktrees import BRANCH, checked_out
from migrate.plan.names import RefNames
from migrate.stack.entries import JournalEntry, unfinished_operation


def finish_or_take_back(repository: Repository, names: RefNames, entry: JournalEntry) -> bool:
    """Finish an operation of which something has moved, or else take its intent away. Returns whether it is done.

    The locks that git left on its refs go first. The intent of an operation that takes the user along stays until they
    are where they belong (`orchestrator/recovery.py`).

    Raises `RepositoryError` when a git may still be at work, `RefusedError` when a branch that must follow is checked
    out; then, and when git can go neither on nor back, the intent stays.
    """
    clear_locks(repository, [names.intent, *refs_of_entry(names, entry)])
    actual = exactly(repository, names.intent, *refs_of_entry(names, entry))
    found = unfinished_operation(with_journal(names, entry), actual)
    if not found.moved:
        if done := intent_of(names, entry, actual):
            move_refs(repository, done, f"{entry.title}: it never began", reflogs=False)
        return False
    check_refs_free(repository, entry, found.left)
    # A reflog says of some refs that they were made here (`strange_refs.py`); what stands in its place hinders less.
    if finish_operation(repository, names, entry, reflogs=True) or finish_operation(
        repository, names, entry, reflogs=False
    ):
        return True
    take_back_operation(repository, names, entry)
    return False


def finish_operation(repository: Repository, names: RefNames, entry: JournalEntry, *, reflogs: bool) -> bool:
    """Move what is left of an operation, and its intent away; whether git could."""
    actual = exactly(repository, names.intent, *refs_of_entry(names, entry))
    rest = [*unfinished_operation(with_journal(names, entry), actual).left, *intent_of(names, entry, actual)]
    try:
        if rest:
            move_refs(repository, rest, f"{entry.title}: the rest of it", reflogs=reflogs)
    except MigrateError:
        return False
    return True


def take_back_operation(repository: Repository, names: RefNames, entry: JournalEntry) -> None:
    """Give every ref that an operation moved its old value again, and take its intent away."""
    for reflogs in (True, False):
        actual = exactly(repository, names.intent, *refs_of_entry(names, entry))
        moved = unfinished_operation(reversed_of(with_journal(names, entry)), actual).left
        check_refs_free(repository, entry, moved)
        done = intent_of(names, entry, actual)
        try:
            move_refs(repository, [*moved, *done], f"{entry.title}: taken back", reflogs=reflogs)
        except MigrateError:
            if not reflogs:
                raise
        else:
            return


def finish_after(error: BaseException, repository: Repository, names: RefNames, entry: JournalEntry) -> bool:
    """Finish or take back what an error of git cut short: whether the command can go on as if there had been none.

    Raises the error that says what became of it, where that is another one.
    """
    try:
        is_done = finish_or_take_back(repository, names, entry)
    except MigrateError as second:
        if isinstance(error, HalfMovedError):
            raise RepositoryError(
                f'"{entry.title}" was cut short when a part of the refs had moved: {second.message}',
                advice="fix that, then run the command again: it finishes what was begun, or takes it back, first",
            ) from error
        return False
    if not is_done and isinstance(error, HalfMovedError):
        raise RepositoryError(
            f"{error.message}; what had moved was put back", advice="fix that, then run the command again"
        ) from error
    return is_done and isinstance(error, GitFailedError)


def check_whole(repository: Repository, names: RefNames, entry: JournalEntry) -> None:
    """Look once more at what the refs name now, and take the operation back when some of that is gone.

    A `git gc --prune=now` beside a command removes commits that no ref names yet. Raises `RepositoryError` then.
    """
    new = {update.ref: update.new for update in entry.refs if update.new is not None and update.new != update.old}
    # What a ref of ours names may be of any kind; a branch names a commit, which has a tree.
    branches = [oid for ref, oid in new.items() if ref.startswith(BRANCH)]
    trees = repository.objects.trees_of(branches)
    if len(trees) == len(set(branches)) and not absent(repository, [*new.values(), *trees.values()]):
        return
    take_back_operation(repository, names, entry)
    raise RepositoryError(
        f'commits of "{entry.title}" were removed while they were made, as by git gc --prune=now; it was taken back',
        advice="run the command again when that has ended",
    )


def check_refs_free(repository: Repository, entry: JournalEntry, updates: Iterable[RefUpdate]) -> None:
    """Raise `RefusedError` when somebody stands on a branch that would move."""
    held = checked_out(repository)
    for update in updates:
        branch = update.ref.removeprefix(BRANCH)
        if update.ref.startswith(BRANCH) and branch in held:
            raise RefusedError(
                f'"{entry.title}" was cut short, and {branch}, which it moves, is checked out in {held[branch]}',
                advice="git switch --detach there, then run the command again",
            )


def with_journal(names: RefNames, entry: JournalEntry) -> JournalEntry:
    """An entry that names the move of the journal, too."""
    if not entry.refs:
        return entry
    parent = entry.parents[0] if entry.parents and entry.parents[0] != entry.theirs else None
    return replace(entry, refs=(*entry.refs, RefUpdate(names.journal, parent, entry.oid)))


def intent_of(names: RefNames, entry: JournalEntry, actual: Mapping[str, CommitId]) -> list[RefUpdate]:
    """What takes the intent away, where it may go."""
    is_there = actual.get(names.intent) == entry.oid
    return [RefUpdate(names.intent, entry.oid, None)] if is_there and entry.head_commit is None else []


def reversed_of(entry: JournalEntry) -> JournalEntry:
    """An entry as if it led the other way."""
    return replace(entry, refs=tuple(RefUpdate(update.ref, update.new, update.old) for update in entry.refs))


def refs_of_entry(names: RefNames, entry: JournalEntry) -> list[str]:
    """The refs that an operation moves, the journal with them."""
    return [*(update.ref for update in entry.refs), names.journal]
