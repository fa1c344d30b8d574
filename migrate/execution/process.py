"""Runs one command with everything that it starts, and ends all of it.

A command gets a session of its own, so that one signal reaches its whole process group, and nothing of the group is
left when it returns. A process that leaves the group on purpose, like a daemon, is not stopped.
"""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

from migrate.execution.command import Command
from migrate.execution.output import LastLine
from migrate.git.processes import are_known, processes

TICK = 0.2
"""Seconds between two reports of progress."""

GRACE = 3.0
"""Seconds that a process group has between SIGTERM and SIGKILL."""

CHUNK = 1 << 20
"""Bytes read at once: as many as a pipe can hold, so that one read empties it."""

OnLine = Callable[[float, str], None]
"""Is told how many seconds a command has run, and its last line of output."""


@dataclass(frozen=True)
class Finished:
    """How a command ended: its exit code (negative for a signal), None when its time ran out."""

    code: int | None
    seconds: float


class NotStartedError(Exception):
    """A program could not be started; `is_missing` when there is none of its name on PATH.

    A program that is named by its path belongs to the tree: when it is not there, the tree is wrong, not the machine.
    """

    def __init__(self, program: str, error: OSError) -> None:
        self.is_missing = isinstance(error, FileNotFoundError) and "/" not in program and error.filename == program
        where = "" if error.filename == program else f' in "{error.filename}"'
        super().__init__(
            f"{program} is not installed" if self.is_missing else f"{program} cannot be run{where}: {error.strerror}"
        )


def run_command(
    command: Command,
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: IO[bytes],
    timeout: float | None = None,
    held: Sequence[int] = (),
    on_line: OnLine | None = None,
    grace: float = GRACE,
) -> Finished:
    """Run a command to its end, its output going to `log`; nothing of its process group is left.

    `held` are file descriptors that it inherits. On `timeout` (seconds), and on any exception such as
    `KeyboardInterrupt`, the group gets SIGTERM, and SIGKILL after `grace` seconds. Raises `NotStartedError` when the
    command cannot be started, `OSError` when the log cannot be written.
    """
    began = time.monotonic()
    with interrupts_held() as release:
        try:
            process = subprocess.Popen(
                ["sh", "-c", command] if isinstance(command, str) else command,
                cwd=cwd,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
                pass_fds=held,
            )
        except OSError as error:
            raise NotStartedError(command[0], error) from error
        assert process.stdout is not None
        with process.stdout as output:
            os.set_blocking(output.fileno(), False)
            try:
                release()
                in_time = follow_output(process, output, log, timeout=timeout, on_line=on_line)
            finally:
                end_group(process, grace)
                code = process.wait()
                drain(output, log)
    return Finished(code if in_time else None, time.monotonic() - began)


@contextmanager
def interrupts_held() -> Iterator[Callable[[], None]]:
    """Hold back interrupts while a process starts: one in the middle of `Popen` would leave it running unknown to us.

    Calling what is yielded lets them through again, first those that arrived. Only the main thread is interrupted.
    """
    arrived: list[int] = []
    held: dict[int, Callable[[int, FrameType | None], object]] = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            handler = signal.getsignal(number)
            if callable(handler):
                held[number] = handler
                signal.signal(number, lambda number, _: arrived.append(number))

    def release() -> None:
        while held:
            signal.signal(*held.popitem())
        if arrived:
            arrived.clear()
            raise KeyboardInterrupt

    try:
        yield release
    finally:
        release()


def follow_output(
    process: subprocess.Popen[bytes],
    output: IO[bytes],
    log: IO[bytes],
    *,
    timeout: float | None,
    on_line: OnLine | None,
) -> bool:
    """Copy output to the log until the command ends; False when its time ran out first."""
    began = reported = time.monotonic()
    last, flowing = LastLine(), True
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while process.poll() is None:
            elapsed = time.monotonic() - began
            if timeout is not None and elapsed >= timeout:
                return False
            patience = TICK if timeout is None else min(TICK, timeout - elapsed)
            if not flowing:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(patience)
            elif selector.select(patience):
                chunk = output.read(CHUNK) or b""
                flowing = bool(chunk)
                log.write(chunk)
                last.feed(chunk)
            now = time.monotonic()
            if on_line is not None and now - reported >= TICK:
                on_line(now - began, last.text)
                reported = now
    return True


def drain(output: IO[bytes], log: IO[bytes]) -> None:
    """Copy the rest of the pipe, without waiting for a daemon that still holds it open."""
    log.write(output.read(CHUNK) or b"")
    log.flush()


def end_group(process: subprocess.Popen[bytes], grace: float) -> None:
    """End every process of the command's group, the command included, and wait until it is gone."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            if not is_alive(process):
                return
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)
            deadline = time.monotonic() + grace
            while is_alive(process) and time.monotonic() < deadline:
                time.sleep(0.01)
        except KeyboardInterrupt:
            continue  # Ctrl-C was pressed again: stop waiting.


def is_alive(process: subprocess.Popen[bytes]) -> bool:
    """Whether anything of the command's process group runs."""
    process.poll()
    try:
        os.killpg(process.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return not only_dead(process.pid)


def only_dead(group: int) -> bool:
    """Whether a group has only processes that ended and were not reaped.

    The first process of many containers does not reap them. Without /proc the answer is no.
    """
    if any(process.group == group and not process.has_ended for process in processes()):
        return False
    return are_known()
