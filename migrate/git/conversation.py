"""A git command that stays open: it is told one thing after the other and answers each."""

from __future__ import annotations

import subprocess
import weakref
from collections.abc import Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from migrate.git.process import Result, git_command, missing_object
from migrate.text import decode

if TYPE_CHECKING:
    from migrate.git.process import Git


class EndedError(Exception):
    """git ended, or was ended, before it had answered."""


class Conversation:
    """The git that answers. It is stopped when nobody holds this any more."""

    def __init__(self, git: Git, *arguments: str) -> None:
        """Start `git ARGUMENTS`. Raises `RepositoryError` when there is no git."""
        try:
            process = subprocess.Popen(
                git_command(arguments),
                cwd=git.directory,
                env=git.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise missing_object(error, git.directory) from None
        assert process.stdin is not None
        assert process.stdout is not None
        self.arguments: Sequence[str] = arguments
        self._input: IO[bytes] = process.stdin
        self._output: IO[bytes] = process.stdout
        self._process = process
        self._stopping = weakref.finalize(self, stop, process)

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    def say(self, raw: bytes) -> None:
        """Tell it something. Raises `EndedError`."""
        try:
            self._input.write(raw)
            self._input.flush()
        except (BrokenPipeError, ValueError):
            raise EndedError from None

    def line(self) -> bytes:
        """The next line that it answers, without its end. Raises `EndedError`."""
        line = self._output.readline()
        if not line.endswith(b"\n"):
            raise EndedError
        return line[:-1]

    def content(self, size: int) -> bytes:
        """So many bytes that it answers, before the end of a line. Raises `EndedError`."""
        content = self._output.read(size + 1)
        if len(content) != size + 1:
            raise EndedError
        return content[:-1]

    def result(self) -> Result:
        """Let it end, and say how it did."""
        try:
            with suppress(BrokenPipeError, ValueError):
                self._input.close()
            self._process.stdin = None
            rest, said = self._process.communicate()
        finally:
            self.stop()
        return Result(self._process.returncode, rest, decode(said).strip())

    def stop(self) -> None:
        """End it: nobody needs its answers any more."""
        self._stopping()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process, and wait for its end."""
    if process.poll() is None:
        process.kill()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    process.wait()
