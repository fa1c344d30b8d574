"""`undo` and `redo`: the refs that the last command moved go back, while they still have the value that it gave them.

Receipts are facts and stay: what ran, ran. An approval is a command of its own and can be taken back. What others did
and a sync brought here is theirs: it is passed over, and nothing is pulled away from under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.history import absent, read_history
from migrate.git.notes import read_notes, write_notes
from migrate.git.refs import RefUpdate, exactly
from migrate.git.worktrees import BRANCH
from migrate.git.writer import CommitWriter, commit_identity
from migrate.journal.record import Operation
from migrate.orchestrator.branch_updates import check_standing, move_branches
from migrate.orchestrator.switch import Switched, switch_if_safe
from migrate.orchestrator.transition import transition
from migrate.orchestrator.withdrawals import withdrawals
from migrate.plan.names import RefNames
from migrate.stack.entries import EntryKind, JournalEntry
from migrate.stack.model import Stack
from migrate.stack.own_entries import read_both
from migrate.stack.own_journal import OwnJournal
from migrate.stack.project import Context, Project
from migrate.text import plural
from migrate.validation.merge import merged_notes


@dataclass(frozen=True)
class UndoableCommand:
    """One command of the journal: everything that its operations moved, from before the first to after the last."""

    invocation: str
    title: str
    updates: tuple[RefUpdate, ...]


@dataclass(frozen=True)
class UndoPlan:
    """What an undo or a redo will do, or did."""

    command: UndoableCommand
    kind: EntryKind
    updates: tuple[RefUpdate, ...]
    checkout_after: str
    """The branch that the user will be on when their own goes."""


@dataclass(frozen=True)
class UndoResult:
    """What became of it."""

    decided: UndoPlan
    number: int
    switched: Switched | None
    stack: Stack


def undo_history(
    entries: Sequence[JournalEntry], left: tuple[str, ...]
) -> tuple[list[UndoableCommand], list[UndoableCommand]]:
    """The commands that can be undone, and those that can be redone, the next one last: a pure function.

    `left` are beginnings of refs that are never taken back: the archive, and a conflict that was resolved. What moved
    nothing else is passed over.
    """
    done: list[UndoableCommand] = []
    undone: list[UndoableCommand] = []
    for entry in entries:
        if entry.kind is EntryKind.UNDO and done and done[-1].invocation == entry.of:
            undone.append(done.pop())
        elif entry.kind is EntryKind.REDO and undone and undone[-1].invocation == entry.of:
            done.append(undone.pop())
        elif entry.kind is EntryKind.DONE and not all(update.ref.startswith(left) for update in entry.refs):
            undone.clear()
            before = done.pop() if done and done[-1].invocation == entry.invocation else None
            done.append(with_operation(before, entry, left))
    return done, undone


def last_command(journal: OwnJournal, left: tuple[str, ...], kind: EntryKind) -> UndoableCommand | None:
    """The command to undo, or to redo; the journal is read as far back as that depends on it."""
    read: list[JournalEntry] = []
    for entry in journal:
        read.insert(0, entry)
        if is_telling(read, left, kind):
            break
    done, undone = undo_history(read, left)
    candidates = done if kind is EntryKind.UNDO else undone
    return candidates[-1] if candidates else None


def is_telling(entries: Sequence[JournalEntry], left: tuple[str, ...], kind: EntryKind) -> bool:
    """Whether the last entries of a journal tell what is to be undone, or redone, whatever stands before them.

    So it is where the oldest of them is of another command than the one that they lead to, and where all that was
    undone and redone in them was done in them, too.
    """
    first = entries[0]
    if first.kind is not EntryKind.DONE or all(update.ref.startswith(left) for update in first.refs):
        return False
    done, undone = undo_history(entries, left)
    known = {entry.invocation for entry in entries[1:] if entry.kind is EntryKind.DONE}
    if any(entry.of not in known for entry in entries if entry.kind in (EntryKind.UNDO, EntryKind.REDO)):
        return False
    candidates = done if kind is EntryKind.UNDO else undone
    if not candidates:  # What comes first leaves nothing to redo.
        return kind is EntryKind.REDO
    return candidates[-1].invocation != first.invocation


def never_taken_back(names: RefNames) -> tuple[str, ...]:
    """Beginnings of the refs that `undo` leaves as they are."""
    return (names.archive_prefix, names.pending_conflict, names.withdrawn(""))


def with_operation(command: UndoableCommand | None, entry: JournalEntry, left: tuple[str, ...]) -> UndoableCommand:
    """A command with one more of its operations."""
    moved = {update.ref: update for update in (command.updates if command else ())}
    for update in entry.refs:
        if not update.ref.startswith(left):
            first = moved.get(update.ref, update)
            moved[update.ref] = RefUpdate(update.ref, first.old, update.new)
    title = f"{command.title}, {entry.title}" if command else entry.title
    return UndoableCommand(entry.invocation, title, tuple(u for u in moved.values() if u.old != u.new))


def plan_undo(context: Context, kind: EntryKind) -> UndoPlan:
    """What undoing or redoing the last command moves now.

    Raises `RefusedError` when there is nothing to undo, a ref has another value than the command gave it, or a phase
    stands on a branch that would go or move without it.
    """
    project = context.project
    names = project.names
    tip = context.snapshot.refs.get(names.journal)
    command = last_command(OwnJournal(project.repository, names, tip), never_taken_back(names), kind)
    if command is None:
        entries, own = read_both(project.repository, names, tip)
        yours = "" if len(own) == len(entries) else " of yours"
        raise RefusedError(f"there is nothing{yours} to {kind}", advice="migrate journal shows what was done")
    updates = command.updates
    if kind is EntryKind.UNDO:
        updates = tuple(RefUpdate(update.ref, update.new, update.old) for update in updates)
    updates = tuple(beside_later(project, update) if update.ref == names.receipts else update for update in updates)
    check_unmoved(project, command, kind, updates)
    check_ground(context.stack, command, kind, updates)
    check_kept(project, command, kind, updates)
    return UndoPlan(command, kind, (*updates, *withdrawals(context, updates)), branch_after_undo(project, updates))


def beside_later(project: Project, update: RefUpdate) -> RefUpdate:
    """What takes an approval back where receipts came later: those stay. No ref moves.

    What is noted now is merged with what there is to go back to, as two clones are that both had what is left.
    """
    repository = project.repository
    now = exactly(repository, update.ref).get(update.ref)
    if now is None or now == update.old:
        return update
    before, ours, theirs = (read_notes(repository, tip) for tip in (update.old, now, update.new))
    new = merged_notes([before], ours, theirs)
    if not new:
        return RefUpdate(update.ref, now, now)
    with CommitWriter(repository, commit_identity(repository)) as writer:
        return RefUpdate(update.ref, now, write_notes(writer, repository, ours, "Take an approval back", new))


def check_unmoved(project: Project, command: UndoableCommand, kind: EntryKind, updates: Iterable[RefUpdate]) -> None:
    """Raise `RefusedError` when a ref is not where the command left it: somebody's own commits would be dropped."""
    updates = list(updates)
    actual = exactly(project.repository, *(update.ref for update in updates))
    for update in updates:
        now = actual.get(update.ref)
        if now == update.old:
            continue
        name = update.ref.removeprefix(BRANCH)
        if now is None:
            why, advice = (
                "was deleted",
                f"git update-ref {update.ref} {update.old} brings it back; then run the command again",
            )
        elif update.old is None:
            why, advice = "is there again", "rename or delete it, then run the command again"
        else:
            above = read_history(project.repository, [now], [update.old], changes=False)
            first = next(iter(above.values()), None)
            what = f': {first.oid[:7]} "{first.subject}"' if first else ""
            why = f"has {plural(len(above), 'commit')} that came later{what}" if above else "was moved back since then"
            is_branch = update.ref.startswith(BRANCH)
            kept = f"git branch -m {name} NAME && git branch {name} {update.old[:12]} keeps them under another name"
            back = kept if is_branch else f"git update-ref {update.ref} {update.old} {now} gives it that value again"
            advice = f"{back}; then run the command again"
        raise RefusedError(f'"{command.title}" cannot be {kind.participle}: {name} {why}', advice=advice)


def check_ground(stack: Stack, command: UndoableCommand, kind: EntryKind, updates: Iterable[RefUpdate]) -> None:
    """Raise `RefusedError` when a phase that stays where it is stands on a branch that goes or moves.

    One's own commands are taken back newest first, so such a phase is somebody else's.
    """
    leaving = {update.old: update.ref for update in updates if update.ref.startswith(BRANCH) and update.old is not None}
    for phase in stack:
        parent = phase.commit.parents[0] if phase.exists and phase.commit and phase.commit.parents else None
        if parent in leaving and BRANCH + phase.branch not in leaving.values():
            below = leaving[parent].removeprefix(BRANCH)
            advice = f"migrate rollback {below.rpartition('/')[2]} takes both back"
            if below == stack.plan.base:
                advice = f"migrate status shows the stack, which an earlier command put on {below} as it is now"
            raise RefusedError(
                f'"{command.title}" cannot be {kind.participle}: {phase.branch} stands on {below}',
                advice=advice,
            )


def check_kept(project: Project, command: UndoableCommand, kind: EntryKind, updates: Iterable[RefUpdate]) -> None:
    """Raise `RefusedError` when a commit to go back to is no more, as after `migrate prune` and git's clean-up."""
    wanted = [update.new for update in updates if update.new is not None]
    if absent(project.repository, wanted):
        raise RefusedError(
            f'"{command.title}" cannot be {kind.participle}: the commits that it needs were pruned',
            advice="migrate journal shows what was done",
        )


def branch_after_undo(project: Project, updates: Sequence[RefUpdate]) -> str:
    """Where the user goes when the branch that they are on is no more: the highest that is left, or the base."""
    gone = {update.ref for update in updates if update.new is None}
    coming = {update.ref for update in updates if update.new is not None}
    branches = [project.plan.branch(source.id) for source in project.plan.phases]
    there = exactly(project.repository, *(BRANCH + branch for branch in branches)).keys() - gone | coming
    standing = [branch for branch in branches if BRANCH + branch in there]
    return standing[-1] if standing else project.plan.base


def carry_out_undo(project: Project, kind: EntryKind, agree: Callable[[UndoPlan], bool]) -> UndoResult | None:
    """Decide, ask `agree`, and do it; None when the answer was no. Nothing is ever pushed."""
    with transition(project, f"migrate {kind}"):
        context = project.look()
        decided = plan_undo(context, kind)
        check_standing(context, decided.updates, decided.checkout_after)
        if not agree(decided):
            return None
        title = f"{kind}: {decided.command.title}"
        change = Operation(title, decided.updates, kind, of=decided.command.invocation)
        moved = move_branches(context, change, checkout_after=decided.checkout_after)
        stack = project.look().stack
        return UndoResult(decided, moved.number, accompany(context, decided) or moved.switched, stack)


def accompany(context: Context, decided: UndoPlan) -> Switched | None:
    """Take the user along to the highest branch of the stack, when their own goes or another one comes back.

    Only from a branch of the stack; where neither is so, they stay on it.
    """
    own = context.snapshot.head.branch or ""
    goes = any(update.new is None and update.ref == BRANCH + own for update in decided.updates)
    comes = any(update.old is None and update.ref.startswith(BRANCH) for update in decided.updates)
    if not own.startswith(f"{context.project.plan.branch_prefix}/") or not (goes or comes):
        return None
    return switch_if_safe(context.project, decided.checkout_after)
