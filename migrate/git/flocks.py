"""Locks that the kernel holds for as long as their owner lives, so that a killed owner blocks nobody."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.git.files import remove_tree


@contextmanager
def flock_held(path: Path) -> Iterator[None]:
    """Hold a lock file, and wait for it when another process does. Raises `RepositoryError` as `take` does."""
    descriptor = acquire_flock(path, fcntl.LOCK_EX)
    assert descriptor is not None
    try:
        yield
    finally:
        release_flock(descriptor)


def take_flock(path: Path) -> int | None:
    """Lock a file and return its descriptor, or None when another process holds it.

    Raises `RepositoryError` when the file cannot be written.
    """
    return acquire_flock(path, fcntl.LOCK_EX | fcntl.LOCK_NB)


def release_flock(descriptor: int) -> None:
    """Unlock a file for every process that inherited the descriptor, so that a daemon left behind holds nothing."""
    fcntl.flock(descriptor, fcntl.LOCK_UN)
    os.close(descriptor)


def acquire_flock(path: Path, how: int) -> int | None:
    """The descriptor of a locked file, made with the folders above it; None when it is held and `how` is not to wait.

    Locking a file that was removed meanwhile is useless, because somebody else can lock the next one; then it starts
    again.
    """
    while True:
        descriptor = open_lock_file(path)
        try:
            fcntl.flock(descriptor, how)
        except BlockingIOError:
            os.close(descriptor)
            return None
        except OSError as error:  # For example on a network file system without locks.
            os.close(descriptor)
            raise RepositoryError(f'"{path}" cannot be locked: {error.strerror}') from error
        with suppress(OSError):
            if os.path.samestat(os.fstat(descriptor), path.lstat()):
                return descriptor
        os.close(descriptor)


def open_lock_file(path: Path) -> int:
    """Open a lock file; anything else in its place is replaced."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink() or path.is_dir():
            remove_tree(path)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    except OSError as error:
        raise RepositoryError(
            f'"{path}" cannot be written: {error.strerror}',
            advice=f"make that folder writable: migrate keeps its locks in {path.parent}",
        ) from error
