"""A git command that stays open and answers one request after the other."""

from __future__ import annotations

import os
import subprocess
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from migrate.git.process import Result, git_command, missing_object
from migrate.text import decode

if TYPE_CHECKING:
    from migrate.git.process import Git


LONGEST = 1 << 16
"""Bytes that are read of what git said at its end."""


class EndedError(Exception):
    """git ended before it had answered."""


class Conversation:
    """The running git. It is stopped when this object is no longer used."""

    def __init__(self, git: Git, *arguments: str) -> None:
        """Start `git ARGUMENTS`. Raises `RepositoryError` when there is no git."""
        # Not a pipe, which would be full some day, of what hooks print for example, and git would wait for ever.
        said = scratch_file()
        try:
            process = subprocess.Popen(
                git_command(arguments),
                cwd=git.directory,
                env=git.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            said.close()
            raise missing_object(error, git.directory) from None
        assert process.stdin is not None
        assert process.stdout is not None
        self.arguments: Sequence[str] = arguments
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout
        self._process = process
        self._said = said
        self._said_before = 0
        self._stopping = weakref.finalize(self, stop, process, said)

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def say(self, raw: bytes) -> None:
        """Send it something. Raises `EndedError`."""
        try:
            self._input.write(raw)
            self._input.flush()
        except (BrokenPipeError, ValueError):
            raise EndedError from None

    def begin(self) -> None:
        """Begin something else: what git said up to now is not about that."""
        self._said_before = os.fstat(self._said.fileno()).st_size

    def line(self) -> bytes:
        """The next line of its answer, without the line feed. Raises `EndedError`."""
        line = self._output.readline()
        if not line.endswith(b"\n"):
            raise EndedError
        return line[:-1]

    def content(self, size: int) -> bytes:
        """The next bytes of its answer, followed by a line feed. Raises `EndedError`."""
        content = self._output.read(size + 1)
        if len(content) != size + 1:
            raise EndedError
        return content[:-1]

    def result(self) -> Result:
        """Close its input, and return its result."""
        try:
            with suppress(BrokenPipeError, ValueError):
                self._input.close()
            rest = self._output.read()
            self._process.wait()
            said = os.pread(self._said.fileno(), LONGEST, self._said_before)
        finally:
            self.stop()
        return Result(self._process.returncode, rest, decode(said).strip())

    def stop(self) -> None:
        """Stop it: nobody needs its answers any more."""
        self._stopping()


def scratch_file() -> IO[bytes]:
    """A file without a name, in memory where that can be."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("git"), "w+b")
    from tempfile import TemporaryFile

    return TemporaryFile()


def stop(process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
    """End a process, and wait for its end."""
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout, said):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
