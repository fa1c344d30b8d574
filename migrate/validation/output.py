"""What a command printed, read so that it can be shown."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from migrate.errors import RepositoryError
from migrate.redaction import STARS, redacted, redacted_lines
from migrate.text import printable

TAIL = 20
"""How many of the last lines are shown of a command that failed."""

COLOR = re.compile(r"\x1b\[[0-9;]*[mK]")
POSITION = re.compile(r"\S+\.\w+:\d+")
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""The permissions of logs."""

LONGEST = 4096
"""How many bytes of an unfinished line are looked at."""


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
    """The lines of a log from a byte on, safe to print and without secrets."""
    with log.open("rb") as file:
        file.seek(start)
        yield from redacted_lines(shown(line) for line in file)


def tail(of: Iterable[str]) -> tuple[str, ...]:
    """The last lines, without empty ones at the end."""
    last = list(deque(of, TAIL))
    while last and not last[-1]:
        last.pop()
    return tuple(last)


def telling(of: Iterable[str]) -> str:
    """The line that says best what went wrong: the first that names a file and a line, else the last."""
    last = ""
    for line in of:
        if POSITION.match(line.strip()):
            return line.strip()
        last = line.strip() or last
    return last


class LastLine:
    """The last line with something in it of output that arrives in pieces."""

    def __init__(self) -> None:
        self._pending = b""
        self._line = b""
        self._in_key = False

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        *whole, self._pending = re.split(rb"[\r\n]", self._pending + chunk)
        self._pending = self._pending[-LONGEST:]
        for line in whole:
            if b"PRIVATE KEY" in line:
                self._in_key = b"-----BEGIN" in line and b"-----END" not in line
        self._line = next((line for line in reversed(whole) if line.strip()), self._line)

    @property
    def text(self) -> str:
        """The line, safe to print and without secrets; one that is not finished counts."""
        line = redacted(shown(self._pending if self._pending.strip() else self._line), is_cut=True)
        return STARS if self._in_key else line
