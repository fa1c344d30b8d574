"""The system calls that change a file system: their numbers, what they name, and which errors they may give."""

from __future__ import annotations

import errno
import os
import platform
from contextlib import suppress
from enum import Flag, auto
from pathlib import Path
from typing import NamedTuple

from tests.chaos.seccomp import Asked, Notice, text_at

HERE = 0xFFFFFF9C
"""AT_FDCWD, as 32 bits."""
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Does(Flag):
    """What a call does, as far as the errors that it may give depend on it."""

    OPENS = auto()
    NAMES = auto()
    """It changes a folder."""
    WRITES = auto()
    MAKES = auto()
    """It makes what takes room on the disk."""
    ALTERS = auto()


class Call(NamedTuple):
    """One system call: its number on each processor (none where it is not there), and where it says what it changes.

    `paths` are the arguments that are paths, each with the argument that is its folder's descriptor, or None. `file` is
    the argument that is a descriptor of what is written to.
    """

    name: str
    x86_64: int | None
    aarch64: int | None
    does: Does
    paths: tuple[tuple[int | None, int], ...] = ()
    file: int | None = None
    flags: int | None = None
    """The argument that says whether it writes."""

    @property
    def number(self) -> int | None:
        """The number on this processor."""
        return self.x86_64 if platform.machine() == "x86_64" else self.aarch64


CALLS = (
    Call("open", 2, None, Does.OPENS | Does.NAMES, ((None, 0),), flags=1),
    Call("openat", 257, 56, Does.OPENS | Does.NAMES, ((0, 1),), flags=2),
    Call("creat", 85, None, Does.OPENS | Does.NAMES, ((None, 0),)),
    Call("write", 1, 64, Does.WRITES, file=0),
    Call("writev", 20, 66, Does.WRITES, file=0),
    Call("pwrite64", 18, 68, Does.WRITES, file=0),
    Call("pwritev", 296, 70, Does.WRITES, file=0),
    Call("sendfile", 40, 71, Does.WRITES, file=0),
    Call("copy_file_range", 326, 285, Does.WRITES, file=2),
    Call("fallocate", 285, 47, Does.WRITES, file=0),
    Call("truncate", 76, 45, Does.NAMES, ((None, 0),)),
    Call("ftruncate", 77, 46, Does.ALTERS, file=0),
    Call("fsync", 74, 82, Does.ALTERS, file=0),
    Call("fdatasync", 75, 83, Does.ALTERS, file=0),
    Call("mkdir", 83, None, Does.NAMES | Does.MAKES, ((None, 0),)),
    Call("mkdirat", 258, 34, Does.NAMES | Does.MAKES, ((0, 1),)),
    Call("rmdir", 84, None, Does.NAMES, ((None, 0),)),
    Call("unlink", 87, None, Does.NAMES, ((None, 0),)),
    Call("unlinkat", 263, 35, Does.NAMES, ((0, 1),)),
    Call("rename", 82, None, Does.NAMES, ((None, 0), (None, 1))),
    Call("renameat", 264, 38, Does.NAMES, ((0, 1), (2, 3))),
    Call("renameat2", 316, 276, Does.NAMES, ((0, 1), (2, 3))),
    Call("link", 86, None, Does.NAMES, ((None, 0), (None, 1))),
    Call("linkat", 265, 37, Does.NAMES, ((0, 1), (2, 3))),
    Call("symlink", 88, None, Does.NAMES | Does.MAKES, ((None, 1),)),
    Call("symlinkat", 266, 36, Does.NAMES | Does.MAKES, ((1, 2),)),
    Call("chmod", 90, None, Does.NAMES, ((None, 0),)),
    Call("fchmod", 91, 52, Does.ALTERS, file=0),
    Call("fchmodat", 268, 53, Does.NAMES, ((0, 1),)),
)
BY_NUMBER = {call.number: call for call in CALLS if call.number is not None}
ASKED = tuple(Asked(number, call.flags, WRITING if call.flags else 0) for number, call in BY_NUMBER.items())
ANYTHING = Does.OPENS | Does.NAMES | Does.WRITES | Does.MAKES | Does.ALTERS
ERRORS = {
    errno.ENOSPC: ANYTHING,
    errno.EIO: ANYTHING,
    errno.EACCES: Does.NAMES,
    errno.EMFILE: Does.OPENS,
    errno.EINTR: Does.OPENS | Does.WRITES,
}
"""Which calls may give an error."""


class Point(NamedTuple):
    """A call that a process made, or was about to make, on some files."""

    call: Call
    program: str
    """`migrate` for the command itself, for what it started its command line."""
    paths: tuple[str, ...]

    @property
    def is_ours(self) -> bool:
        """Whether the command itself made it, not a process that it started."""
        return self.program == OURS

    def __str__(self) -> str:
        return f"{self.call.name} {' '.join(self.paths)} by {self.program}"


OURS = "migrate"


def touched(notice: Notice, within: str) -> tuple[str, ...] | None:
    """The paths that a call is about to change below a folder; None for anything else, and when its process is gone."""
    call = BY_NUMBER[notice.number]
    with suppress(OSError):
        paths = [path_of(notice.pid, notice.arguments, *where) for where in call.paths]
        if call.file is not None:
            paths = [file_of(notice.pid, notice.arguments[call.file])]
        if any(path.startswith(within) for path in paths):
            return tuple(path.removeprefix(within) for path in paths)
    return None


def path_of(pid: int, arguments: tuple[int, ...], folder: int | None, path: int) -> str:
    """The path that an argument names."""
    named = text_at(pid, arguments[path])
    if named.startswith("/"):
        return os.path.normpath(named)
    descriptor = HERE if folder is None else arguments[folder] & 0xFFFFFFFF
    above = "cwd" if descriptor == HERE else f"fd/{descriptor}"
    return os.path.normpath(f"{os.readlink(f'/proc/{pid}/{above}')}/{named}")  # noqa: PTH115 (this is asked often)


def file_of(pid: int, descriptor: int) -> str:
    """The file that is open at a descriptor; what is none, such as a pipe, has a name that is no path."""
    return os.readlink(f"/proc/{pid}/fd/{descriptor & 0xFFFFFFFF}")  # noqa: PTH115


def program_of(pid: int, main: int) -> str:
    """What to call the program that a thread runs."""
    if is_thread(pid, main):
        return OURS
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    settings = {i for i, word in enumerate(words) if word == "-c"} if Path(words[0]).name == "git" else set()
    return " ".join(word for i, word in enumerate(words) if not {i, i - 1} & settings)[:70].strip()


def is_thread(pid: int, main: int) -> bool:
    """Whether a thread is one of a process."""
    return pid == main or Path(f"/proc/{main}/task/{pid}").exists()
