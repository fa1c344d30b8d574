"""Which of many notes stand out: they count, or are told, on whatever tree they stand.

It is kept in a file of git's folder that can be deleted: then all notes are read once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.git.files import write_file
from migrate.git.objects import CommitId, TreeId
from migrate.git.process import OBJECT_NAME
from migrate.git.repository import Repository

FORMAT_VERSION = 1
MANY = 200
"""So many notes are all read at each look; of more, those that are needed."""


@dataclass(frozen=True)
class Index:
    """The notes of a notes commit that stand out, by the objects that they are of."""

    tip: CommitId
    outstanding: Sequence[TreeId]


def index_file(repository: Repository, migration: str) -> Path:
    """Where it is kept."""
    return repository.state_dir / "cache" / f"notes-{migration}.json"


def known_index(repository: Repository, migration: str) -> Index | None:
    """What was found before, None when nothing was or nobody can read it."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        values = json.loads(index_file(repository, migration).read_bytes())
        index = Index(CommitId(values["tip"]), [*map(TreeId, values["outstanding"])])
        if values["version"] == FORMAT_VERSION and all(map(OBJECT_NAME.fullmatch, (index.tip, *index.outstanding))):
            return index
    return None


def keep_index(repository: Repository, migration: str, index: Index) -> None:
    """Keep it, where that is possible."""
    values = {"version": FORMAT_VERSION, "tip": index.tip, "outstanding": [*index.outstanding]}
    with suppress(OSError):
        write_file(index_file(repository, migration), json.dumps(values).encode())
