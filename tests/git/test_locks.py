"""Lock files that a killed git left behind go, but never while a git may hold one."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import RepositoryError
from migrate.git import locks
from migrate.git.locks import clear_locks, is_git_at_work
from migrate.git.processes import PROCESSES, Process

if TYPE_CHECKING:
    from tests.conftest import Sandbox

REF = "refs/migrate/m/journal"


def left(repo: Sandbox, *names: str) -> list[Path]:
    """Lock files as a killed git leaves them."""
    paths = [repo.path / ".git" / f"{name}.lock" for name in names]
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return paths


@contextmanager
def git_at_work(place: Path, git: str = "git") -> Iterator[None]:
    """A git that somebody else started in a folder, and that waits."""
    # The shell is the parent, so that git is not a child of ours; it answers when it is there.
    with subprocess.Popen(
        ["sh", "-c", f"{git} cat-file --batch-check; :"], cwd=place, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as shell:
        assert shell.stdin is not None
        assert shell.stdout is not None
        shell.stdin.write(b"HEAD\n")
        shell.stdin.flush()
        assert b"commit" in shell.stdout.readline()
        try:
            yield
        finally:
            shell.stdin.close()


def test_locks_of_refs_of_packed_refs_and_of_head_go(repo: Sandbox) -> None:
    a = repo.commit("a")
    gone = [*left(repo, REF, "packed-refs", "HEAD"), repo.write(".git/packed-refs.new")]
    clear_locks(repo.repository, [REF, "refs/heads/none/such"])
    assert not any(path.exists() for path in gone)
    repo.git("update-ref", REF, a)
    repo.git("pack-refs", "--all")


def test_other_locks_are_none_of_ours(repo: Sandbox) -> None:
    repo.commit("a")
    others = left(repo, "index", "config", "refs/heads/main", "refs/migrate/m/journal/x")
    clear_locks(repo.repository, [REF])
    assert all(path.exists() for path in others)


def test_a_lock_stays_while_a_git_is_at_work_and_its_file_is_named(repo: Sandbox) -> None:
    repo.commit("a", {"d/f": ""})
    (lock,) = left(repo, REF)
    with git_at_work(repo.path / "d"), pytest.raises(RepositoryError, match="git may be at work here") as refused:
        clear_locks(repo.repository, [REF])
    assert refused.value.advice == f"wait for it; if none is: rm {lock}; then run the command again"
    assert lock.exists()
    clear_locks(repo.repository, [REF])
    assert not lock.exists()


def test_a_git_in_another_work_tree_of_the_repository_may_hold_a_lock(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("a")
    repo.git("worktree", "add", "--quiet", str(tmp_path / "beside"))
    (lock,) = left(repo, REF)
    with git_at_work(tmp_path / "beside"), pytest.raises(RepositoryError, match="git may be at work here"):
        clear_locks(repo.repository, [REF])
    assert lock.exists()


def test_a_git_that_was_told_where_to_work_may_hold_a_lock_from_anywhere(
    repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a")
    (lock,) = left(repo, REF)
    for words, named in (("git", {"GIT_DIR": str(repo.path / ".git")}), (f"git --git-dir={repo.path}/.git", {})):
        for name, value in named.items():
            monkeypatch.setenv(name, value)
        with git_at_work(tmp_path, words):
            monkeypatch.delenv("GIT_DIR", raising=False)
            with pytest.raises(RepositoryError, match="git may be at work here"):
                clear_locks(repo.repository, [REF])
    assert lock.exists()


def test_whatever_has_a_lock_file_open_holds_it(repo: Sandbox) -> None:
    repo.commit("a")
    (lock,) = left(repo, REF)
    with subprocess.Popen(["sh", "-c", f"exec 3>{lock}; echo; read x"], cwd="/", stdin=-1, stdout=-1) as other:
        assert other.stdout is not None
        other.stdout.readline()
        assert locks.has_open(Process(PROCESSES / str(other.pid), "sh"), {str(lock)})
        other.communicate(b"\n")
    clear_locks(repo.repository, [REF])
    assert not lock.exists()


def test_a_git_in_another_repository_hinders_nobody(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("a")
    repo.git("clone", "--quiet", ".", str(tmp_path / "other"))
    (lock,) = left(repo, REF)
    with git_at_work(tmp_path / "other"):
        clear_locks(repo.repository, [REF])
    assert not lock.exists()


def test_the_programs_own_git_hinders_nobody(repo: Sandbox) -> None:
    a = repo.commit("a", {"f": "text\n"})
    entry = repo.repository.objects.tree(a)["f"]
    assert repo.repository.objects.blob(entry.oid) == b"text\n"  # Keeps a git cat-file running.
    assert not is_git_at_work(repo.repository)


def test_without_locks_nobody_asks_who_is_at_work(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a")
    monkeypatch.setattr(locks, "is_git_at_work", lambda _: pytest.fail("it was asked"))
    clear_locks(repo.repository, [REF])


def test_where_processes_cannot_be_seen_a_git_may_be_at_work(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    repo.commit("a")
    monkeypatch.setattr("migrate.git.processes.PROCESSES", tmp_path / "no-proc")
    (lock,) = left(repo, REF)
    with pytest.raises(RepositoryError, match="git may be at work here"):
        clear_locks(repo.repository, [REF])
    assert lock.exists()


@pytest.mark.parametrize("name", ["git", "git-remote-http", "git (x) y"])
def test_a_process_is_known_by_its_name_whatever_stands_in_it(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    repo.commit("a")
    process = tmp_path / "4121"
    process.mkdir()
    (tmp_path / "self").mkdir()
    (tmp_path / "4122").mkdir()  # One that has ended meanwhile.
    (process / "stat").write_text(f"4121 ({name}) S 1 4121 4121 0")
    (process / "cwd").symlink_to(repo.path)
    (process / "cmdline").write_bytes(b"git\0gc\0")
    (process / "environ").write_bytes(b"HOME=/\0")
    monkeypatch.setattr("migrate.git.processes.PROCESSES", tmp_path)
    assert is_git_at_work(repo.repository)
    (process / "cwd").unlink()
    (process / "cwd").symlink_to(tmp_path)
    assert not is_git_at_work(repo.repository)
    (process / "environ").unlink()
    (process / "environ").mkdir()  # As unreadable to root as that of another user is to a user.
    assert is_git_at_work(repo.repository)
    (process / "stat").write_text(f"4121 (my{name}) S 1 4121 4121 0")
    assert not is_git_at_work(repo.repository)
