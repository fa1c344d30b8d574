"""Files and folders of our own: written whole or not at all, removed whatever their permissions are, and measured.

Nothing here follows a symlink to another place.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

BLOCK = 512
"""Bytes in a block of `st_blocks` (POSIX, sys/stat.h)."""

PRIVATE = 0o600
"""The permissions of a private file."""

NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}
"""The errors of a file system without hard links (link(2))."""


def remove_tree(path: Path) -> None:
    """Remove whatever is at a path, never what a symlink there points at. Raises `OSError` when it cannot be.

    Go's module cache is read-only, folders included, so permissions are changed where they stand in the way.
    """
    if not os.path.lexists(path):
        return
    if not is_real_folder(path):
        path.unlink(missing_ok=True)
        return
    try:
        shutil.rmtree(path)
    except PermissionError:
        for folder in real_folders(path):
            folder.chmod(folder.stat().st_mode | stat.S_IRWXU)
        shutil.rmtree(path)
    except RecursionError:  # It calls itself for each level; rm goes down to any (POSIX, rm).
        subprocess.run(["rm", "-rf", "--", path], check=False, capture_output=True)
        if os.path.lexists(path):
            raise OSError(errno.ENAMETOOLONG, "its folders are nested too deeply", str(path)) from None


def write_file(path: Path, raw: bytes) -> None:
    """Write a small file completely or not at all, with the folders above, unless it has this content.

    Raises `OSError`. Two processes may write it at the same time: the last one wins.
    """
    if path.is_file() and not path.is_symlink() and path.read_bytes() == raw:
        return
    if is_real_folder(path):
        remove_tree(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    put_in_place(path, raw)


def put_in_place(path: Path, raw: bytes, mode: int = PRIVATE, *, over: bool = True) -> None:
    """Put a whole file at a path: it is written beside and renamed, so that a kill leaves the old one or the new one.

    A symlink at the path is replaced, not followed. Without `over` nothing that is there is replaced. Raises `OSError`,
    `FileExistsError` for that.
    """
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".migrate-", suffix=".new")
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
            os.fchmod(descriptor, mode)
        if over:
            beside.replace(path)
        else:
            name_new(beside, path)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def name_new(beside: Path, path: Path) -> None:
    """Give a file a new name. Raises `FileExistsError` when the name is taken."""
    try:
        os.link(beside, path)
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        if os.path.lexists(path):  # There is no safe way then.
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        beside.rename(path)
    else:
        try:
            beside.unlink()
        except OSError:
            path.unlink()  # All or nothing.
            raise


def umask() -> int:
    """The permissions that new files do not get. It can only be read by setting it, so for a moment it is strict."""
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def is_real_folder(path: Path) -> bool:
    """Whether a folder is at a path, and not a symlink to one."""
    return path.is_dir() and not path.is_symlink()


def real_folders(top: Path) -> Iterator[Path]:
    """A folder and every folder below it; each comes before its content is listed."""
    places = [top]
    while places:
        place = places.pop()
        yield place
        places += (below for below in place.iterdir() if is_real_folder(below))


def size_of(path: Path) -> int:
    """The disk space of a file or folder in bytes; a file with several names counts once."""
    seen: set[tuple[int, int]] = set()
    total = 0
    places = [path]
    while places:
        place = places.pop()
        with suppress(OSError):
            status = place.lstat()
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                total += status.st_blocks * BLOCK
            if stat.S_ISDIR(status.st_mode):
                places += place.iterdir()
    return total
