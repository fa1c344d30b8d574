"""The user's commit hooks on what a phase made, as `git commit` would run them.

They run in a slot, because a phase never touches the user's checkout. A hook that refuses makes the phase fail; what it
adds to the index, and how it edits the message, becomes part of the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from migrate.errors import PathError, PhaseError
from migrate.execution.log import opened_log
from migrate.execution.output import output_tail
from migrate.execution.process import Finished, run_command
from migrate.execution.slots import Slot, take_slot
from migrate.git.hooks import COMMIT_MSG, PRE_COMMIT, Hooks, hook_env
from migrate.git.objects import CommitId, TreeId
from migrate.git.worktrees import git_dir_of
from migrate.git.writer import CommitWriter, commit_identity
from migrate.orchestrator.messages import Messages
from migrate.phase.runner import Applied, PhaseReview
from migrate.stack.project import Project
from migrate.stack.trailers import read_trailers
from migrate.text import decode, encode
from migrate.tree.changes import from_trees
from migrate.validation.outcome import Outcome, RunVerdict
from migrate.validation.progress import ValidationProgress
from migrate.validation.session import log_file

NO_VERIFY = "--no-verify leaves hooks out"


def review_by(
    project: Project, hooks: Hooks, parent: CommitId, messages: Messages, progress: ValidationProgress
) -> PhaseReview | None:
    """What looks at each phase of a chain that begins on `parent`; None when the user has no hook."""
    return CommitHooks(project, hooks, parent, messages, progress) if hooks.names else None


class CommitHooks:
    """Runs the hooks on one phase after the other, each with the commit of the one before as its parent."""

    def __init__(
        self, project: Project, hooks: Hooks, parent: CommitId, messages: Messages, progress: ValidationProgress
    ) -> None:
        self._project = project
        self._repository = project.repository
        self._hooks = hooks
        self._parent = parent
        self._messages = messages
        self._progress = progress

    def __call__(self, applied: Applied) -> Applied:
        """What the hooks leave of a phase.

        Raises `PhaseError` when one of them refuses, or takes our trailers out of the message.
        """
        message = self._messages.write(applied)
        commit = self._written(message, applied)
        with take_slot(self._repository, "hooks-") as place:
            place.checkout(commit, applied.moves)
            place.git("reset", "--quiet", "--soft", self._parent)
            self._run(place, PRE_COMMIT, applied)
            reviewed = self._with_tree(applied, TreeId(place.git("write-tree").text))
            reviewed = replace(reviewed, message=self._edited(place, message, applied))
        changed = reviewed.files != applied.files or reviewed.message != message
        self._parent = self._written(reviewed.message, reviewed) if changed else commit
        return reviewed

    def _written(self, message: str, applied: Applied) -> CommitId:
        """A commit of what a phase made. No ref names it; the one on the branch is written when all is decided."""
        with CommitWriter(self._repository, commit_identity(self._repository)) as writer:
            return writer.commit(message, (self._parent,), applied.overlay.changes(), applied.overlay.written.get)

    def _with_tree(self, applied: Applied, tree: TreeId) -> Applied:
        """A phase with the tree that a hook left in the index."""
        overlay, entries = applied.overlay, self._repository.objects.tree(tree)
        if entries == overlay.entries:
            return applied
        overlay.reset(entries)
        return replace(applied, files=from_trees(overlay.base, overlay.changes(), applied.moves))

    def _edited(self, place: Slot, message: str, applied: Applied) -> str:
        """The message as the hook for messages leaves it."""
        file = git_dir_of(place.path) / "COMMIT_EDITMSG"
        file.write_bytes(encode(message))
        self._run(place, COMMIT_MSG, applied, str(file))
        edited = decode(file.read_bytes()) if file.is_file() else ""
        if not keeps_trailers(message, edited):
            raise PhaseError(
                f"the {COMMIT_MSG} hook changed the lines by which a phase's commit is recognised",
                where=applied.source.label,
                advice=f'let it keep every line from "Migration:" on; or {NO_VERIFY}',
            )
        return edited

    def _run(self, place: Slot, name: str, applied: Applied, *arguments: str) -> None:
        """Run one hook, when there is one. Raises `PhaseError` when it refuses."""
        if name not in self._hooks.names:
            return
        self._progress.started(name)
        log = log_file(self._repository.state_dir, "hooks", f"{applied.source.id}.{name}")
        with opened_log(log) as file:
            try:
                done = run_command(
                    self._hooks.command(name, *arguments),
                    cwd=place.path,
                    env=hook_env(place.path),
                    log=file,
                    held=(place.lock,),
                    on_line=lambda seconds, line: self._progress.update(name, seconds, line),
                )
            except BaseException:
                place.mark_dirty()
                raise
        if done.code != 0:
            raise hook_refused(name, applied, done, output_tail(log))
        self._progress.finished(name, RunVerdict(Outcome.PASSED, done.seconds, 0, log=log))


def hook_refused(name: str, applied: Applied, done: Finished, said: Sequence[str]) -> PhaseError:
    """The error for a hook that refuses a phase."""
    quoted = "".join(f"\n    {line}" for line in said)
    return PhaseError(
        f"the {name} hook exited with {done.code}{':' + quoted if said else ' and said nothing'}",
        where=applied.source.label,
        advice=f"change the phase so that the hook passes; or {NO_VERIFY}",
    )


def keeps_trailers(before: str, after: str) -> bool:
    """Whether a phase can be told from an edited message as it could from the one before."""
    with suppress(PathError):
        return read_trailers(after) == read_trailers(before)
    return False
