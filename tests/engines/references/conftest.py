"""A small Go program in a real repository, and the one text of it that a test is about."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from migrate.engines.references.verify.records import Stale
from migrate.engines.references.verify.stale import stale_references
from migrate.phase.workspace import Workspace
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from tests.conftest import Sandbox

MODULE = "github.com/acme/shop"
PROGRAM: Mapping[str, str] = {
    "go.mod": f"module {MODULE}\n\ngo 1.24\n",
    "cmd/server/main.go": "package main\n\nfunc main() {}\n",
    "internal/auth/auth.go": "package auth\n",
    "internal/authz/authz.go": "package authz\n",
    "internal/cache/cache.go": "package cache\n",
    "internal/cache/pricing.go": "package cache\n",
    "internal/config/config.go": "package config\n",
    "internal/config/prices.json": "{}\n",
    "internal/ui/ui.go": "package ui\n",
    "docs/guide/start.md": "# Start\n",
    "docs/logo.svg": "<svg/>\n",
    "web/src/internal/auth/index.ts": "export {}\n",
}
MOVES: Mapping[str, str] = {
    "internal/auth": "internal/core/auth",
    "internal/config": "internal/core/config",
    "internal/ui": "internal/api/ui",
}


class Program:
    """The program with more files, seen through a workspace."""

    def __init__(self, repo: Sandbox) -> None:
        self.repo = repo

    def workspace(self, files: Mapping[str, str | bytes] | None = None) -> Workspace:
        """A workspace on a commit of the program and these files."""
        return self.only({**PROGRAM, **(files or {})})

    def only(self, files: Mapping[str, str | bytes]) -> Workspace:
        """A workspace on a commit of these files alone."""
        for path, text in files.items():
            self.repo.write(path, text)
        self.repo.git("add", "--all", "--force")  # also what an ignore file of a test hides
        return Workspace(Overlay.of(self.repo.repository.objects, self.repo.commit("start")))

    def updated(self, path: str, text: str, moves: Mapping[str, str] = MOVES) -> str:
        """The text of a file after moves and an update that left nothing stale and that a second one leaves alone."""
        ws = self.workspace({path: text})
        ws.relocate(moves)
        ws.references.update()
        assert ws.references.update() == 0
        assert left(ws) == []
        return ws.read_text(ws.moved.resolve(path))


def left(ws: Workspace, moves: MoveMap | None = None) -> list[Stale]:
    """The stale references that a person must mend."""
    return [item for item in stale_references(ws.overlay, moves or ws.moved) if item.reason is None]


@pytest.fixture
def program(repo: Sandbox) -> Program:
    """The program, not yet committed."""
    return Program(repo)


@pytest.fixture
def update(program: Program) -> Callable[..., str]:
    """Move, update, and return a file's text: `update("Makefile", "…")`."""
    return program.updated
