"""The log of a command, read in sections, so that a line is parsed only when somebody needs it.

Skipping a section takes a hundredth of the time of reading its lines; redacting a line takes longest.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from migrate import limits
from migrate.errors import RepositoryError
from migrate.execution.redaction import key_edge, redact
from migrate.text import decode, printable

COLOR = re.compile(r"\x1b\[[0-9;]*[mK]")
COLOR_BYTES = re.compile(COLOR.pattern.encode())
MAY_BE_KEY = re.compile((b"(?:%b)*" % COLOR_BYTES.pattern).join(bytes([letter]) for letter in b"PRIVATE"))
"""Matches all output in which a private key begins or ends. Removing colours first would take 20 times as long."""
PIECE = 64 * limits.KILOBYTE
"""The number of bytes of a log that are read at once."""
EDGE = 100
"""The most bytes of the first or last line of a private key, colours included."""
LETTERS = str.maketrans("0123456789", "ghijklmnop")
"""A digest is written without digits, because digits are ignored when lines are compared."""
PRIVATE_FILE, PRIVATE_FOLDER = 0o600, 0o700
"""The permissions of logs."""


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


class LogLine(NamedTuple):
    """A line, safe to print except for its secrets; of a very long one the beginning, and a digest of the rest."""

    text: str
    rest: str = ""

    @property
    def whole(self) -> str:
        """The line with its secrets: to be searched, and never to be kept or shown."""
        return self.text + self.rest

    @property
    def hidden(self) -> str:
        """The line without secrets."""
        return redact(self.text, is_cut=bool(self.rest)) + self.rest


def shown_line(raw: bytes) -> str:
    """One line, safe to print: without colours; if it was drawn several times, the last state."""
    text = decode(raw).rstrip()
    if text.isprintable():
        return text
    return printable(COLOR.sub("", text.rpartition("\r")[2]).expandtabs())


class LongLine:
    """One line that arrives in pieces. What a carriage return draws over is forgotten."""

    def __init__(self, *pieces: bytes) -> None:
        self._returned = False
        self._begin()
        for piece in pieces:
            self.feed(piece)

    def _begin(self) -> None:
        self._head, self._more, self._digest = b"", 0, hashlib.sha256()

    def feed(self, piece: bytes) -> None:
        """Take the next piece. Of what is drawn in it over and over the last state is taken alone."""
        piece = piece.removesuffix(b"\n")
        end = len(piece.rstrip())
        begin, back = piece.rfind(b"\r", 0, end) + 1, piece.find(b"\r", end)
        if begin or (end and self._returned):
            self._begin()
        if end or not self._returned:
            self._take(piece[begin : back if back >= 0 else None])
        self._returned = back >= 0 or (self._returned and not end)

    def _take(self, part: bytes) -> None:
        room = limits.LINE_BYTES - len(self._head)
        self._head += part[:room]
        self._more += len(part[room:])
        self._digest.update(part[room:])

    @property
    def line(self) -> LogLine:
        """The part of the line that is used."""
        if not self._more:
            return LogLine(shown_line(self._head))
        digest = self._digest.hexdigest()[:16].translate(LETTERS)
        return LogLine(shown_line(self._head), f"… and {self._more:,} bytes more ({digest})")


class Section(NamedTuple):
    """Whole lines of a log that follow each other, or a single `long` one; `was_in_key` before it, `in_key` behind it.

    They say whether the output belongs to a private key there.
    """

    raw: bytes
    was_in_key: bool
    in_key: bool
    long: LongLine | None = None

    @property
    def height(self) -> int:
        """The number of its lines that may be shown."""
        if self.long is not None or self._has_key:
            return sum(1 for _ in self.lines())
        return self.raw.count(b"\n")

    @property
    def _has_key(self) -> bool:
        return self.was_in_key or self.in_key or MAY_BE_KEY.search(self.raw) is not None

    def lines(self) -> Iterator[LogLine]:
        """Its lines; of a private key the first alone, of which `LogLine.hidden` says nothing."""
        if self.long is not None:
            yield from () if self.was_in_key else (self.long.line,)
            return
        in_key, has_key = self.was_in_key, self._has_key
        for raw in without_colors(self.raw).removesuffix(b"\n").split(b"\n"):
            if not in_key:
                yield LogLine(shown_line(raw)) if len(raw) <= limits.LINE_BYTES else LongLine(raw).line
            in_key = has_key and goes_on(raw, in_key)


def goes_on(raw: bytes, before: bool) -> bool:
    """Whether a private key continues after some output, if it did `before`."""
    edge = key_edge(without_colors(raw)) if MAY_BE_KEY.search(raw) else None
    return before if edge is None else edge


def without_colors(raw: bytes) -> bytes:
    """Output without colours."""
    return COLOR_BYTES.sub(b"", raw) if b"\x1b" in raw else raw


def log_lines(log: Path, start: int = 0, *, holding: re.Pattern[bytes] | None = None) -> Iterator[LogLine]:
    """The lines of a log from a byte on, without private keys. A very long line is cut and gets a digest.

    With `holding`, sections without a match are skipped; others are given as a whole.
    """
    for section in log_sections(log, start):
        if holding is None or section.long is not None or holding.search(section.raw):
            yield from section.lines()


def log_sections(log: Path, start: int = 0) -> Iterator[Section]:
    """The sections of a log from a byte on."""
    in_key = False
    with log.open("rb") as file:
        file.seek(start)
        while piece := file.read(PIECE):
            piece += file.readline(PIECE)
            size = piece.rfind(b"\n") + 1
            if raw := piece[:size]:
                yield Section(raw, in_key, in_key := goes_on(raw, in_key))
            if size < len(piece):
                yield (section := long_section(piece[size:], file, in_key))
                in_key = section.in_key


def long_section(piece: bytes, file: IO[bytes], was_in_key: bool) -> Section:
    """A line that has begun, read to its end."""
    long, in_key, before = LongLine(), was_in_key, b""
    while piece:
        long.feed(piece)
        around = before + piece  # The first or last line of a key may be split over two pieces.
        in_key, before = goes_on(around, in_key), around[-EDGE:]
        piece = b"" if piece.endswith(b"\n") else file.readline(PIECE)
    return Section(b"", was_in_key, in_key, long)
