"""Locks are held by the kernel for a living owner, and a file that was removed is no lock any more."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from migrate.errors import RepositoryError
from migrate.git.flocks import flock_held, release_flock, take_flock

HOLD = """
import sys
from pathlib import Path
from migrate.git.flocks import flock_held
with flock_held(Path(sys.argv[1])):
    print(flush=True)
    sys.stdin.read()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """A process that holds a lock."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(path)], stdin=-1, stdout=-1, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def test_lock_is_taken_once_and_again_when_it_was_given_back(tmp_path: Path) -> None:
    first = take_flock(tmp_path / "a/b/lock")
    assert first is not None
    assert take_flock(tmp_path / "a/b/lock") is None
    release_flock(first)
    again = take_flock(tmp_path / "a/b/lock")
    assert again is not None
    release_flock(again)


def test_killed_owner_blocks_nobody(tmp_path: Path) -> None:
    with holder(tmp_path / "lock") as process:
        assert take_flock(tmp_path / "lock") is None
        process.kill()
        process.wait()
        with flock_held(tmp_path / "lock"):
            pass


def test_lock_that_was_removed_while_another_waited_is_not_held_by_both(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    with (
        holder(lock) as first,
        subprocess.Popen([sys.executable, "-c", HOLD, str(lock)], stdin=-1, stdout=-1) as second,
    ):
        while len(waiting(second)) < 1:
            pass
        lock.unlink()
        third = take_flock(lock)
        assert third is not None
        assert first.stdin is not None
        first.stdin.close()
        first.wait()
        assert second.poll() is None
        release_flock(third)
        assert second.stdout is not None
        second.stdout.readline()
        assert take_flock(lock) is None
        second.communicate()


def waiting(process: subprocess.Popen[bytes]) -> list[str]:
    """The lines of /proc/locks of locks for which a process waits."""
    return [
        line for line in Path("/proc/locks").read_text().splitlines() if " -> " in line and f" {process.pid} " in line
    ]


@pytest.mark.parametrize("there", ["folder", "symlink"])
def test_anything_else_in_the_place_of_a_lock_is_replaced(tmp_path: Path, there: str) -> None:
    lock = tmp_path / "lock"
    (tmp_path / "other").mkdir()
    if there == "folder":
        (lock / "x").mkdir(parents=True)
    else:
        lock.symlink_to(tmp_path / "other")
    descriptor = take_flock(lock)
    assert descriptor is not None
    release_flock(descriptor)
    assert lock.is_file()
    assert not lock.is_symlink()
    assert (tmp_path / "other").is_dir()


def test_place_that_cannot_be_written_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RepositoryError, match="cannot be written") as error:
        take_flock(tmp_path / "file/lock")
    assert error.value.advice == f"make that folder writable: migrate keeps its locks in {tmp_path}/file"
