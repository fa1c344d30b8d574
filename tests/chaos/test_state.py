"""What makes no difference to whoever comes next does not tell two disks apart, and all else does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.chaos.state import digest
from tests.conftest import Sandbox

ODD = "refs/heads/odd"


def objects(repo: Sandbox, revision: str) -> Path:
    """The file of an object."""
    oid = repo.git("rev-parse", revision)
    return repo.path / ".git/objects" / oid[:2] / oid[2:]


def cut(file: Path) -> None:
    """Leave half of a file."""
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:10])


ALIKE: dict[str, Callable[[Sandbox], object]] = {
    "an object that nothing names": lambda repo: repo.git("hash-object", "-w", "untracked"),
    "a temporary object": lambda repo: repo.write(".git/objects/tmp_obj_a1B2c3", "x"),
    "what stands in a lock": lambda repo: repo.write(".git/refs/heads/x.lock", "half"),
    "the name of a temporary file": lambda repo: (repo.path / ".git/.new-abc").rename(repo.path / ".git/.new-xyz"),
    "the times of files": lambda repo: [path.touch() for path in repo.path.rglob("*") if path.is_file()],
    "objects that are packed": lambda repo: repo.git("repack", "--quiet", "-a", "-d", "-n"),
    "an index that is written again": lambda repo: [repo.write("a", "a"), repo.git("update-index", "--refresh")],
}
APART: dict[str, Callable[[Sandbox], object]] = {
    "a lock": lambda repo: repo.write(".git/refs/heads/y.lock"),
    "a ref": lambda repo: repo.git("update-ref", ODD, "HEAD^"),
    "a reflog": lambda repo: repo.write(".git/logs/refs/heads/odd", "x"),
    "an object that is named and gone": lambda repo: objects(repo, "HEAD^{tree}").unlink(),
    "an object that is named and cut short": lambda repo: cut(objects(repo, "HEAD:a")),
    "a file": lambda repo: repo.write("untracked", "mine, too"),
    "that a file may be run": lambda repo: (repo.path / "a").chmod(0o755),
    "what is staged": lambda repo: [repo.write("b", "b"), repo.git("add", "b"), (repo.path / "b").unlink()],
    "an empty folder": lambda repo: (repo.path / ".git/refs/odd").mkdir(),
    "a temporary file that is gone": lambda repo: (repo.path / ".git/.new-abc").unlink(),
}


@pytest.fixture
def disk(repo: Sandbox) -> Sandbox:
    """A repository with two commits, a lock and a temporary file."""
    repo.commit("before", {"a": "first"})
    repo.commit("after", {"a": "a"})
    repo.write(".git/refs/heads/x.lock")
    repo.write(".git/.new-abc", "begun")
    repo.write("untracked", "mine")
    return repo


@pytest.mark.parametrize("what", ALIKE)
def test_disks_are_alike_but_for_what_nobody_reads(disk: Sandbox, what: str) -> None:
    before = digest(disk.path)
    ALIKE[what](disk)
    assert digest(disk.path) == before


@pytest.mark.parametrize("what", APART)
def test_disks_are_told_apart_by_what_somebody_reads(disk: Sandbox, what: str) -> None:
    before = digest(disk.path)
    APART[what](disk)
    assert digest(disk.path) != before
