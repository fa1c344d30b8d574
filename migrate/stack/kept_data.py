"""How much is kept of a migration beside its branches: archived refs, and files in git's folder."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate.git.refs import read_refs
from migrate.git.repository import Repository
from migrate.plan.names import RefNames


@dataclass(frozen=True)
class Holdings:
    """What is kept. `folders` has the bytes in each folder of `.git/migrate`."""

    operations: int
    refs: int
    folders: Mapping[str, int]


def read_holdings(repository: Repository, names: RefNames) -> Holdings:
    """Count what is kept now."""
    archived = read_refs(repository, names.archive_prefix)
    numbers = {ref.removeprefix(names.archive_prefix).partition("/")[0] for ref in archived}
    folders = sorted(child for child in repository.state_dir.glob("*") if child.is_dir() and not child.is_symlink())
    return Holdings(len(numbers), len(archived), {folder.name: size(folder) for folder in folders})


def size(folder: Path) -> int:
    """The bytes of all files in a folder; no symlink is followed, and what cannot be read counts for nothing."""
    total = 0
    for place, _, files in os.walk(folder):
        for file in files:
            try:
                total += (Path(place) / file).lstat().st_size
            except OSError:
                continue
    return total
