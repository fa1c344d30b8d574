"""Reading files beside the phases so that it never blocks and always ends."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from migrate.limits import limit_words


def read_regular(path: Path, largest: int) -> bytes:
    """The bytes of a regular file, or of the one that a link leads to.

    Raises `OSError` for anything else, such as a pipe or an endless device, and for a file of more than `largest`
    bytes.
    """
    check_regular(path, path.stat())
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        check_regular(path, os.fstat(descriptor))  # Another file may have taken its place since.
        content = file.read(largest + 1)
    if len(content) > largest:
        raise OSError(errno.EFBIG, f"it is larger than {limit_words(largest)}", str(path))
    return content


def check_regular(path: Path, status: os.stat_result) -> None:
    """Raise `OSError` for what is not a regular file."""
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "it is not a regular file", str(path))
