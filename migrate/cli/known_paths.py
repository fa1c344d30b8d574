"""Paths as they are and as they were before the migration, seen from the folder that the user is in."""

from __future__ import annotations

import os
import posixpath

from migrate.cli.settings import command_folder
from migrate.git.repository import Repository
from migrate.stack.landmarks import moves_of


def standing_in(repository: Repository) -> str:
    """The folder of the repository that the user is in; empty for the top, and in a bare repository."""
    if repository.work_tree is None:
        return ""
    below = os.path.relpath(command_folder(), repository.work_tree)
    return "" if below == "." else below


def known_paths(repository: Repository) -> set[str]:
    """Every file of the current commit, by its path now and by the one before the migration, as seen from here."""
    head = repository.head().commit
    if head is None:
        return set()
    folder = standing_in(repository)
    now = repository.objects.tree(head).keys()
    back = moves_of(repository, head).inverse()
    return {posixpath.relpath(path, folder or ".") for path in (*now, *map(back.resolve, now))}
