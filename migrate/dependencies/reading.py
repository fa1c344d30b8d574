"""Reading files that somebody put beside the phases: reading never waits, and always ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

MEGABYTE = 2**20
LARGEST = 64 * MEGABYTE
"""Bytes that are read of one file, and of all the files that one phase is made from."""


def read_regular(path: Path, largest: int = LARGEST) -> bytes:
    """The bytes of a regular file, or of the one that a link leads to.

    Raises `OSError` for anything else, as a pipe that nobody writes to or a device without an end, and for a file of
    more than `largest` bytes.
    """
    check_regular(path.stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        check_regular(os.fstat(descriptor))  # It may be another one by now.
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {largest // MEGABYTE} MB")
    return content


def check_regular(status: os.stat_result) -> None:
    """Raise `OSError` for what is not a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file")
