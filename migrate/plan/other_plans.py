"""The other plans beside a plan, and the names of their migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from migrate.git.objects import CommitId
from migrate.git.paths import folder_of
from migrate.git.repository import Repository
from migrate.plan.location import PLACES, migration_table

FOLDERS = tuple(folder_of(place) for place in PLACES)
"""Folders that are searched for other plans, in addition to the folder of the plan itself."""


def other_migrations(repository: Repository, commit: CommitId, plan: Path) -> frozenset[str]:
    """The names of the migrations whose plans are in a commit, or on disk beside `plan`."""
    entries = repository.objects.tree(commit)
    tracked = [
        entry.oid
        for path, entry in entries.items()
        if path.endswith(".toml") and folder_of(path) in FOLDERS and entry.is_text_candidate
    ]
    texts = [content for _, content in repository.objects.blobs(tracked)]
    names = (migration_table(text).get("name") for text in (*texts, *plans_beside(plan)))
    return frozenset(name for name in names if isinstance(name, str))


def plans_beside(plan: Path) -> Iterator[bytes]:
    """The contents of the files beside a plan that may be plans."""
    with suppress(OSError):
        for file in plan.parent.glob("*.toml"):
            if file != plan and file.is_file():
                yield file.read_bytes()
