"""The process that a phase runs in is ours: what a phase changes of it is put back when the phase ends.

Nothing here is a fence. A phase may do what its user may do; but what one does by mistake, or for itself alone, must
not decide where the next one reads, where git writes, or whether the end of a command is seen.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NoReturn, TextIO

from migrate.git.files import umask

SIGNALS = (
    *(signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM, signal.SIGCHLD, signal.SIGPIPE),
    *(signal.SIGUSR1, signal.SIGUSR2, signal.SIGVTALRM),
)
STANDARD = (0, 1, 2)
PATIENCE = 1.0
"""Seconds in which threads may end that a phase does not use any more, as those of a pool that is thrown away."""


class ExitedError(BaseException):
    """A phase called `os._exit`."""


class OpenStream:
    """A stream that a phase may write to and not close."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream)

    def close(self) -> None:
        """Write what waits to be written."""
        self._stream.flush()


@dataclass(frozen=True)
class ProcessState:
    """What of this process a phase could change, as it was."""

    pid: int = field(default_factory=os.getpid)
    exit: Any = field(default_factory=lambda: os._exit)
    environment: dict[str, str] = field(default_factory=lambda: dict(os.environ))
    import_path: tuple[str, ...] = field(default_factory=lambda: tuple(sys.path))
    recursion: int = field(default_factory=sys.getrecursionlimit)
    mask: int = field(default_factory=umask)
    streams: tuple[TextIO, TextIO, TextIO] = field(default_factory=lambda: (sys.stdin, sys.stdout, sys.stderr))
    threads: frozenset[threading.Thread] = field(default_factory=lambda: frozenset(threading.enumerate()))
    handlers: dict[int, Any] = field(default_factory=lambda: {each: signal.getsignal(each) for each in SIGNALS})
    blocked: set[int] = field(default_factory=lambda: set(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
    files: dict[int, int] = field(
        default_factory=lambda: {fd: copy for fd in STANDARD if (copy := copied_value(fd)) >= 0}
    )
    folder: int = field(default_factory=lambda: opened_stream("."))

    def lent(self) -> ProcessState:
        """Lend the process to a phase. What it prints goes to standard error: it is no result.

        `os._exit` raises `ExitedError`, because the end of the command must be told; in a child it ends the child.
        """

        def exit_told(status: int) -> NoReturn:
            if os.getpid() != self.pid:
                self.exit(status)
            raise ExitedError(f"os._exit({status}) was called")

        os._exit = exit_told
        sys.stdout = sys.stderr = OpenStream(sys.stderr)
        return self

    def put_back(self) -> None:
        """Make the process what it was. A child that a phase forked ends here: what follows is the parent's."""
        if os.getpid() != self.pid:
            self.exit(1)
        os._exit = self.exit
        if dict(os.environ) != self.environment:
            os.environ.clear()
            os.environ.update(self.environment)
        sys.path[:] = self.import_path
        sys.setrecursionlimit(self.recursion)
        os.umask(self.mask)
        self._put_back_signals()
        self._put_back_files()
        if self.folder >= 0:
            with suppress(OSError):
                os.fchdir(self.folder)
                os.close(self.folder)

    def _put_back_signals(self) -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, self.blocked)
        if threading.current_thread() is not threading.main_thread():
            return
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number, handler in self.handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)

    def _put_back_files(self) -> None:
        for number, copy in self.files.items():
            with suppress(OSError):
                if stream_identity(number) != stream_identity(copy):
                    os.dup2(copy, number)
                os.close(copy)
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, mode, closefd=False) if stream is not None and stream.closed else stream  # noqa: SIM115
            for number, mode, stream in zip(STANDARD, "rww", self.streams, strict=True)
        )

    def left_running(self) -> list[str]:
        """The names of threads that were started since and do not end."""
        deadline = time.monotonic() + PATIENCE
        started = [thread for thread in threading.enumerate() if thread not in self.threads]
        for thread in started:
            thread.join(max(0.0, deadline - time.monotonic()))
        return [thread.name for thread in started if thread.is_alive()]


def copied_value(number: int) -> int:
    """Another number for an open file; -1 where it is closed."""
    with suppress(OSError):
        return os.dup(number)
    return -1


def opened_stream(folder: str) -> int:
    """A number for a folder; -1 where it is gone."""
    with suppress(OSError):
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    return -1


def stream_identity(number: int) -> tuple[int, int] | None:
    """What an open file is; None where it is closed."""
    with suppress(OSError):
        status = os.fstat(number)
        return status.st_dev, status.st_ino
    return None
