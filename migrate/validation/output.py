"""What a command printed, read so that it can be shown."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from migrate.errors import RepositoryError
from migrate.text import printable

TAIL = 20
"""How many of the last lines are shown of a command that failed."""

COLOR = re.compile(r"\x1b\[[0-9;]*[mK]")
POSITION = re.compile(r"\S+\.\w+:\d+")
LONGEST = 4096
"""How many bytes of an unfinished line are looked at."""


def shown(raw: bytes) -> str:
    """One line safe to print: without colours, and of a line drawn over and over the last state."""
    text = raw.decode("utf-8", "surrogateescape").rstrip()
    return printable(COLOR.sub("", text.rpartition("\r")[2]).expandtabs())


@contextmanager
def opened_log(log: Path) -> Iterator[IO[bytes]]:
    """A new log file to write to. Raises `RepositoryError` when it cannot be written, as when the disk is full."""
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("wb") as file:
            yield file
    except OSError as error:
        raise RepositoryError(f'the log "{log}" cannot be written: {error.strerror}') from error


def lines(log: Path, start: int = 0) -> Iterator[str]:
    """The lines of a log from a byte on, safe to print."""
    with log.open("rb") as file:
        file.seek(start)
        for line in file:
            yield shown(line)


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

    def feed(self, chunk: bytes) -> None:
        """Take the next piece."""
        *whole, self._pending = re.split(rb"[\r\n]", self._pending + chunk)
        self._pending = self._pending[-LONGEST:]
        self._line = next((line for line in reversed(whole) if line.strip()), self._line)

    @property
    def text(self) -> str:
        """The line, safe to print; one that is not finished counts."""
        return shown(self._pending if self._pending.strip() else self._line)
