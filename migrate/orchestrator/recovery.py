"""What a killed command left, finished or taken back by the next one.

A transaction of git is whole unless git itself is killed while it renames the files of the refs. Then the intent is
still there and says what was to be moved: when nothing of it moved, the operation never was; when something did, the
rest follows. Looking sees an operation that moved in part as done, so nobody ever sees a state in between.
"""

from __future__ import annotations

from migrate.entries import Entry, Unfinished, read_entry, unfinished
from migrate.errors import RefusedError
from migrate.git.locks import clear_locks
from migrate.git.refs import RefUpdate, exactly, move_refs
from migrate.git.repository import Repository
from migrate.git.worktrees import BRANCH, attach, checked_out
from migrate.names import Names
from migrate.orchestrator.switching import follow


def recover(repository: Repository, names: Names) -> None:
    """Finish or take back what a killed command left. Only for the holder of the repository's lock.

    Raises `RepositoryError` when a git may still be at work, `RefusedError` when a branch that must follow is checked
    out.
    """
    clear_locks(repository, [names.intent, names.journal])
    intent = exactly(repository, names.intent).get(names.intent)
    if intent is None:
        return reattach_after(repository, names)
    entry = read_entry(repository, names, intent)
    clear_locks(repository, [names.journal, *(update.ref for update in entry.refs)])
    found = unfinished(entry, exactly(repository, *(update.ref for update in entry.refs)))
    finish(repository, names, found)
    return reattach(repository, entry)


def finish(repository: Repository, names: Names, found: Unfinished) -> None:
    """Move what is left when something was moved, and take the intent away."""
    entry = found.entry
    done = RefUpdate(names.intent, entry.oid, None)
    if not found.moved:
        move_refs(repository, [done], f"{entry.title}: it never began")
        return
    held = checked_out(repository)
    for update in found.left:
        place = held.get(update.ref.removeprefix(BRANCH))
        if place is not None and update.ref.startswith(BRANCH):
            raise RefusedError(
                f'"{entry.title}" was killed half-way, and {update.ref.removeprefix(BRANCH)}, which it moves, '
                f"is checked out in {place}",
                advice="git switch --detach there, then run the command again",
            )
    parent = entry.parents[0] if entry.parents else None
    journal = exactly(repository, names.journal).get(names.journal)
    rest = [RefUpdate(names.journal, parent, entry.oid)] if journal == parent else []
    move_refs(repository, [*found.left, *rest, done], f"{entry.title}: the rest of it")


def reattach_after(repository: Repository, names: Names) -> None:
    """Put HEAD back on its branch when the last command was killed right after it had moved that branch."""
    if repository.head().branch is not None:
        return
    tip = exactly(repository, names.journal).get(names.journal)
    if tip is not None:
        reattach(repository, read_entry(repository, names, tip))


def reattach(repository: Repository, entry: Entry) -> None:
    """Put HEAD back on a branch when an operation had taken it off one, and it is still where that was done."""
    head = repository.head()
    if entry.head is None or entry.land_on is None or head.branch is not None:
        return
    taken = next((update for update in entry.refs if update.ref == BRANCH + entry.head), None)
    if taken is None or head.commit != taken.old:
        return
    if exactly(repository, taken.ref).get(taken.ref) == head.commit:
        attach(repository, entry.head)
    else:
        follow(repository, entry.land_on)
