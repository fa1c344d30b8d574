"""Being asked by the kernel before each of some system calls: seccomp's user notification, through ctypes.

A process installs a filter for itself and everything that it starts. Each call that the filter names waits until the
holder of the listener has answered: go on, or fail with an error. No privilege and no compiler is needed, and it does
not matter how a program was linked. See seccomp_unotify(2); Linux 5.5 has all of it.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import struct
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple


class Machine(NamedTuple):
    """What differs between processors: how the kernel calls one, and the number of `seccomp` on it."""

    audit: int
    seccomp: int


MACHINES = {"x86_64": Machine(0xC000003E, 317), "aarch64": Machine(0xC00000B7, 277)}
SET_MODE_FILTER, NEW_LISTENER, NO_NEW_PRIVILEGES = 1, 8, 38
RECEIVE, ANSWER, IS_VALID = 0xC0502100, 0xC0182101, 0x40082102
GO_ON = 1
NOTIFY, ALLOW = 0x7FC00000, 0x7FFF0000
LOAD, EQUALS, ANY_BIT, RETURN = 0x20, 0x15, 0x45, 0x06
NUMBER, PROCESSOR, ARGUMENTS = 0, 4, 16
"""Where struct seccomp_data has them."""


class Notice(NamedTuple):
    """A call that waits for an answer. `pid` is that of the thread that made it."""

    id: int
    pid: int
    number: int
    arguments: tuple[int, ...]


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


@dataclass(frozen=True)
class Asked:
    """A system call to be asked about: all of them, or those of which an argument has one of some bits."""

    number: int
    argument: int | None = None
    bits: int = 0


def machine() -> Machine:
    """This processor. Raises `OSError` for one that is not known."""
    try:
        return MACHINES[platform.machine()]
    except KeyError:
        raise OSError(errno.ENOSYS, f"no table of system calls for {platform.machine()}") from None


def filter_of(calls: Iterable[Asked]) -> bytes:
    """The filter that asks about some calls and lets all others through."""

    def line(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    lines = [line(LOAD, PROCESSOR), line(EQUALS, machine().audit, 1), line(RETURN, ALLOW), line(LOAD, NUMBER)]
    for call in calls:
        if call.argument is None:
            lines += [line(EQUALS, call.number, 0, 1), line(RETURN, NOTIFY)]
        else:
            lines += [line(EQUALS, call.number, 0, 4), line(LOAD, ARGUMENTS + 8 * call.argument)]
            lines += [line(ANY_BIT, call.bits, 0, 1), line(RETURN, NOTIFY), line(RETURN, ALLOW)]
    return b"".join([*lines, line(RETURN, ALLOW)])


def listen(calls: Iterable[Asked]) -> int:
    """Put this process, and all that it starts from now on, under a filter; the listener's descriptor.

    Raises `OSError` where the kernel does not have it.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    code = filter_of(calls)
    program = Program(len(code) // 8, code)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0:
        found = libc.syscall(machine().seccomp, SET_MODE_FILTER, NEW_LISTENER, ctypes.byref(program))
        if found >= 0:
            return int(found)
    raise OSError(ctypes.get_errno(), "this kernel does not ask about system calls (seccomp user notification)")


def received(listener: int) -> Notice | None:
    """The next call that waits; None when the process that made it is gone by now."""
    notice = bytearray(80)
    with suppress(FileNotFoundError, InterruptedError):
        fcntl.ioctl(listener, RECEIVE, notice)
        found, pid, _, number, _, _, *arguments = struct.unpack("QIIiIQ6Q", notice)
        return Notice(found, pid, number, tuple(arguments))
    return None


def answer(listener: int, notice: Notice, error: int = 0) -> None:
    """Let a call go on, or fail with an error."""
    with suppress(FileNotFoundError):  # It was killed, or a signal took it out of its call.
        fcntl.ioctl(listener, ANSWER, struct.pack("QqiI", notice.id, 0, -error, 0 if error else GO_ON))


def waits(listener: int, notice: Notice) -> bool:
    """Whether a call still waits for its answer."""
    try:
        fcntl.ioctl(listener, IS_VALID, struct.pack("Q", notice.id))
    except FileNotFoundError:
        return False
    return True


def text_at(pid: int, address: int) -> str:
    """A text in the memory of a process that waits."""
    memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
    try:
        return os.fsdecode(os.pread(memory, 4096, address).partition(b"\0")[0])
    finally:
        os.close(memory)
