"""A command in a process of its own that is forked, not started: the program is imported once for thousands of runs."""

from __future__ import annotations

import gc
import hashlib
import importlib
import io
import itertools
import os
import pkgutil
import select
import signal
import socket
import sys
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple, NoReturn

import migrate
from migrate.cli import app
from migrate.execution import process
from migrate.validation import receipt
from tests.chaos.calls import ASKED
from tests.chaos.faults import AT_STARTS, Starts, interruptible
from tests.chaos.seccomp import listen
from tests.chaos.watch import PATIENCE, Watch


class Ended(NamedTuple):
    """How a child ended: its exit code, negative for a signal, None when it hung; and what it printed."""

    code: int | None
    text: str


def import_everything() -> None:
    """Import what the commands import when they are asked for, so that no child has to."""
    ours = (module.name for module in pkgutil.walk_packages(migrate.__path__, "migrate."))
    for name in (*ours, "git", "git.db", "jinja2", "rich"):
        importlib.import_module(name)
    gc.freeze()


def steady(turn: int) -> None:
    """Let this process write the same each time that it does the same: nothing at random, and no time of the clock.

    `turn` tells one command from those before it.
    """
    numbers = itertools.count()

    def urandom(size: int) -> bytes:
        return hashlib.sha256(f"{turn} {next(numbers)}".encode()).digest()[:size]

    class Still(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Still:
            return cls(2024, 5, 1, 12, tzinfo=tz) + timedelta(minutes=turn)

    finished = process.Finished
    os.urandom = urandom  # type: ignore[assignment]
    receipt.datetime = Still  # type: ignore[misc]
    process.Finished = lambda code, _: finished(code, 0.0)  # type: ignore[assignment,misc]


def fork(body: Callable[[], int], output: Path) -> int:
    """Fork a child that runs `body` and exits with what it returns; its pid. Nobody can answer its questions."""
    with warnings.catch_warnings():
        # Python 3.12 warns where a test runner has a thread of its own; the child needs nothing that it holds.
        warnings.simplefilter("ignore", DeprecationWarning)
        pid = os.fork()
    if pid == 0:
        become(body, output)
    return pid


def become(body: Callable[[], int], output: Path) -> NoReturn:
    """Be the child. It never returns into the test that forked it."""
    code = 99
    try:
        sys.settrace(None)
        gc.disable()
        os.setpgid(0, 0)
        signal.alarm(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        said = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND)
        for source, target in ((nothing, 0), (said, 1), (said, 2)):
            os.dup2(source, target)
        # A test runner has put its own in their places.
        sys.stdin, sys.stdout, sys.stderr = (io.TextIOWrapper(io.FileIO(n, "rw"[n > 0])) for n in range(3))
        code = body()
    except BaseException as error:
        os.write(2, f"Traceback: {error!r}\n".encode())
    finally:
        os._exit(code)


def typed(
    arguments: tuple[str, ...],
    folder: Path,
    output: Path,
    watch: Watch | None = None,
    gits: Path | None = None,
    turn: int | None = None,
) -> Ended:
    """Run one command in a folder, watched over, or each git that it starts written to a file.

    It waits until the command and every process that it started are gone: all of them inherit one end of a pipe. `turn`
    is as `steady` has it.
    """
    reader, writer = os.pipe()
    ours, theirs = socket.socketpair()
    fault = watch.fault if watch is not None else None

    def body() -> int:
        os.close(reader)
        ours.close()
        os.chdir(folder)
        record = os.open(gits, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666) if gits is not None else None
        compared = watch.within if watch is not None and watch.is_compared else None
        at_start = fault if fault is not None and fault.kind in AT_STARTS else None
        Starts(writer, record, compared, at_start).install()
        interruptible(fault.kind if fault is not None else None)
        if turn is not None:
            steady(turn)
        if watch is not None:
            listener = listen(ASKED)
            socket.send_fds(theirs, [b"?"], [listener])
            os.close(listener)
        theirs.close()
        return int(app.run_command_line(arguments))

    pid = fork(body, output)
    os.close(writer)
    theirs.close()
    listeners = socket.recv_fds(ours, 1, 1)[1] if watch is not None else []
    # Without a listener the child ended before it could install one, and has said why.
    ends = watch.over(pid, listeners[0], reader) if watch is not None and listeners else gone(reader)
    if not ends:
        os.killpg(pid, signal.SIGKILL)
    for descriptor in (reader, *listeners):
        os.close(descriptor)
    ours.close()
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return Ended(code if ends else None, output.read_text(errors="replace"))


def gone(reader: int) -> bool:
    """Wait for the end of a pipe that nobody writes to; False when it does not come."""
    return bool(select.select([reader], [], [], PATIENCE)[0])
