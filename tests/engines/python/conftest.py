"""Trees of Python code in a real repository, told as texts, and executed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay

Files = Mapping[str, str | bytes]
Make = Callable[[Files], Workspace]


def raw(content: str | bytes) -> bytes:
    """The bytes of a file that is told as a text."""
    return content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")


def committed(files: Files, folder: Path) -> Workspace:
    """A workspace on a commit of these files, in a new repository."""
    subprocess.run(["git", "init", "-q", "--template=", str(folder)], check=True)
    stream = [b"commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 4\nBase\n"]
    for path, content in files.items():
        text = raw(content)
        stream.append(b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text))
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)
    repository = Repository.open(folder)
    commit = repository.commit("refs/heads/main")
    assert commit is not None
    return Workspace(Overlay.of(repository.objects, commit))


def contents(ws: Workspace) -> dict[str, bytes]:
    """Every file of a workspace."""
    ws.flush()
    return {path: ws.overlay.content(entry.oid) for path, entry in ws.overlay.entries.items()}


def write(files: Files, folder: Path) -> Path:
    """Files on disk."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(raw(content))
    return folder


def execute(files: Files, folder: Path, code: str, *roots: str) -> str:
    """What a new Python prints that runs `code` in a tree; roots are on its path. Raises when it fails."""
    write(files, folder)
    paths = [str(folder / root) for root in roots]
    program = f"import sys; sys.dont_write_bytecode = True; sys.path[:0] = {paths!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def python_repo(tmp_path: Path) -> Make:
    """Makes a workspace on a commit of the given files."""
    return lambda files: committed(files, tmp_path / "repo")
