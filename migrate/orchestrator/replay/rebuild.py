"""Running phases again on a new parent, and carrying over what people committed on their branches.

Objects are written, and no ref moves: `plan` shows what this gives, `restack` moves the branches to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from migrate.errors import MigrateError, PathError, RefusedError
from migrate.execution.tools import commit_of_overlay, tool_runner
from migrate.git.commit_signing import sign_commits
from migrate.git.history import (
    Commit,
    TreeChange,
    changes_between,
    differences,
    entries_after,
    note_written,
    read_history,
)
from migrate.git.hooks import commit_hooks
from migrate.git.merge import ConflictError, changed_paths, cherry_pick, synthetic
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter, commit_identity
from migrate.orchestrator.hooks import review_by
from migrate.orchestrator.land.left_over import Makes
from migrate.orchestrator.messages import Messages
from migrate.orchestrator.replay.apart import Elsewhere, check_entries
from migrate.orchestrator.replay.conflict import DoesNotFitError
from migrate.orchestrator.replay.edits import edits_of, ran_there
from migrate.orchestrator.replay.merged import one_by_one
from migrate.orchestrator.replay.merges import HandEdit
from migrate.orchestrator.reporter import Reporter
from migrate.phase.relocation import relocate_late_files
from migrate.phase.runner import SILENT, Applied, PhaseReview, Watch, run_chain
from migrate.plan.phase_source import PhaseSource
from migrate.stack.model import Stack, joined_moves
from migrate.stack.own_journal import OwnJournal
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context
from migrate.stack.trailers import merge_messages, read_trailers, trailers_of
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class RerunPhase:
    """One phase that ran again, with what it gave."""

    old: PhaseState
    applied: Applied
    made: CommitId
    """The commit that the phase made."""
    tip: CommitId
    """The same, or what a person had amended or added, on top of it."""
    carried: tuple[Commit, ...]
    """The hand edits that are on top again, oldest first."""
    dropped: tuple[Commit, ...]
    """Those that change nothing any more."""
    doubt: Commit | None = None
    """The phase's own commit before, where nobody can tell whether a person amended it."""

    @property
    def source(self) -> PhaseSource:
        """The phase."""
        return self.old.source


def rebuild(
    context: Context,
    phases: Sequence[PhaseState],
    resolutions: Mapping[str, TreeId],
    reporter: Reporter | None = None,
    *,
    hooks: bool = True,
    begins: Callable[[PhaseSource], None] = lambda _: None,
    told: Callable[[RerunPhase], None] = lambda _: None,
) -> tuple[RerunPhase, ...]:
    """Run phases, bottom first, from what the lowest of them should stand on.

    `begins` is called before each one and `told` when it is done.

    With a `reporter` the commits are signed where the user signs, and with `hooks` the user's commit hooks look at
    each phase.

    Raises `PhaseError` when one cannot run there, `DoesNotFitError` when a hand edit does not fit, `RefusedError` when
    nobody can say what a person changed.
    """
    lowest = phases[0].id
    line = ChainBuilder(context, resolutions, reporter, hooks)
    done = []
    with line:
        line.begin(lowest)
        for phase in one_by_one(phases):
            begins(phase.source)
            done.append(line.add(phase))
            told(done[-1])
    if reporter is None:
        return tuple(done)
    new = dict(zip(line.written, sign_commits(context.project.repository, line.written), strict=True))
    for oid, changes in line.plain.items():
        note_written(context.project.repository, new[oid], changes)
    return tuple(replace(each, made=new[each.made], tip=new[each.tip]) for each in done)


class ChainBuilder:
    """The new chain while it grows: where it stands, and the one writer of its commits."""

    def __init__(
        self, context: Context, resolutions: Mapping[str, TreeId], reporter: Reporter | None, hooks: bool
    ) -> None:
        self._project, snapshot, self._stack = context
        self._refs = snapshot.refs
        self._repository = self._project.repository
        self._resolutions = resolutions
        self._reporter = reporter
        self._hooks = commit_hooks(self._repository) if reporter is not None and hooks else None
        self.written: list[CommitId] = []
        """The commits that end on a branch, parents before children."""
        self.plain: dict[CommitId, Sequence[TreeChange]] = {}
        """Those of phases without hand edits, with what they change."""
        self._who = commit_identity(self._repository)
        self._writer: CommitWriter | None = None

    def __enter__(self) -> ChainBuilder:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._flush(ended_by=kind)

    def begin(self, lowest: str) -> None:
        """Stand where the lowest of the phases should stand."""
        self._parent, self._history = self._stack.parent(lowest), self._stack.history(lowest)
        self._messages = Messages.of(self._stack, lowest)
        self._overlay = Overlay.of(self._repository.objects, self._parent)

    def add(self, phase: PhaseState) -> RerunPhase:
        """Run a phase on top, and carry over what people did on its branch."""
        (applied,) = self._run([phase.source], self._overlay, self._history, self._reporter or SILENT, self._review())
        message = self._messages.write(applied)
        author = None
        is_own, is_same = self._made_here(phase), is_unchanged(phase)
        if phase.commit is not None:
            before = message if is_same and not is_own else (phase.made or phase.commit).message
            message = merge_messages(phase.commit.message, before, message)
            author = phase.commit.authorship
        made = self._write(message, self._parent, applied.overlay, author)
        self.written.append(made)
        ran = None if is_own else ran_there(phase, self.rerun)
        edits = edits_of(self._repository, phase, self.rerun, ran, made_here=is_own)
        is_told = is_own or ran is not None or any(edit.amends for edit in edits)
        change = phase.moves.inverse().then(applied.moves) if edits and phase.moves != applied.moves else MoveMap()
        came = self._stack.moves_up_to(phase)
        edits = [self._led(self._caught_up(edit, came), change) for edit in edits]
        tip, carried, dropped = self._carry(phase, edits, made, message)
        if tip == made:
            self.plain[made] = differences(applied.overlay.base, applied.overlay.changes())
        self._history = self._history.then(applied.moves)
        self._overlay = applied.overlay.next() if tip == made else Overlay.of(self._repository.objects, tip)
        self._parent = tip
        return RerunPhase(phase, applied, made, tip, carried, dropped, None if is_told else phase.commit)

    def _made_here(self, phase: PhaseState) -> bool:
        """Whether this clone ran the phase that made what its branch holds."""
        ref = phase.former.name.made if phase.former is not None else self._project.names.made(phase.id)
        return phase.made is not None and self._journal.gave(ref, phase.made.oid)

    @cached_property
    def _journal(self) -> OwnJournal:
        """What this clone did."""
        names = self._project.names
        return OwnJournal(self._repository, names, self._refs.get(names.journal))

    def _carry(
        self, phase: PhaseState, edits: Sequence[HandEdit], made: CommitId, message: str
    ) -> tuple[CommitId, tuple[Commit, ...], tuple[Commit, ...]]:
        """The new tip, with the edits that are on it and those that change nothing any more."""
        if not edits:
            return made, (), ()
        self._flush()
        tip, tree, elsewhere = made, self._repository.tree_of(made), None
        carried: list[Commit] = []
        dropped: list[Commit] = []
        changes = changes_between(self._repository, {at: (edit.before, edit.after) for at, edit in enumerate(edits)})
        for at, edit in enumerate(edits):
            self._check(phase, edit, changes[at])
            if elsewhere is None or edit.before != edits[at - 1].after:
                tree = self._written_tree(tip)
                elsewhere = Elsewhere(changes_between(self._repository, {"": (edit.before, tree)})[""])
            if not edit.amends and changes[at] and elsewhere.is_apart(changes[at]):
                author, entries = edit.commit.authorship, entries_after(changes[at])
                tip = self._writing().commit(edit.commit.message, (tip,), entries, lambda _: None, author=author)
                self.written.append(tip)
                carried.append(edit.commit)
                continue
            tree, elsewhere = self._written_tree(tip), None
            try:
                picked = cherry_pick(
                    self._repository, self._resolutions, base=edit.before, ours=tree, theirs=edit.after
                )
            except ConflictError as error:
                labels = (f"before {edit.name}", f"{phase.id} as it runs now", edit.name)
                raise DoesNotFitError(f"{phase.id}: {edit.what}", replace(error.conflict, labels=labels)) from error
            (dropped if picked == tree else carried).append(edit.commit)
            if picked != tree:
                text, under = (message, self._parent) if edit.amends else (edit.commit.message, tip)
                tip, tree = self._writing().commit_tree(text, (under,), picked, author=edit.commit.authorship), picked
                self.written.append(tip)
        self._flush()
        return tip, tuple(carried), tuple(dropped)

    def _written_tree(self, commit: CommitId) -> TreeId:
        """The tree of a commit that may just be in the making."""
        self._flush()
        return self._repository.tree_of(commit)

    def _check(self, phase: PhaseState, edit: HandEdit, changes: Sequence[TreeChange]) -> None:
        """Raise `RefusedError` for an edit that holds what git takes into no work tree."""
        try:
            check_entries(changes)
        except PathError as error:
            raise RefusedError(
                f"{phase.id}: {edit.what} holds what git can check out nowhere: {error}",
                advice=f"git rebase --interactive {edit.commit.oid[:7]}^ {phase.branch} takes the commit out",
            ) from None

    def _caught_up(self, edit: HandEdit, moves: MoveMap) -> HandEdit:
        """An edit as it would have been where the phases had seen the files of the base that a merge brought."""
        if edit.is_late and any(map(moves.moves, changed_paths(self._repository, edit.before, edit.after))):
            return self._led(edit, moves)
        return edit

    def _led(self, edit: HandEdit, change: MoveMap) -> HandEdit:
        """An edit as it would have been where a phase moves things now, when it moved them elsewhere before."""
        if not len(change):
            return edit
        try:
            before, after = (self._relocated(tree, change) for tree in (edit.before, edit.after))
        except MigrateError:
            return edit  # What does not fit is shown as a conflict, with the paths that the edit has.
        return replace(edit, before=before, after=after)

    def _relocated(self, tree: TreeId, change: MoveMap) -> TreeId:
        plan, before = self._project.plan, synthetic(self._repository, tree, message="before")
        done = relocate_late_files(
            Overlay.of(self._repository.objects, before, plan.settings), change, allowed=plan.allowed
        )
        return self._repository.tree_of(commit_of_overlay(self._repository, done.overlay))

    def rerun(self, phase: PhaseState, parent: CommitId) -> TreeId:
        """The tree that a phase makes of a commit on which it may stand now, with those below it that are not there."""
        overlay = Overlay.of(self._repository.objects, parent)
        there = phases_in(self._repository, self._stack, parent)
        below = self._stack.phases[: self._stack.phases.index(self._stack.get(phase.id))]
        missing = [each for each in below if each.state is not State.LANDED and each.commit and each.id not in there]
        history = joined_moves(each.moves for each in below if each not in missing)
        sources = [each.source for each in (*missing, phase)]
        for applied in self._run(sources, overlay, history, SILENT, None):
            parent = self._write("What the phase makes", parent, applied.overlay, None)
        self._flush()
        return self._repository.tree_of(parent)

    def _review(self) -> PhaseReview | None:
        """What looks at the next phase; it needs to see the commit below."""
        if self._hooks is None or not self._hooks.names or self._reporter is None:
            return None
        self._flush()
        return review_by(self._project, self._hooks, self._parent, self._messages, self._reporter)

    def _run(
        self,
        sources: Sequence[PhaseSource],
        overlay: Overlay,
        history: MoveMap,
        watch: Watch,
        review: PhaseReview | None,
    ) -> tuple[Applied, ...]:
        runner = tool_runner(self._repository)
        chain = run_chain(self._project.plan, sources, overlay, history, runner, watch, review)
        if chain.error is not None:
            raise chain.error
        return chain.applied

    def _write(self, message: str, parent: CommitId, overlay: Overlay, author: str | None) -> CommitId:
        return self._writing().commit(message, (parent,), overlay.changes(), overlay.written.get, author=author)

    def _writing(self) -> CommitWriter:
        if self._writer is None:
            self._writer = CommitWriter(self._repository, self._who)
        return self._writer

    def _flush(self, ended_by: type[BaseException] | None = None) -> None:
        """End the writer, so that other commands can read what it wrote."""
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.__exit__(ended_by, None, None)


def maker(context: Context, phase_id: str) -> Makes:
    """What tells which tree a phase makes of what a commit of it stands on, as the phase is now."""

    def makes(commit: Commit) -> TreeId | None:
        said = trailers_of(commit.message, context.project.plan.name, phase_id)
        there = replace(context.stack.get(phase_id), commit=commit, trailers=said)
        try:
            with ChainBuilder(context, {}, None, hooks=False) as line:
                return ran_there(there, line.rerun)
        except MigrateError:
            return None

    return makes


def is_unchanged(phase: PhaseState) -> bool:
    """Whether a phase is made from what its commit was made from."""
    return phase.trailers is not None and phase.source.is_made_from(phase.trailers.source)


def phases_in(repository: Repository, stack: Stack, commit: CommitId) -> frozenset[str]:
    """The phases of which a commit holds one that the base does not have."""
    found = read_history(repository, [commit], [stack.base], changes=False)
    said = (trailers for each in found.values() for trailers in read_trailers(each.message))
    named = {each.phase for each in said if each.migration == stack.plan.name and not each.landed}
    return frozenset({*named, *(phase.id for phase in stack if phase.commit is not None and phase.commit.oid in found)})
