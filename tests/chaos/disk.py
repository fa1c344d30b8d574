"""A disk of one's own that can really be full: a tmpfs of few megabytes, in a mount namespace that nobody else sees."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NEW_MOUNTS, NEW_USERS = 0x20000, 0x10000000
PRIVATE = 0x4000 | 0x40000
"""MS_REC | MS_PRIVATE."""
SIZE = 64 << 20
"""Bytes."""


def own_disk(folder: Path) -> bool:
    """Mount one over a folder, for this process and what it starts; False where the machine does not allow that."""
    libc = ctypes.CDLL(None)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(NEW_MOUNTS) != 0:
        if libc.unshare(NEW_MOUNTS | NEW_USERS) != 0:
            return False
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
        Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    private = libc.mount(b"none", b"/", None, PRIVATE, None) == 0
    return private and libc.mount(b"none", os.fsencode(folder), b"tmpfs", 0, b"size=%d" % SIZE) == 0


def is_own(folder: Path) -> bool:
    """Whether the disk of a folder is one of ours: no other is ever filled, nobody else would thank us for that."""
    found = os.statvfs(folder)
    return found.f_blocks * found.f_frsize == SIZE


@contextmanager
def filled(folder: Path, blocks: int) -> Iterator[None]:
    """A disk of one's own with so many blocks free."""
    assert is_own(folder)
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        size = os.statvfs(folder).f_bsize
        while (more := os.statvfs(folder).f_bfree - blocks) > 0:
            file.write(bytes(size * more))
    try:
        yield
    finally:
        filler.unlink()
