"""Phases run in the program's own process: whatever a phase changes in it is restored when the phase ends.

This is no security boundary: a phase may do whatever its user may do. But what it changes by mistake, or only for
itself, must not affect where the next phase reads, where git writes, or whether the command reports its end.
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
"""How many seconds threads of a finished phase may take to end, such as those of an abandoned pool."""


class ExitedError(BaseException):
    """A phase called `os._exit`."""


class OpenStream:
    """A stream that a phase may write to but cannot close."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream)

    def close(self) -> None:
        """Flush the stream, and leave it open."""
        self._stream.flush()


@dataclass(frozen=True)
class ProcessState:
    """The state of this process that a phase could change, as it was before."""

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
        """Run a block with the process lent to a phase. Its output goes to standard error, because it is no result.

        `os._exit` raises `ExitedError`, so that the command can report its end; in a child process it ends the child.
        """

        def exit_told(status: int) -> NoReturn:
            if os.getpid() != self.pid:
                self.exit(status)
            raise ExitedError(f"os._exit({status}) was called")

        os._exit = exit_told
        sys.stdout = sys.stderr = OpenStream(sys.stderr)
        return self

    def put_back(self) -> None:
        """Restore the process. A child process that the phase forked ends here: what follows is the parent's work."""
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
        """The names of threads that were started since then and are still running."""
        deadline = time.monotonic() + PATIENCE
        started = [thread for thread in threading.enumerate() if thread not in self.threads]
        for thread in started:
            thread.join(max(0.0, deadline - time.monotonic()))
        return [thread.name for thread in started if thread.is_alive()]


def copied_value(number: int) -> int:
    """A duplicate of a file descriptor; -1 when it is closed."""
    with suppress(OSError):
        return os.dup(number)
    return -1


def opened_stream(folder: str) -> int:
    """A file descriptor for a folder; -1 when the folder is missing."""
    with suppress(OSError):
        return os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    return -1


def stream_identity(number: int) -> tuple[int, int] | None:
    """The device and inode of an open file; None when it is closed."""
    with suppress(OSError):
        status = os.fstat(number)
        return status.st_dev, status.st_ino
    return None
