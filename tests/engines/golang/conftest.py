"""Real repositories with real Go in them, judged by `go vet` and `gofmt`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate.engines.golang.stated_modules import NOTHING_STATED, StatedModules
from migrate.git.objects import EXECUTABLE, SYMLINK
from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

MODULE = "module example.com/m\n\ngo 1.21\n"


def run(folder: Path, *command: str) -> str:
    """What a command says on both streams."""
    done = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ, encoding="utf-8"
    )
    return done.stdout + done.stderr


@dataclass
class GoRepo:
    """A repository with one commit, and a place to write trees to."""

    folder: Path
    out: Path

    def workspace(self, history: MoveMap | None = None, stated: StatedModules = NOTHING_STATED) -> Workspace:
        """A workspace on the commit, for a plan that states some modules."""
        repository = Repository.open(self.folder)
        commit = repository.commit("HEAD")
        assert commit is not None
        return Workspace(Overlay.of(repository.objects, commit, {"go": stated}), history=history)

    def write(self, ws: Workspace) -> Path:
        """The tree of a workspace as files."""
        ws.flush()
        for path, entry in ws.overlay.entries.items():
            target = self.out / path
            target.parent.mkdir(parents=True, exist_ok=True)
            content = ws.overlay.content(entry.oid)
            if entry.mode == SYMLINK:
                target.symlink_to(content.decode())
            else:
                target.write_bytes(content)
                target.chmod(0o755 if entry.mode == EXECUTABLE else 0o644)
        return self.out

    def vet(self, ws: Workspace, **env: str) -> str:
        """What `go vet ./...` says of the tree: nothing when it compiles, tests included."""
        folder = self.write(ws)
        done = subprocess.run(
            ["go", "vet", "./..."], cwd=folder, capture_output=True, text=True, check=False, env={**os.environ, **env}
        )
        return done.stdout + done.stderr

    def test(self, ws: Workspace) -> str:
        """What fails when the tests of the tree run."""
        said = run(self.write(ws), "go", "test", "./...")
        return "\n".join(line for line in said.splitlines() if not line.startswith(("ok ", "?")))

    def unformatted(self, ws: Workspace) -> str:
        """The files that gofmt would change."""
        return run(self.write(ws), "gofmt", "-l", ".")


@pytest.fixture
def go_repo(tmp_path: Path) -> Callable[[Mapping[str, str | bytes]], GoRepo]:
    """Makes a repository whose commit holds the given files; a `go.mod` is added where none is given.

    An empty `go.mod` is left out.
    """

    def make(files: Mapping[str, str | bytes]) -> GoRepo:
        folder = tmp_path / "repo"
        for path, content in {"go.mod": MODULE, **files}.items():
            if not content and path == "go.mod":
                continue
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content if isinstance(content, bytes) else content.encode())
        said = [run(folder, "git", *words.split()) for words in ("init -q", "add -A -f", "commit -q -m base")]
        assert said == ["", "", ""]
        return GoRepo(folder, tmp_path / "out")

    return make
