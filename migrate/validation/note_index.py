"""An index of the notes that matter on whatever tree they are: approvals of gates, and notes that cannot be read.

It is kept in a file in git's folder. Deleting that file is safe: all notes are then read once more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from migrate.git.kept import keep_values, kept_file, kept_values
from migrate.git.objects import CommitId, TreeId
from migrate.git.process import OBJECT_NAME
from migrate.git.repository import Repository

FORMAT_VERSION = 1
MANY = 200
"""Up to this many notes are all read each time; of more, only those that are needed."""


@dataclass(frozen=True)
class Index:
    """The notes of a notes commit that matter everywhere, by the objects that they annotate."""

    tip: CommitId
    outstanding: Sequence[TreeId]


def index_file(repository: Repository, migration: str) -> Path:
    """The file that holds the index."""
    return kept_file(repository, f"notes-{migration}")


def known_index(repository: Repository, migration: str) -> Index | None:
    """The index that was kept before; None when there is none, or it cannot be read."""
    return kept_values(index_file(repository, migration), FORMAT_VERSION, index_in)


def index_in(values: Any) -> Index | None:
    """The index in a file; None when it names something that is not an object."""
    index = Index(CommitId(values["tip"]), [*map(TreeId, values["outstanding"])])
    return index if all(map(OBJECT_NAME.fullmatch, (index.tip, *index.outstanding))) else None


def keep_index(repository: Repository, migration: str, index: Index) -> None:
    """Write the index to its file, if that is possible."""
    values = {"tip": index.tip, "outstanding": [*index.outstanding]}
    keep_values(index_file(repository, migration), FORMAT_VERSION, values)
