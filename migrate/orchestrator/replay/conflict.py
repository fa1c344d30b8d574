"""Stopping at a conflict: the tree is laid out in a slot for a person to resolve, and then the command runs again."""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from pathlib import Path

from migrate.errors import Exit, MigrateError, RefusedError, RepositoryError
from migrate.execution.slots import Slot, slots_there, take_slot
from migrate.git.locks import clear_locks
from migrate.git.merge import Conflict, file_resolutions, synthetic
from migrate.git.objects import TreeEntry, TreeId
from migrate.git.refs import RefUpdate
from migrate.git.registry import named_by
from migrate.journal.record import Operation, record
from migrate.orchestrator.transition import transition
from migrate.stack.conflict_place import conflict_slot, how_to_resolve
from migrate.stack.conflict_state import (
    Attempt,
    PendingConflict,
    read_pending_conflict,
    with_resolution,
    write_pending_conflict,
)
from migrate.stack.entries import EntryKind
from migrate.stack.project import Context, Project, write_origin
from migrate.stack.resolutions import read_resolutions, write_resolutions
from migrate.text import encode, plural, printable

MARKER = re.compile(rb"^(?:<{7}|>{7}|\|{7})(?: |$)", re.MULTILINE)
"""What git writes around the two sides of a conflict."""

SIDE_MARKERS = tuple(
    re.compile(rb"^(%s{7,}) %s((?::[^\r\n]*)?)(?=\r?$)" % (mark, name), re.MULTILINE)
    for mark, name in (
        (rb"\|", rb"parent of [0-9a-f]+ \(with the change\)"),
        (rb"<", rb"HEAD"),
        (rb">", rb"[0-9a-f]+ \(with the change\)"),
    )
)
"""The markers of a cherry-pick: before the change, where it should go, with it. A path may follow."""


class DoesNotFitError(MigrateError):
    """A command cannot go on by itself; `what` names the change that does not fit."""

    code = "does-not-fit"
    exit_code = Exit.CONFLICT

    def __init__(self, what: str, conflict: Conflict) -> None:
        super().__init__(f"{what} does not fit: conflict in {', '.join(map(printable, conflict.paths))}")
        self.what = what
        self.conflict = conflict


class ConflictPendingError(MigrateError):
    """A command stopped, and says what a person should do. `place` is the folder with the conflict in it."""

    code = "conflict"
    exit_code = Exit.CONFLICT

    def __init__(self, message: str, place: Path) -> None:
        super().__init__(message, where=str(place), advice=how_to_resolve(place))

    def __str__(self) -> str:
        return self.message


class UnresolvedError(RefusedError):
    """A conflict is still open."""

    code = "unresolved"
    exit_code = Exit.CONFLICT


def stop_at_conflict(project: Project, attempt: Attempt, error: DoesNotFitError) -> ConflictPendingError:
    """Keep what stopped, lay the conflict out in a slot, and return the error that says so."""
    context = project.look()
    pending_conflict = PendingConflict(attempt.command, error.what, error.conflict, attempt.resolutions)
    ref = project.names.pending_conflict
    update = RefUpdate(
        ref, context.snapshot.refs.get(ref), write_pending_conflict(project.repository, pending_conflict)
    )
    record(context, Operation(f"stop {attempt.command.name} at {error.what}", (update,), EntryKind.FACT))
    place = lay_out_conflict(project, error.conflict)
    return ConflictPendingError(error.message, place)


def lay_out_conflict(project: Project, conflict: Conflict) -> Path:
    """Put a conflict into the slot as a cherry-pick would leave it, with its three sides in the index."""
    repository = project.repository
    root = synthetic(repository, conflict.base, message="before the change")
    ours = synthetic(repository, conflict.ours, root, message="where it should go")
    theirs = synthetic(repository, conflict.theirs, root, message="with the change")
    with take_slot(repository, conflict_slot(project.plan.name)) as place:
        place.checkout(ours, pristine=True)
        try:
            place.git("cherry-pick", "--no-commit", theirs, accept=(0, 1))
            for path, entry in conflict.known.items():
                put_file(place, path, entry)
            for path in conflict.paths:
                marker_label(place.path / path, conflict.labels)
            write_origin(project, place.path)
        except BaseException:
            place.mark_dirty()
            raise
        return place.path


def put_file(place: Slot, path: str, entry: TreeEntry | None) -> None:
    """Resolve a file of a conflict as it was resolved before."""
    if entry is None:
        place.git("rm", "--quiet", "--force", "--ignore-unmatch", "--", path)
        return
    place.git("update-index", "--add", "--replace", "--cacheinfo", f"{entry.mode},{entry.oid},{path}")
    place.git("checkout-index", "--force", "--", path)


def marker_label(file: Path, labels: Sequence[str]) -> None:
    """Let the markers in a file say what people call the three sides: git names commits that nobody knows."""
    if len(labels) != len(SIDE_MARKERS) or not file.is_file() or file.is_symlink():
        return
    content = before = file.read_bytes()
    for pattern, name in zip(SIDE_MARKERS, labels, strict=True):
        said = encode(printable(name)).replace(b"\\", rb"\\")
        content = pattern.sub(rb"\1 " + said + rb"\2", content)
    if content != before:
        file.write_bytes(content)


def kept_resolutions(context: Context) -> dict[str, TreeId]:
    """How conflicts were resolved in commands that are done."""
    project, snapshot, _ = context
    return read_resolutions(project.repository, snapshot.refs.get(project.names.resolutions))


def remove_conflict_state(context: Context) -> list[RefUpdate]:
    """What ends a stop, for a command that got through: how its conflicts were resolved is kept."""
    project, snapshot = context.project, context.snapshot
    names, pending_conflict = project.names, snapshot.refs.get(project.names.pending_conflict)
    if pending_conflict is None:
        return []
    updates = [RefUpdate(names.pending_conflict, pending_conflict, None)]
    if snapshot.pending_conflict is not None and snapshot.pending_conflict.resolutions:
        old = snapshot.refs.get(names.resolutions)
        new = write_resolutions(project.repository, old, snapshot.pending_conflict.resolutions)
        updates.append(RefUpdate(names.resolutions, old, new))
    return updates


def resume(project: Project) -> Attempt:
    """Read what a person made of the conflict, and keep it; the command that stopped is to be tried again.

    Raises `RefusedError` when no command stopped, `UnresolvedError` when the conflict is still open.
    """
    with transition(project, "migrate continue", while_conflict_pending=True):
        context = project.look()
        pending_conflict = require_pending_conflict(context.snapshot.pending_conflict)
        tree = resolved_tree(project, pending_conflict.conflict)
        if tree is None:
            laid = lay_out_conflict(project, pending_conflict.conflict)
            raise UnresolvedError(
                "the folder with the conflict was missing or incomplete; it has been recreated",
                advice=how_to_resolve(laid),
            )
        now = with_resolution(
            pending_conflict, tree, file_resolutions(project.repository, pending_conflict.conflict, tree)
        )
        update = RefUpdate(
            project.names.pending_conflict,
            pending_conflict.oid or None,
            write_pending_conflict(project.repository, now),
        )
        record(context, Operation(f"resolve {pending_conflict.what}", (update,), EntryKind.FACT))
        return Attempt(now.command, now.resolutions)


def resolved_tree(project: Project, conflict: Conflict) -> TreeId | None:
    """The tree that a person made of a conflict, None when it is laid out nowhere, or in part and nobody touched that.

    Raises `RefusedError` when something of it is still open, or when one cannot tell, because it is laid out in part.
    """
    with slots_there(project.repository, conflict_slot(project.plan.name)) as places:
        for place in places:
            if is_laid_out(place, conflict):
                # A command that was killed here may have left the lock of the index.
                clear_locks(project.repository.seen_from(named_by(place.path / ".git"), place.path), [], index=True)
                if place.is_dirty:
                    check_untouched(place)
                    return None
                tree = file_resolution(place, conflict)
                place.leave_branch()
                return tree
    return None


def check_untouched(place: Slot) -> None:
    """Raise `RefusedError` when a slot in which a conflict was laid out in part holds what may be a person's work.

    A missing file would pass for resolved: the file of a conflict without markers is the resolution.
    """
    if place.git("status", "--porcelain", "-z").stdout:
        raise RefusedError(
            f'the conflict in "{place.path}" was created only in part, because migrate was interrupted',
            advice="save what you wrote there, then: migrate abort; then run the command that stopped again",
        )


def abort_conflict(project: Project) -> tuple[str, ...]:
    """Forget the command that stopped, and return it: nothing that it would have done was done.

    What nobody can read is forgotten too, and has no words. Raises `RefusedError` when no command stopped.
    """
    with transition(project, "migrate abort", while_conflict_pending=True):
        context = project.look(pending_conflict=False)
        oid = context.snapshot.refs.get(project.names.pending_conflict)
        try:
            command = require_pending_conflict(read_pending_conflict(project.repository, oid)).command.words
        except RepositoryError:
            command = ()
        title = f"abort {command[0]}" if command else "abort a conflict that cannot be read"
        record(context, Operation(title, (RefUpdate(project.names.pending_conflict, oid, None),), EntryKind.FACT))
        return command


def require_pending_conflict(pending_conflict: PendingConflict | None) -> PendingConflict:
    """What stopped. Raises `RefusedError` when nothing did."""
    if pending_conflict is None:
        raise RefusedError("no command stopped at a conflict", advice="migrate status")
    return pending_conflict


def is_laid_out(place: Slot, conflict: Conflict) -> bool:
    """Whether a slot holds this conflict, or what a person made of it: its HEAD, or one above, is where it began."""
    # A git that fails is no reason to lay the conflict out again, over what a person made of it.
    return place.is_linked() and conflict.ours in place.git("log", "--format=%T", "HEAD").text.split("\n")


def file_resolution(place: Slot, conflict: Conflict) -> TreeId:
    """The tree that a person made of a conflict. Raises `UnresolvedError` when something of it is still open."""
    unmerged = {field.partition("\t")[2] for field in place.git("ls-files", "-u", "-z").fields()}
    marked = [path for path in conflict.paths if has_markers(place.path / path)]
    undecided = [path for path in sorted(unmerged) if path not in marked and not was_marked(place, conflict, path)]
    if marked or undecided:
        names = ", ".join(map(printable, marked or undecided))
        there = f"cd {shlex.quote(str(place.path))}"
        raise UnresolvedError(
            f"{plural(len(marked or undecided), 'file')} still in conflict: {names}",
            advice=f"{there}, edit away the lines with <<<<<<< and >>>>>>>, then: migrate continue"
            if marked
            else f"{there}, git add it or git rm it there, then: migrate continue",
        )
    place.git("add", "--all")
    return TreeId(place.git("write-tree").text)


def has_markers(path: Path) -> bool:
    """Whether a file still holds both sides of a conflict."""
    return path.is_file() and not path.is_symlink() and MARKER.search(path.read_bytes()) is not None


def was_marked(place: Slot, conflict: Conflict, path: str) -> bool:
    """Whether git wrote markers into a file: then their absence says that a person resolved it."""
    shown = place.git("cat-file", "blob", f"{conflict.merged}:{path}", accept=(0, 128))
    return shown.code == 0 and MARKER.search(shown.stdout) is not None
