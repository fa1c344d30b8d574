"""One command at a time in one repository.

The kernel holds the lock for as long as its owner lives, so a killed owner blocks nobody and nothing has to be taken
over. The file says who the owner is.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from migrate.errors import Exit, MigrateError, RepositoryError
from migrate.git.repository import Repository
from migrate.text import printable

RUNNING = "another migrate is running here"
INSIDE = "MIGRATE_RUNNING"
"""The variable by which what a command starts knows the process that holds the lock."""
ATTEMPTS, PAUSE = 3, 0.01
"""How often the lock is tried, and the seconds between."""


class LockedError(MigrateError):
    """Another command is at work in this repository."""

    code = "locked"
    exit_code = Exit.LOCKED


@contextmanager
def locked(repository: Repository, command: str) -> Iterator[None]:
    """Hold the repository for one command, such as `migrate run`.

    Raises `LockedError` at once when another process holds it, `RepositoryError` when the lock cannot be written.
    """
    with opened_lock_file(repository.state_dir / "lock") as file:
        if not lock_taken(file):
            raise LockedError(f"{RUNNING}{lock_owner(file)}. Wait for it, or end it.")
        sign_lock(file, command)
        before = os.environ.get(INSIDE)
        os.environ[INSIDE] = str(os.getpid())
        try:
            with repository.during(command.removeprefix("migrate ")):
                yield
        finally:
            os.environ.pop(INSIDE, None)
            if before is not None:
                os.environ[INSIDE] = before
            file.truncate(0)


def lock_taken(file: BinaryIO) -> bool:
    """Lock the file, or say that another command holds it. Who only looks holds it for an instant, after a kill."""
    for attempt in range(ATTEMPTS):
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if attempt + 1 < ATTEMPTS:
                time.sleep(PAUSE)
        else:
            return True
    return False


def running_command(repository: Repository) -> str | None:
    """Which command is at work here, in one sentence, for those who only look; None when there is none.

    A killed owner leaves its signature, so it is the kernel's lock that counts. Nothing is written. What runs inside
    that command, such as `migrate where` in a validation, is not told of it.
    """
    try:
        with (repository.state_dir / "lock").open("rb", buffering=0) as file:
            said = lock_owner(file)
            if not said or said.startswith(f" (pid {os.environ.get(INSIDE)},"):
                return None
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return f"{RUNNING}{said}."
    except OSError:
        return None
    return None


def opened_lock_file(path: Path) -> BinaryIO:
    """The lock file, made when it is not there. Raises `RepositoryError` when it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
    except OSError as error:
        raise RepositoryError(
            f'"{path}" cannot be written: {error.strerror}',
            advice="make git's folder writable; migrate keeps its lock and its slots there",
        ) from error


def sign_lock(file: BinaryIO, command: str) -> None:
    """Write into the lock who holds it."""
    signature = {
        "pid": os.getpid(),
        "command": command,
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "host": socket.gethostname(),
    }
    file.truncate(0)
    file.write(json.dumps(signature).encode() + b"\n")


def lock_owner(file: BinaryIO) -> str:
    """` (pid 4121, "migrate run", since 14:02 on build-7)`, or nothing while the owner has not signed yet."""
    try:
        signature = json.loads(file.read())
        since = datetime.fromisoformat(signature["since"])
        today = since.date() == datetime.now(since.tzinfo).date()
        when = since.strftime("%H:%M" if today else "%Y-%m-%d %H:%M")
        said = f'pid {signature["pid"]}, "{signature["command"]}", since {when} on {signature["host"]}'
    except (ValueError, TypeError, KeyError):
        return ""
    return f" ({printable(said)})"
