"""The faults: what can happen to a command, and at which points of it.

A first run without a fault counts the points. Each is then struck in turn, so nothing has to be known of how a command
does its work.
"""

from __future__ import annotations

import errno
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from tests.chaos.calls import ERRORS, Call, Does, Point
from tests.chaos.state import digest


class Kind(Enum):
    """What happens at a point."""

    GIT_FAILS = "git fails"
    KILLED = "killed before a git is started"
    NO_SPACE = "one call finds no space"
    FULL = "the disk is full from here on"
    IO_ERROR = "the disk fails once"
    NOT_ALLOWED = "one call is not allowed"
    NO_FILES = "too many files are open"
    AGAIN = "one call is interrupted"
    ALL_KILLED = "all killed"
    ONE_KILLED = "one process killed"
    PRESSED = "Ctrl-C"
    ENDED = "ended while git, for which SIGINT is ignored, is slow"
    DISK = "a disk with so many blocks free"

    @property
    def error(self) -> int | None:
        """The error of the call, for a kind that is one."""
        return CODES.get(self)

    @property
    def is_asked(self) -> bool:
        """Whether its points are system calls. Those of the others are gits that are started, and free blocks."""
        return self not in (*AT_STARTS, Kind.DISK)

    @property
    def takes_all(self) -> bool:
        """Whether nothing is left that could say anything."""
        return self in (Kind.ALL_KILLED, Kind.KILLED)

    def fits(self, call: Call) -> bool:
        """Whether it can happen at a call."""
        if self is Kind.FULL:
            return bool(call.does & (Does.WRITES | Does.MAKES))
        return self.error is None or bool(call.does & ERRORS[self.error])

    def is_at(self, point: Point) -> bool:
        """Whether one of its points is a call that somebody makes: a slow git is one that the command started."""
        return self.fits(point.call) and not (self is Kind.ENDED and point.is_ours)


CODES = {
    Kind.NO_SPACE: errno.ENOSPC,
    Kind.FULL: errno.ENOSPC,
    Kind.IO_ERROR: errno.EIO,
    Kind.NOT_ALLOWED: errno.EACCES,
    Kind.NO_FILES: errno.EMFILE,
    Kind.AGAIN: errno.EINTR,
}
AT_STARTS = (Kind.GIT_FAILS, Kind.KILLED)
KILLS = (Kind.KILLED, Kind.ALL_KILLED, Kind.ONE_KILLED)
STOPS = (Kind.PRESSED, Kind.ENDED)


@dataclass(frozen=True)
class Fault:
    """One kind of fault at one of its points, counted from 0."""

    kind: Kind
    number: int
    place: str = ""
    """What was about to be done there when the points were counted."""
    alike: object = None
    """What it has in common with all faults of its kind that leave the same behind; None where nobody can know."""

    def __str__(self) -> str:
        return f"{self.kind.name.lower()} {self.number}: {self.place}"


@dataclass
class Starts:
    """What stands in a child where processes are started."""

    inherited: int
    """A descriptor for every process, by which one knows when all of them are gone."""
    record: int | None = None
    """A descriptor to which each start of git is written, one a line, behind what the moment of it is known by."""
    within: Path | None = None
    """The folder that is looked at for that."""
    fault: Fault | None = None
    """The one that happens at the start of a git."""
    started: int = 0

    def install(self) -> None:
        """Put it in place, for the rest of this process's life."""
        start = subprocess.Popen.__init__

        def starting(process: subprocess.Popen[bytes], command: Sequence[str], *rest: Any, **options: Any) -> None:
            options["pass_fds"] = (*options.get("pass_fds", ()), self.inherited)
            start(process, self.or_failing(command), *rest, **options)

        subprocess.Popen.__init__ = starting  # type: ignore[method-assign]

    def or_failing(self, command: Sequence[str]) -> Sequence[str]:
        """A command, or what fails in its place."""
        if isinstance(command, str) or Path(command[0]).name != "git":
            return command
        number, self.started = self.started, self.started + 1
        if self.record is not None:
            line = f"{moment(self.within) if self.within is not None else ''}\t{' '.join(map(str, command))}".replace(
                "\n", " "
            )
            os.write(self.record, line.encode() + b"\n")
        if self.fault is None or number != self.fault.number:
            return command
        if self.fault.kind is Kind.KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        return ["sh", "-c", f"echo {shlex.quote(SAID)} >&2; exit 128"]


def moment(within: Path) -> str:
    """What a folder is now, and which processes work for this one."""
    children = Path(f"/proc/self/task/{threading.get_native_id()}/children").read_text().split()
    words = [Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode() for pid in children]
    return f"{digest(within).hex()} {' '.join(words)}"


SAID = "fatal: injected"


def interruptible(kind: Kind | None) -> None:
    """Be told to end as the program is when it is typed; `ENDED`: as `sh -c 'migrate … & wait'` starts it."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.SIG_IGN if kind is Kind.ENDED else signal.default_int_handler)
