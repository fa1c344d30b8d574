"""What the branches that are carried by one command have in common, and what is known of them from the last time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple

from migrate.errors import GitFailedError
from migrate.git.history import Commit, reachable, read_history
from migrate.git.kept import keep_values, kept_file, kept_values
from migrate.git.objects import CommitId, TreeId
from migrate.git.process import OBJECT_NAME
from migrate.stack.own_journal import OwnJournal
from migrate.stack.project import Context

FORMAT_VERSION = 1


class CarryRun:
    """One command that carries branches with some tips: what it has found out up to now."""

    def __init__(self, context: Context, tips: Iterable[CommitId]) -> None:
        self._context = context
        self._tips = tuple(dict.fromkeys(tips))
        self._read: dict[CommitId, dict[CommitId, Commit] | None] = {}
        self._given: dict[str, CommitId | None] = {}
        project, snapshot, _ = context
        self._journal = iter(OwnJournal(project.repository, project.names, snapshot.refs.get(project.names.journal)))
        self.migrated: dict[tuple[tuple[str, ...], TreeId], TreeId] = {}
        """By phases that ran, and the tree that they ran on, what they made of it."""

    def beyond(self, tip: CommitId, excluded: CommitId) -> dict[CommitId, Commit]:
        """What a branch holds that another commit does not, newest first; of all branches it is read at once."""
        repository = self._context.project.repository
        if excluded not in self._read:
            try:
                self._read[excluded] = read_history(repository, self._tips, [excluded], changes=False)
            except GitFailedError:  # One that cannot be read holds up none of the others.
                self._read[excluded] = None
        read = self._read[excluded]
        if read is None or tip not in self._tips:
            return read_history(repository, [tip], [excluded], changes=False)
        held = reachable(read, tip)
        return {oid: commit for oid, commit in read.items() if oid in held}

    def given(self, ref: str) -> CommitId | None:
        """The value that a command of this clone gave a ref last; None where none did, or deleted it."""
        while ref not in self._given:
            entry = next(self._journal, None)
            if entry is None:
                return None
            for update in reversed(entry.refs):
                self._given.setdefault(update.ref, update.new)
        return self._given[ref]


class KeptBranch(NamedTuple):
    """What carrying a branch came to: the branch that it was carried to, and the commits that are there or not."""

    key: str
    carried: CommitId
    commits: tuple[CommitId, ...]
    dropped: tuple[CommitId, ...]


def carry_key(context: Context, tip: CommitId, target: CommitId) -> str:
    """A hash of all that decides what carrying a branch comes to."""
    plan, stack = context.project.plan, context.stack
    phases = [
        [
            phase.id,
            phase.source.digest,
            str(phase.state),
            phase.commit and phase.commit.oid,
            phase.tip and phase.tip.oid,
        ]
        for phase in stack
    ]
    text = plan.path.read_text(errors="surrogateescape")
    return sha256(dumps([tip, target, stack.base, phases, text]).encode()).hexdigest()


def read_kept(context: Context) -> dict[str, KeptBranch]:
    """By name what carrying branches came to the last time; nothing where nobody can read it."""
    project = context.project
    return (
        kept_values(kept_file(project.repository, f"carried-{project.names.migration}"), FORMAT_VERSION, kept_in) or {}
    )


def keep_branches(context: Context, found: dict[str, KeptBranch]) -> None:
    """Keep what carrying branches came to, where that is possible."""
    project = context.project
    values = {name: [each.key, each.carried, each.commits, each.dropped] for name, each in found.items()}
    keep_values(
        kept_file(project.repository, f"carried-{project.names.migration}"), FORMAT_VERSION, {"branches": values}
    )


def kept_in(values: Any) -> dict[str, KeptBranch]:
    """What a file holds, but for what names no objects."""
    found = {
        str(name): KeptBranch(str(key), CommitId(str(carried)), names_in(commits), names_in(dropped))
        for name, (key, carried, commits, dropped) in values["branches"].items()
    }
    return {
        name: each
        for name, each in found.items()
        if all(map(OBJECT_NAME.fullmatch, (each.carried, *each.commits, *each.dropped)))
    }


def names_in(values: Sequence[object]) -> tuple[CommitId, ...]:
    """Names of commits from a file."""
    return tuple(CommitId(str(value)) for value in values)
