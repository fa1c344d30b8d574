"""The conflict that a command stopped at, and what people resolved before it: one commit under a ref of its own.

The command is not continued in the middle. It runs again from its beginning, and a conflict that was resolved is
resolved in the same way: a resolution belongs to the three trees that did not merge, not to a place in a list of things
to do. So nothing of it is lost by a kill, and nothing is wrong when the base moved meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from migrate.errors import RepositoryError
from migrate.git.merge import Conflict
from migrate.git.objects import BlobId, CommitId, TreeEntry, TreeId
from migrate.git.repository import Repository
from migrate.stack.run_options import RunOptions
from migrate.text import encode

COMMANDS = ("restack", "land", "carry")
"""The commands that can stop."""
FOLDERS = ("base", "ours", "theirs", "merged")


@dataclass(frozen=True)
class Stoppable:
    """A command that can stop at a conflict, as it was asked for."""

    name: str
    options: RunOptions = field(default_factory=RunOptions)
    branch: str = ""
    """What `carry` brings across."""

    @property
    def words(self) -> tuple[str, ...]:
        """The command as a person types it, without the program's name."""
        return (self.name, *filter(None, [self.branch]), *self.options.words)


@dataclass(frozen=True)
class Attempt:
    """One try at a command that can stop."""

    command: Stoppable
    settled: Mapping[str, TreeId] | None = None
    """The tree that a person made of each conflict up to now; None at the first try."""

    @property
    def is_first(self) -> bool:
        """Whether nobody had to settle anything for it yet."""
        return self.settled is None

    @property
    def resolutions(self) -> Mapping[str, TreeId]:
        """How its conflicts are resolved."""
        return self.settled or {}


@dataclass(frozen=True)
class PendingConflict:
    """A command that waits for a person."""

    command: Stoppable
    what: str
    """What did not fit, such as `p03-core: hand edit 90aa1c4 "Fix the door"`."""
    conflict: Conflict
    resolutions: Mapping[str, TreeId] = field(default_factory=dict)
    """The tree that a person made of each conflict before."""
    oid: CommitId | Literal[""] = ""

    @property
    def sentence(self) -> str:
        """One sentence for people."""
        return f"migrate {' '.join(self.command.words)} stopped at a conflict: {self.what}"


def write_pending_conflict(repository: Repository, pending_conflict: PendingConflict) -> CommitId:
    """Write the commit, which keeps every tree that it names. No ref moves."""
    conflict = pending_conflict.conflict
    trees = dict(zip(FOLDERS, (conflict.base, conflict.ours, conflict.theirs, conflict.merged), strict=True))
    listed = "".join(f"040000 tree {oid}\t{name}\n" for name, oid in {**trees, **pending_conflict.resolutions}.items())
    tree = repository.git.run("mktree", stdin=listed.encode()).text
    values: dict[str, object] = {
        "command": asdict(pending_conflict.command),
        "what": pending_conflict.what,
        "paths": conflict.paths,
        **trees,
    }
    values["resolutions"] = dict(pending_conflict.resolutions)
    values["keys"], values["labels"] = dict(conflict.keys), conflict.labels
    values["known"] = dict(conflict.known)
    message = json.dumps(values, indent=1) + "\n"
    return CommitId(repository.git.run("commit-tree", tree, "-F", "-", stdin=encode(message)).text)


def read_pending_conflict(repository: Repository, oid: CommitId | None) -> PendingConflict | None:
    """Read the commit back. Raises `RepositoryError` when it is something else."""
    if oid is None:
        return None
    try:
        shown = ("log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%B")
        values = json.loads(repository.git.text(*shown, oid))
        base, ours, theirs, merged = (TreeId(str(values[name])) for name in FOLDERS)
        return PendingConflict(
            read_command(values["command"]),
            str(values["what"]),
            Conflict(
                base,
                ours,
                theirs,
                merged,
                tuple(map(str, values["paths"])),
                {str(path): str(key) for path, key in values.get("keys", {}).items()},
                {str(path): entry and known_entry(*entry) for path, entry in values.get("known", {}).items()},
                tuple(map(str, values.get("labels", ()))),
            ),
            {str(key): TreeId(str(tree)) for key, tree in values["resolutions"].items()},
            oid,
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise RepositoryError(
            f"{oid[:12]} does not say what stopped", advice="migrate abort forgets it; nothing else is touched"
        ) from None


def known_entry(mode: object, oid: object) -> TreeEntry:
    """A file that was resolved before, as it was written. Raises `TypeError` for more or fewer words."""
    return TreeEntry(str(mode), BlobId(str(oid)))


def read_command(values: Mapping[str, Any]) -> Stoppable:
    """Read a command that can stop. Raises `ValueError`, `TypeError` or `KeyError` for anything else."""
    command = Stoppable(values["name"], RunOptions(**values["options"]), values["branch"])
    flags = (command.options.fetch, command.options.validate, command.options.hooks)
    is_known = command.name in COMMANDS and isinstance(command.branch, str)
    if not is_known or (command.name == "carry") is not bool(command.branch) or not all(map(is_boolean, flags)):
        raise ValueError
    return command


def is_boolean(value: object) -> bool:
    """Whether a value is True or False."""
    return isinstance(value, bool)


def with_resolution(
    pending_conflict: PendingConflict, tree: TreeId, files: Mapping[str, TreeId] | None = None
) -> PendingConflict:
    """The same with the present conflict resolved by a tree; `files` says how, file by file."""
    conflict = pending_conflict.conflict
    resolutions = {**pending_conflict.resolutions, **(files or {}), conflict.key: tree}
    return PendingConflict(pending_conflict.command, pending_conflict.what, conflict, resolutions)
