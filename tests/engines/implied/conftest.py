"""A tree with a file of interest, files that move, and what is noted of that."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pytest

from migrate.engines.implied.notes import all_implied_notes
from migrate.phase.workspace import Workspace
from migrate.tree.changes import from_trees
from migrate.tree.overlay import Overlay
from tests.conftest import Sandbox

Noted = Callable[[Mapping[str, str], Mapping[str, str]], list[str]]


def noted_of(ws: Workspace) -> list[str]:
    """What is noted of the files that moved in a workspace."""
    changes = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    moved = {change.old_path: change.new_path for change in changes if change.is_moved}
    return list(all_implied_notes(ws.overlay, {old: new for old, new in moved.items() if old and new}))


@pytest.fixture
def noted(repo: Sandbox) -> Noted:
    """What is noted when some paths of a tree move."""

    def notes(files: Mapping[str, str], moves: Mapping[str, str]) -> list[str]:
        for path, text in files.items():
            repo.write(path, text)
        repo.git("add", "--all", "--force")
        ws = Workspace(Overlay.of(repo.repository.objects, repo.commit("start")))
        ws.relocate(moves)
        return noted_of(ws)

    return notes


@pytest.fixture
def noted_rename(repo: Sandbox) -> Callable[[Mapping[str, str]], list[str]]:
    """What is noted when `internal/auth` becomes `internal/identity`, and its package is called so."""

    def notes(files: Mapping[str, str]) -> list[str]:
        for path, text in {"internal/auth/auth.go": "package auth\n", **files}.items():
            repo.write(path, text)
        ws = Workspace(Overlay.of(repo.repository.objects, repo.commit("start")))
        ws.relocate({"internal/auth": "internal/identity"})
        ws.replace(re.compile(r"^package auth", re.MULTILINE), "package identity", "internal/identity/*.go")
        return noted_of(ws)

    return notes
