"""One command at a time: the lock that the kernel holds."""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest

from migrate.errors import RepositoryError
from migrate.journal.lock import LockedError, locked, running_command

HOLDER = """
import sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.journal.lock import locked
with locked(Repository.open(Path(sys.argv[1])), "migrate run"):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held_elsewhere(repo) -> Iterator[subprocess.Popen[str]]:
    """A second process that holds the lock."""
    command = [sys.executable, "-c", HOLDER, str(repo.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        yield other
        other.stdin.close()


def test_second_process_is_told_at_once_who_is_at_work(repo):
    with held_elsewhere(repo) as other, pytest.raises(LockedError) as caught, locked(repo.repository, "migrate next"):
        pass
    said = (
        r'another migrate is running here \(pid (\d+), "migrate run", since \d\d:\d\d on (.+)\)\. '
        r"Wait for it, or end it\."
    )
    pid, host = re.fullmatch(said, str(caught.value)).groups()
    assert int(pid) == other.pid
    assert host == socket.gethostname()
    assert caught.value.exit_code == 7


def test_lock_is_free_again_after_its_owner_ends(repo):
    with held_elsewhere(repo):
        pass
    with locked(repo.repository, "migrate next"):
        owner = json.loads((repo.repository.state_dir / "lock").read_text())
    assert owner["pid"] == os.getpid()
    assert owner["command"] == "migrate next"
    assert (repo.repository.state_dir / "lock").read_text() == ""


def test_killed_owner_blocks_nobody(repo):
    with held_elsewhere(repo) as other:
        other.kill()
        other.wait()
    assert (repo.repository.state_dir / "lock").read_text() != ""
    with locked(repo.repository, "migrate next"):
        pass


def test_failing_command_gives_the_lock_back(repo):
    with pytest.raises(ZeroDivisionError), locked(repo.repository, "migrate run"):
        _ = 1 / 0
    with locked(repo.repository, "migrate run"):
        pass


def test_owner_since_another_day_is_told_with_the_date(repo):
    with held_elsewhere(repo):
        lock = repo.repository.state_dir / "lock"
        signature = json.loads(lock.read_text())
        lock.write_text(json.dumps(signature | {"since": datetime(2024, 5, 1, 14, 2).astimezone().isoformat()}))
        with pytest.raises(LockedError, match="since 2024-05-01 14:02 on"), locked(repo.repository, "migrate next"):
            pass


@pytest.mark.parametrize("content", ["", "[]", '{"pid": 1}', "no json"])
def test_owner_that_has_not_signed_is_another_migrate(repo, content):
    with held_elsewhere(repo):
        (repo.repository.state_dir / "lock").write_text(content)
        with pytest.raises(LockedError) as caught, locked(repo.repository, "migrate next"):
            pass
    assert str(caught.value) == "another migrate is running here. Wait for it, or end it."


def test_lock_that_cannot_be_written_is_one_clear_error(repo):
    repo.repository.state_dir.write_text("a file where the folder should be")
    with pytest.raises(RepositoryError, match=r'lock" cannot be written: ') as caught, locked(repo.repository, "x"):
        pass
    assert "writable" in caught.value.advice


def test_who_only_looks_is_told_who_is_at_work(repo):
    assert running_command(repo.repository) is None
    with held_elsewhere(repo) as other:
        before = (repo.repository.state_dir / "lock").read_bytes()
        assert re.fullmatch(
            rf'another migrate is running here \(pid {other.pid}, "migrate run", since \d\d:\d\d on .+\)\.',
            running_command(repo.repository) or "",
        )
        assert (repo.repository.state_dir / "lock").read_bytes() == before
        with pytest.raises(LockedError), locked(repo.repository, "migrate next"):
            pass
    assert running_command(repo.repository) is None


def test_killed_owner_is_not_named(repo):
    with held_elsewhere(repo) as other:
        other.kill()
        other.wait()
    assert (repo.repository.state_dir / "lock").read_text() != ""
    assert running_command(repo.repository) is None


def test_looking_at_the_lock_writes_nothing(repo):
    assert running_command(repo.repository) is None
    assert not repo.repository.state_dir.exists()


def test_looking_after_a_kill_lets_the_next_command_in(repo):
    """Who looks holds the lock for an instant; a command that begins just then tries again."""
    with held_elsewhere(repo) as other:
        other.kill()
        other.wait()
    lock = repo.repository.state_dir / "lock"
    looking = lock.open("rb", buffering=0)
    fcntl.flock(looking, fcntl.LOCK_SH | fcntl.LOCK_NB)
    pauses = []

    def pause(seconds):
        pauses.append(seconds)
        looking.close()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("migrate.journal.lock.time.sleep", pause)
        with locked(repo.repository, "migrate next"):
            pass
    assert len(pauses) == 1


def test_what_a_command_starts_is_not_told_of_it(repo, monkeypatch):
    with locked(repo.repository, "migrate next"):
        assert running_command(repo.repository) is None
        monkeypatch.delenv("MIGRATE_RUNNING")
        assert running_command(repo.repository) is not None
    monkeypatch.setenv("MIGRATE_RUNNING", "1")
    with locked(repo.repository, "migrate next"):
        pass
    assert os.environ["MIGRATE_RUNNING"] == "1"
