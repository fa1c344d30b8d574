"""One command at a time in one repository.

The kernel holds the lock for as long as its owner lives, so a killed owner blocks nobody and nothing has to be taken
over. The file says who the owner is.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from migrate.errors import Exit, MigrateError, RepositoryError
from migrate.git.repository import Repository
from migrate.text import printable


class LockedError(MigrateError):
    """Another command is at work in this repository."""

    code = "locked"
    exit_code = Exit.LOCKED


@contextmanager
def locked(repository: Repository, command: str) -> Iterator[None]:
    """Hold the repository for one command, such as `migrate run`.

    Raises `LockedError` at once when another process holds it, `RepositoryError` when the lock cannot be written.
    """
    with opened(repository.state_dir / "lock") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockedError(f"another migrate is running here{owner(file)}. Wait for it, or end it.") from None
        sign(file, command)
        try:
            yield
        finally:
            file.truncate(0)


def opened(path: Path) -> BinaryIO:
    """The lock file, made when it is not there. Raises `RepositoryError` when it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "r+b", buffering=0)
    except OSError as error:
        raise RepositoryError(
            f'"{path}" cannot be written: {error.strerror}',
            advice="make git's folder writable; migrate keeps its lock and its slots there",
        ) from error


def sign(file: BinaryIO, command: str) -> None:
    """Write into the lock who holds it."""
    signature = {
        "pid": os.getpid(),
        "command": command,
        "since": datetime.now().astimezone().isoformat(timespec="seconds"),
        "host": socket.gethostname(),
    }
    file.truncate(0)
    file.write(json.dumps(signature).encode() + b"\n")


def owner(file: BinaryIO) -> str:
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
