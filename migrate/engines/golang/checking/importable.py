"""Whether a folder of a tree holds a package that can be imported."""

from __future__ import annotations

from typing import NamedTuple

from migrate.engines.golang.tree import GoTree
from migrate.git.objects import SUBMODULE, SYMLINK
from migrate.git.paths import parents


class ImportObstacle(NamedTuple):
    """Why a folder cannot be imported: a clause that follows its name.
    It is not `sure` when the folder's content cannot be read from this tree.
    """

    reason: str
    is_sure: bool = True


def import_obstacle(tree: GoTree, folder: str) -> ImportObstacle | None:
    """The obstacle to importing a folder; None when some file of it can be imported in some build."""
    files = tree.folders.get(folder, ())
    ordinary = [path for path in files if not path.endswith("_test.go") and path.rpartition("/")[2][0] not in "_."]
    # The files of this run are in memory, so this costs nothing.
    ordinary.sort(key=lambda path: not tree.is_written(path))
    unread, programs = [], []
    for path in ordinary:
        header = tree.header(path)
        if header is None:
            unread.append(path)
        elif header.package == "main":
            programs.append(path)
        elif not header.is_ignored and header.package != "documentation":
            return None
    unsure = _unsure(tree, folder)
    if unread:
        return ImportObstacle(f'holds "{unread[0]}", which has no package clause', is_sure=False)
    if unsure is not None:
        return unsure
    if programs:
        return ImportObstacle("is a program (package main)")
    if ordinary:
        return ImportObstacle("is left out of every build")
    return ImportObstacle("holds nothing but tests" if files else "holds no Go file")


def _unsure(tree: GoTree, folder: str) -> ImportObstacle | None:
    """Whether a submodule or symlinks may hold what the folder seems to lack."""
    for place in (folder, *parents(folder)):
        entry = tree.entries.get(place)
        if entry is not None and entry.mode in (SUBMODULE, SYMLINK):
            return ImportObstacle(
                f"is in the {'submodule' if entry.mode == SUBMODULE else 'symlink'} {place}", is_sure=False
            )
    link = tree.links.get(folder)
    return ImportObstacle(f'holds the symlink "{link}"', is_sure=False) if link else None
