"""Running an external tool for a phase: what it changes becomes part of the phase."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.errors import PhaseError
from migrate.execution.environment import command_env
from migrate.execution.log import opened_log
from migrate.execution.output import output_tail
from migrate.execution.process import NotStartedError, run_command
from migrate.execution.slots import Slot, take_slot
from migrate.git.objects import CommitId, TreeEntry, TreeId
from migrate.git.repository import Repository
from migrate.git.writer import CommitIdentity, CommitWriter
from migrate.text import printable
from migrate.tree.editable_tree import ToolRunner
from migrate.tree.overlay import Overlay

NOBODY = "migrate <migrate@localhost> 0 +0000"
"""Who writes the commit that a tool runs on. No ref ever names it."""


def tool_runner(repository: Repository) -> ToolRunner:
    """What `Workspace.run` needs to run a program in a slot.

    The slot is one of its own kind that keeps no ignored file: the same tree and the same tool must give the same
    result, whatever ran before.
    """

    def run_tool(overlay: Overlay, command: Sequence[str]) -> Mapping[str, TreeEntry]:
        commit = commit_of_overlay(repository, overlay)
        with take_slot(repository, "tools-") as place:
            place.checkout(commit, pristine=True)
            before = repository.objects.tree(snapshot(place))
            run_external_tool(repository, place, command)
            after = repository.objects.tree(snapshot(place))
        # A file whose stored form differs from what git would store now (line ends) looks changed though nobody
        # touched it. It keeps its entry.
        entries = overlay.entries
        return {path: entries[path] if before.get(path) == entry else entry for path, entry in after.items()}

    return run_tool


def commit_of_overlay(repository: Repository, overlay: Overlay) -> CommitId:
    """A commit of the overlay's tree that no ref names."""
    changes: dict[str, TreeEntry | None] = {
        path: entry for path, entry in overlay.entries.items() if overlay.anchored.get(path) != entry
    }
    changes |= {path: None for path in overlay.anchored if path not in overlay.entries}
    with CommitWriter(repository, CommitIdentity(NOBODY, NOBODY)) as writer:
        return writer.commit("A tree to run a tool in", (overlay.anchor,), changes, overlay.written.get)


def snapshot(place: Slot) -> TreeId:
    """The tree of what the slot holds now, without what the repository ignores."""
    place.unhide()
    place.git("add", "--all")
    return TreeId(place.git("write-tree").text)


def run_external_tool(repository: Repository, place: Slot, command: Sequence[str]) -> None:
    """Run the tool. Raises `PhaseError` when it is not there or fails."""
    name = printable(" ".join(command))
    log = repository.state_dir / "logs" / "tools" / f"{place.path.name}.log"
    with opened_log(log) as file:
        try:
            env = command_env(place)
            done = run_command(tuple(command), cwd=place.path, env=env, log=file, held=(place.lock,))
        except NotStartedError as error:
            raise PhaseError(f"ws.run: {error}") from error
    if done.code != 0:
        said = "".join(f"\n    {line}" for line in output_tail(log))
        raise PhaseError(
            f'ws.run("{name}") exited with {done.code}{":" if said else ""}{said}', advice=f"the log: {log}"
        )
