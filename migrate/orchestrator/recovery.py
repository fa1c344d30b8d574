"""What a command left that was cut short, put right by the next one, or by itself.

Its refs are finished or taken back (`cut_short.py`), the files of a switch that stopped half-way are put back, and the
user stands where they belong. Looking sees an operation that moved in part as done, so nobody ever sees a state in
between.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress

from migrate.errors import MigrateError
from migrate.git.half_switch import undo_half_switch
from migrate.git.locks import clear_locks
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate, exactly, move_refs
from migrate.git.registry import RegisteredSlot, linked_work_trees
from migrate.git.repository import Repository
from migrate.git.worktrees import BRANCH, attach, detach, is_dirty, unreached
from migrate.journal.record import current_branch
from migrate.orchestrator.switch import Switched, follow_move, switch_obstacle
from migrate.plan.names import RefNames
from migrate.stack.cut_short import finish_or_take_back
from migrate.stack.entries import JournalEntry, read_entry, unfinished_operation


def recover(repository: Repository, names: RefNames, there: Mapping[str, CommitId] | None = None) -> Switched | None:
    """Put right what a command left. Only for the holder of the repository's lock, who may have read the refs.

    Says whether the user stands where they belong, where they were to be taken along. Raises `RepositoryError` when a
    git may still be at work or a switch stops half-way again, `RefusedError` when a branch that must follow is checked
    out.
    """
    clear_locks(repository, [names.intent, names.journal])
    tips = exactly(repository, names.intent, names.journal) if there is None else there
    intent = tips.get(names.intent)
    if intent is None:
        clear_last(repository, names, tips.get(names.journal))
        return go_on(repository)
    entry = read_entry(repository, names, intent)
    place = place_of_user(repository, entry)
    if place is not None:
        whole_again(place, entry)
    left = step_off(repository, entry)
    is_done = finish_or_take_back(repository, names, entry)
    if left is not None:
        come_back(repository, entry, left)
    switched = take_along(place, entry, is_done=is_done) if place is not None else None
    if entry.head_commit is not None:
        move_refs(repository, [RefUpdate(names.intent, intent, None)], entry.title, reflogs=False)
    return switched


def clear_last(repository: Repository, names: RefNames, tip: CommitId | None) -> None:
    """Clear the locks of the last operation, the tip of the journal.

    git removes those of refs that it deletes last, after the intent.
    """
    # A journal that nobody can read is said by what reads it.
    refs: list[str] = []
    with suppress(MigrateError):
        refs += [update.ref for update in read_entry(repository, names, tip).refs] if tip is not None else []
    clear_locks(repository, refs)


def go_on(repository: Repository) -> Switched | None:
    """Take the user where a command could not, when they have not moved since and nothing is in the way any more."""
    goal = unreached(repository)
    if goal is None or BRANCH + goal not in exactly(repository, BRANCH + goal) or is_dirty(repository):
        return None
    return follow_move(repository, goal)


def place_of_user(repository: Repository, entry: JournalEntry) -> Repository | None:
    """The repository as seen from the work tree that a command was about to switch; None where there is none."""
    if entry.head_commit is None:
        return None
    if entry.git_dir == current_branch(repository):
        return repository
    main = RegisteredSlot(repository.common_dir, repository.common_dir.parent)
    trees = {f"worktrees/{tree.admin.name}": tree for tree in linked_work_trees(repository)}
    tree = trees.get(entry.git_dir, main if entry.git_dir == "." else None)
    if tree is None or not (tree.path / ".git").exists():
        return None
    return repository.seen_from(tree.admin, tree.path)


def whole_again(place: Repository, entry: JournalEntry) -> None:
    """Put the files back that a switch left half done."""
    clear_locks(place, [], index=True)
    if entry.head_commit is not None and entry.checkout_after_commit is not None:
        undo_half_switch(place, entry.head_commit, entry.checkout_after_commit)
        # The way back can stop half-way, too.
        undo_half_switch(place, entry.checkout_after_commit, entry.head_commit)


def step_off(repository: Repository, entry: JournalEntry) -> str | None:
    """Take HEAD off a branch that is about to follow, where the work tree is clean; the branch."""
    found = unfinished_operation(entry, exactly(repository, *(update.ref for update in entry.refs)))
    branch = repository.head().branch
    moves = found.moved and any(update.ref == BRANCH + (branch or "") for update in found.left)
    if branch is None or not moves or is_dirty(repository):
        return None
    detach(repository, branch)
    return branch


def come_back(repository: Repository, entry: JournalEntry, branch: str) -> Switched | None:
    """Stand on a branch again that was left while it moved; where it is no more, on that where the command led."""
    tip = exactly(repository, BRANCH + branch).get(BRANCH + branch)
    if tip is not None and tip == repository.head().commit:
        attach(repository, branch)
        return Switched(branch, done=True)
    goal = branch if tip is not None else entry.checkout_after
    if goal is None:
        return None
    switched = follow_move(repository, goal)
    # Nobody else brings them back, so a git that failed, or was killed, is asked once more.
    return switched if switched.done else follow_move(repository, goal)


def take_along(place: Repository, entry: JournalEntry, *, is_done: bool) -> Switched | None:
    """Take the user where a command was about to take them, or back where they were when nothing is left of it.

    Whoever went elsewhere meanwhile stays there.
    """
    head = place.head()
    is_at_start = head.commit == entry.head_commit
    if entry.checkout_after is None or (entry.head is None and entry.refs):
        return None
    if not entry.refs:
        goes_on = (
            is_at_start and head.branch == entry.head and switch_obstacle(place, entry.checkout_after, head) is None
        )
        return follow_move(place, entry.checkout_after) if goes_on else None
    if head.branch is None and is_at_start:
        return come_back(place, entry, entry.checkout_after if is_done else entry.head or "")
    if head.branch is None and is_done:
        kept = f"git branch NAME {(head.commit or '')[:7]} gives a name to the commit that came meanwhile"
        return Switched(entry.checkout_after, done=False, why=kept)
    has_left = head.branch == entry.checkout_after and head.commit == entry.checkout_after_commit
    if not is_done and has_left and entry.head is not None and switch_obstacle(place, entry.head, head) is None:
        return follow_move(place, entry.head)
    return None
