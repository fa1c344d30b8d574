"""Running one phase: load its module, let it edit a workspace, and collect what it did. Nothing is written to git.

A phase that raises leaves no trace, because it changed only memory.
"""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from migrate.engines.registry import all_engines
from migrate.errors import MigrateError, PhaseError
from migrate.phase.loader import load
from migrate.phase.process_state import ExitedError, ProcessState
from migrate.phase.workspace import Workspace
from migrate.plan import builtin_phase
from migrate.plan.model import Plan
from migrate.plan.phase_source import PhaseSource, Problem
from migrate.text import plural, printable, some_of
from migrate.tree.changes import Counts, FileChange, count_changes, from_trees
from migrate.tree.editable_tree import ToolRunner
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class Applied:
    """The result of running a phase on a tree."""

    source: PhaseSource
    overlay: Overlay
    moves: MoveMap
    notes: tuple[str, ...]
    files: tuple[FileChange, ...]
    message: str = ""
    """The commit message as a hook left it; when no hook ran, it is made from the other fields."""
    ran: tuple[str, ...] = ()
    """The commands that the phase ran, as one would type them in a shell."""
    details: tuple[str, ...] = ()
    """Every line that its notes summarise, for the log."""

    @property
    def counts(self) -> Counts:
        """How many files it moves, rewrites, writes and deletes."""
        return count_changes(self.files)


def run_phase(
    plan: Plan,
    source: PhaseSource,
    overlay: Overlay,
    history: MoveMap,
    run_tool: ToolRunner | None,
    *,
    allow_noop: bool = False,
) -> Applied:
    """Run a phase on a tree. With `allow_noop` it may change nothing, because its work may be done already.

    Raises `PhaseError` with the position in the module when the phase has a problem, refuses, fails or changes nothing.
    """
    overlay.settings = plan.settings
    workspace = Workspace(
        overlay,
        phase=source.id,
        history=history,
        templates=plan.templates_dir,
        run_tool=run_tool,
        allowed=plan.allowed,
        layers=plan.layers,
        imports=plan.imports,
        missing="skip" if allow_noop else "fail",
    )
    if source.problem is not None:
        raise PhaseError(source.problem.message, where=source.problem.where, advice=source.problem.advice)
    problems = run_module(source, workspace)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise PhaseError(f"{problems[0].message}{more}", where=source.label, advice=problems[0].advice)
    check_decided(source, workspace)
    changed = overlay.changes()
    if not changed and not allow_noop:
        check_may_be_empty(source)
    files = from_trees(overlay.base, changed, workspace.moved)
    check_code(source, workspace, files)
    note_implied(workspace, files)
    return Applied(
        source,
        overlay,
        workspace.moved,
        tuple(workspace.notes),
        files,
        ran=tuple(workspace.ran),
        details=tuple(workspace.details),
    )


def run_module(source: PhaseSource, workspace: Workspace) -> list[Problem]:
    """Let a phase edit the workspace, then restore this process; returns the problems that kept the phase from running.

    Raises `PhaseError`, with the line in the module, for whatever the phase raises, and when it leaves threads running.
    """
    problems: list[Problem] = []
    left: list[str] = []
    failed: BaseException | None = None
    process = ProcessState().lent()
    try:
        problems = edit_workspace(source, workspace)
        left = process.left_running()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        failed = error
    finally:
        # Call nothing before this line: the phase may have used up the stack or the open files.
        sys.setrecursionlimit(process.recursion)
        process.put_back()
    if failed is not None:
        raise located_error(source, failed) from failed
    if left:
        raise PhaseError(
            f"it left {plural(len(left), 'thread')} running: {printable(some_of(left))}",
            where=source.label,
            advice="end them in the phase, as thread.join() does; nothing was changed",
        )
    return problems


def edit_workspace(source: PhaseSource, workspace: Workspace) -> list[Problem]:
    """Load a phase and let it edit the workspace, unless its preflight finds problems; returns these.

    Raises whatever the phase raises.
    """
    module = load(source)
    problems = module.problems(workspace)
    if not problems:
        module.apply(workspace)
        workspace.flush()
    return problems


def check_decided(source: PhaseSource, workspace: Workspace) -> None:
    """Raise `PhaseError` while a `ws.todo` is open."""
    if workspace.todos:
        raise PhaseError(
            f"a decision is open: {printable(workspace.todos[0])}",
            where=source.label,
            advice="decide, change the phase, and delete the ws.todo line",
        )


def check_may_be_empty(source: PhaseSource) -> None:
    """Raise `PhaseError` for a phase that changed nothing, unless it says `may_be_empty`."""
    if source.id == builtin_phase.ID:
        raise PhaseError(
            "nothing is left at old places for stragglers to move", advice="migrate land removes it from the stack"
        )
    if not source.declaration.may_be_empty:
        raise PhaseError(
            f"{source.id} changes nothing",
            where=source.label,
            advice="if that is right, say so in the module: PHASE = Phase(may_be_empty=True)",
        )


def check_code(source: PhaseSource, workspace: Workspace, files: Sequence[FileChange]) -> None:
    """Check the code after a phase statically, without a compiler, and note what could not be checked.

    Raises `PhaseError` with file and line of everything that the phase made worse.
    """
    for engine in all_engines():
        if not engine.affects(files, workspace.overlay.entries):
            continue
        verdict = engine.check(workspace.overlay, files, workspace.moved, workspace.history)
        error, note = verdict.error(), verdict.note()
        if error is not None:
            raise PhaseError(error.message, where=source.label, advice=error.advice)
        if note is not None:
            workspace.note(note)
            workspace.details += verdict.details()


def note_implied(workspace: Workspace, files: Sequence[FileChange]) -> None:
    """Note what changes merely because files moved: which patterns cover them, and what programs are called."""
    moved = {file.old_path: file.new_path for file in files if file.is_moved and file.old_path and file.new_path}
    if not moved:
        return
    from migrate.engines.implied.notes import all_implied_notes

    for note in all_implied_notes(workspace.overlay, moved):
        workspace.note(note)
    left = {old: new for old, new in moved.items() if old not in workspace.followed}
    for engine in all_engines():
        kept = engine.kept_names(workspace.overlay, left)
        for note in kept.notes:
            workspace.note(note)
        workspace.details += kept.details


def located_error(source: PhaseSource, error: BaseException) -> PhaseError:
    """The error of a phase with the line of its module that raised it."""
    frames = [f for f in traceback.extract_tb(error.__traceback__) if is_same_file(f.filename, source.path)]
    line = frames[-1].lineno if frames else getattr(error, "lineno", None)
    where = f"{source.label}:{line}" if line else source.label
    if isinstance(error, MigrateError):
        at = f"{error.where}: " if error.where else ""
        call = f"{frames[-1].line}: " if frames and frames[-1].line else ""
        return PhaseError(f"{call}{at}{error.message}", where=where, advice=error.advice)
    said = str(error) if isinstance(error, ExitedError) else f"{type(error).__name__}: {words_of(error)}"
    return PhaseError(printable(said), where=where, advice="fix the phase; it left no trace")


def words_of(error: BaseException) -> str:
    """The message of an error. Its class may be the phase's own and may itself raise here."""
    try:
        return str(error)
    except Exception:
        return "it does not say what is wrong"


def is_same_file(filename: str, path: Path) -> bool:
    """Whether the file name in a traceback means this module."""
    return Path(filename) == path


@dataclass(frozen=True)
class Chain:
    """The result of running several phases on top of each other, in memory."""

    applied: tuple[Applied, ...]
    error: PhaseError | None
    """Why the chain stopped before its last phase; None when it did not."""


class Watch(Protocol):
    """Is told about each phase of a chain."""

    def phase_started(self, source: PhaseSource) -> None:
        """A phase begins."""

    def applied(self, applied: Applied, seconds: float) -> None:
        """The phase ran, with this result."""


class SilentWatch:
    """Reports to nobody."""

    def phase_started(self, source: PhaseSource) -> None:
        """A phase begins."""

    def applied(self, applied: Applied, seconds: float) -> None:
        """The phase ran, with this result."""


SILENT = SilentWatch()

PhaseReview = Callable[[Applied], Applied]
"""Checks the result of a phase, and raises `PhaseError` when it must not become a commit."""


def run_chain(
    plan: Plan,
    sources: Sequence[PhaseSource],
    overlay: Overlay,
    history: MoveMap,
    run_tool: ToolRunner | None,
    watch: Watch = SILENT,
    review: PhaseReview | None = None,
    *,
    allow_noop: bool = False,
) -> Chain:
    """Run phases on top of each other until one fails; `allow_noop` as in `run_phase`.

    What a phase prints goes to standard error: it is no result.
    """
    done: list[Applied] = []
    for source in sources:
        watch.phase_started(source)
        started = time.monotonic()
        try:
            applied = run_phase(plan, source, overlay, history, run_tool, allow_noop=allow_noop)
            watch.applied(applied, time.monotonic() - started)
            if review is not None:
                applied = review(applied)
        except PhaseError as error:
            return Chain(tuple(done), error)
        done.append(applied)
        overlay = applied.overlay.next()
        history = history.then(applied.moves)
    return Chain(tuple(done), None)
