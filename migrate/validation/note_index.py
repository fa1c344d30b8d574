"""Which of many notes stand out: they count, or are told, on whatever tree they stand.

It is kept in a file of git's folder that can be deleted: then all notes are read once.
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
"""So many notes are all read at each look; of more, those that are needed."""


@dataclass(frozen=True)
class Index:
    """The notes of a notes commit that stand out, by the objects that they are of."""

    tip: CommitId
    outstanding: Sequence[TreeId]


def index_file(repository: Repository, migration: str) -> Path:
    """Where it is kept."""
    return kept_file(repository, f"notes-{migration}")


def known_index(repository: Repository, migration: str) -> Index | None:
    """What was found before, None when nothing was or nobody can read it."""
    return kept_values(index_file(repository, migration), FORMAT_VERSION, index_in)


def index_in(values: Any) -> Index | None:
    """The index that a file holds; None where it names what is no object."""
    index = Index(CommitId(values["tip"]), [*map(TreeId, values["outstanding"])])
    return index if all(map(OBJECT_NAME.fullmatch, (index.tip, *index.outstanding))) else None


def keep_index(repository: Repository, migration: str, index: Index) -> None:
    """Keep it, where that is possible."""
    values = {"tip": index.tip, "outstanding": [*index.outstanding]}
    keep_values(index_file(repository, migration), FORMAT_VERSION, values)
