"""What a command printed, read so that it can be shown."""

from __future__ import annotations

import hashlib
import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from migrate import limits
from migrate.errors import RepositoryError
from migrate.redaction import STARS, redacted, redacted_lines
from migrate.text import printable, shortened

TAIL = 20
"""How many of the last lines are shown of a command that failed."""

COLOR = re.compile(r"\x1b\[[0-9;]*[mK]")
POSITION = re.compile(r"\S+\.\w+:\d+")
PIECE = 64 * limits.KILOBYTE
"""Bytes of a log that are read at once."""
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A digest is written without digits: those make no difference where lines are compared."""
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""The permissions of logs."""


def shown(raw: bytes) -> str:
    """One line safe to print: without colours, and of a line drawn over and over the last state."""
    text = raw.decode("utf-8", "surrogateescape").rstrip()
    return printable(COLOR.sub("", text.rpartition("\r")[2]).expandtabs())


@contextmanager
def opened_log(log: Path) -> Iterator[IO[bytes]]:
    """A new log file to write to, for nobody else to read: a command may print a secret.

    Raises `RepositoryError` when it cannot be written, as when the disk is full.
    """
    try:
        for folder in (log.parent.parent, log.parent):
            folder.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
            folder.chmod(PRIVATE_FOLDER)
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "wb") as file:
            os.fchmod(file.fileno(), PRIVATE_FILE)
            yield file
    except OSError as error:
        raise RepositoryError(f'the log "{log}" cannot be written: {error.strerror}') from error


def lines(log: Path, start: int = 0) -> Iterator[str]:
    """The lines of a log from a byte on, safe to print and without secrets.

    Of a very long one it is the beginning, with a digest of the rest.
    """
    with log.open("rb") as file:
        file.seek(start)
        yield from redacted_lines(line.text for line in logged(file))


def logged(file: IO[bytes]) -> Iterator[LogLine]:
    """The lines from where a log is read on."""
    line = LogLine()
    for piece in iter(lambda: file.readline(PIECE), b""):
        line.feed(piece)
        if piece.endswith(b"\n"):
            yield line
            line = LogLine()
    if line.has_begun:
        yield line


class LogLine:
    """One line that arrives in pieces. What a carriage return draws over is forgotten."""

    def __init__(self) -> None:
        self.has_begun = False
        self._returned = False
        self._begin()

    def _begin(self) -> None:
        self._head, self._more, self._digest = b"", 0, hashlib.sha256()

    def feed(self, piece: bytes) -> None:
        """Take the next piece."""
        self.has_begun = True
        for number, part in enumerate(piece.removesuffix(b"\n").split(b"\r")):
            self._returned |= number > 0
            if self._returned and not part.strip():
                continue
            if self._returned:
                self._begin()
            self._returned = False
            room = limits.LINE_BYTES - len(self._head)
            self._head += part[:room]
            self._more += len(part[room:])
            self._digest.update(part[room:])

    @property
    def text(self) -> str:
        """The line, safe to print."""
        if not self._more:
            return shown(self._head)
        digest = self._digest.hexdigest()[:16].translate(LETTERS)
        return f"{redacted(shown(self._head), is_cut=True)}… and {self._more:,} bytes more ({digest})"


def tail(of: Iterable[str]) -> tuple[str, ...]:
    """The last lines, without empty ones at the end."""
    last = list(deque(of, TAIL))
    while last and not last[-1]:
        last.pop()
    return tuple(last)


def telling(of: Iterable[str]) -> str:
    """The line that says best what went wrong: the first that names a file and a line, else the last; not too long."""
    last = ""
    for line in of:
        if POSITION.match(line.strip()):
            return shortened(line.strip(), limits.REASON_CHARACTERS)
        last = line.strip() or last
    return shortened(last, limits.REASON_CHARACTERS)


class LastLine:
    """The last line with something in it of output that arrives in pieces."""

    def __init__(self) -> None:
        self._pending = b""
        self._line = b""
        self._in_key = False

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        *whole, self._pending = re.split(rb"[\r\n]", self._pending + chunk)
        self._pending = self._pending[-limits.LINE_BYTES :]
        for line in whole:
            if b"PRIVATE KEY" in line:
                self._in_key = b"-----BEGIN" in line and b"-----END" not in line
        self._line = next((line[-limits.LINE_BYTES :] for line in reversed(whole) if line.strip()), self._line)

    @property
    def text(self) -> str:
        """The line, safe to print and without secrets; one that is not finished counts."""
        line = redacted(shown(self._pending if self._pending.strip() else self._line), is_cut=True)
        return STARS if self._in_key else line
