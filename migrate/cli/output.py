"""Printing: prose on standard error, results on standard output, colour only where a person looks.

A repository can hold names that would move a terminal's cursor or colour it, so everything is made printable here.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import click

from migrate.execution.redaction import redact, redacted_values
from migrate.text import decode, encode, printable, printable_lines

MAXIMUM_WIDTH = 110
"""Columns that prose fills at most; a table takes all that there are."""
CLEAR_LINE = "\r\x1b[K"
PATCH_COLORS = {"+": "green", "-": "red", "@": "cyan"}
NOTHING: Any = object()
"""The document of a command that printed none."""


@dataclass(frozen=True)
class Styled:
    """A part of a line in a colour of its own."""

    text: str
    color: str


class Output:
    """Where a command prints.

    `again` turns the command to type next into one that speaks of the same repository and plan, `advise` every command
    in a text. `typed_in` is the folder in which the command was typed, where that is not the present one.
    """

    def __init__(
        self,
        *,
        color: str,
        again: Callable[[str], str],
        advise: Callable[[str], str] = str,
        typed_in: Path | None = None,
    ) -> None:
        self._color = color
        self._live = False
        self._document: Any = NOTHING
        self._failure: Mapping[str, object] | None = None
        self._typed_in = typed_in
        self._advise = advise
        self.again = again

    def colored(self, stream: TextIO) -> bool:
        """Whether to colour what goes to a stream (https://no-color.org)."""
        if self._color != "auto":
            return self._color == "always"
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns of the terminal, for tables and for lines that must not break."""
        import shutil  # Slow to import, and what is piped needs no width.

        return shutil.get_terminal_size((100, 24)).columns

    @property
    def prose_width(self) -> int:
        """Columns for lines that a person reads one after the other."""
        return min(self.width, MAXIMUM_WIDTH)

    def say(self, *parts: str | Styled, **style: Any) -> None:
        """Print a line of prose, without secrets: in CI it is there for everybody."""
        self._line(sys.stderr, without_secrets(parts), style)

    def result(self, *parts: str | Styled, **style: Any) -> None:
        """Print a line of the result, without secrets."""
        self._line(sys.stdout, without_secrets(parts), style)

    def document(self, text: str) -> None:
        """Print a result that other programs read, such as Markdown: as it is unless a person looks at it."""
        if sys.stdout.isatty():
            text = printable_lines(text)
        self._write(sys.stdout, encode(f"{text}\n"))

    def patch(self, raw: bytes) -> None:
        """Print a patch: byte for byte for `git apply`, or safe and in colour where a person looks."""
        if not self.is_read_by_a_person:
            self._write(sys.stdout, raw)
            return
        heading = False
        for line in decode(raw).removesuffix("\n").split("\n"):
            heading = line.startswith("diff --git ") or (heading and not line.startswith("@@ "))
            color = None if heading else PATCH_COLORS.get(line[:1])
            # As the file has it: who reviews a patch must see what git would apply.
            self._line(sys.stdout, [line], {"bold": True} if heading else {"fg": color} if color else {})

    @property
    def is_read_by_a_person(self) -> bool:
        """Whether the result goes to a terminal, or in colour to a pager."""
        return sys.stdout.isatty() or self.colored(sys.stdout)

    def drawn(self, text: str) -> None:
        """Print a result that holds nothing but safe text and our own colours."""
        self._write(sys.stdout, encoded_output(sys.stdout, text))

    def json(self, value: object) -> None:
        """Keep the result for programs: it is printed when the command ends, with the error when there is one.

        The command that it names as `next` is the one that a person is told to type.
        """
        if isinstance(value, dict) and isinstance(value.get("next"), str):
            value = {**value, "next": self._advise(value["next"])}
        json.dumps(value)  # What cannot be written is a mistake here, and not when the command has ended.
        self._document = value

    def fail(self, error: Mapping[str, object]) -> None:
        """Keep the error for programs."""
        self._failure = error

    def finish(self) -> None:
        """Print the one JSON document of a command: its result, its result with `error`, or `error` alone."""
        document = self._document
        if self._failure is not None:
            document = {**(document if isinstance(document, dict) else {}), "error": self._failure}
        if document is not NOTHING:
            self._write(sys.stdout, json.dumps(redacted_values(document), indent=2).encode() + b"\n")

    def live(self, text: str) -> None:
        """Show a line that the next one takes the place of; only where a person looks."""
        if sys.stderr.isatty():
            self._write(
                sys.stderr, encoded_output(sys.stderr, CLEAR_LINE + fit(printable(text), self.width - len("^C") - 1))
            )
            self._live = True

    def next(self, command: str, why: str = "") -> None:
        """Print what to type next."""
        self.say(self.following(command, why))

    def following(self, command: str, why: str = "") -> str:
        """`Next: migrate run   (p03-core)`."""
        return f"Next: {self.again(command)}" + (f"   ({self._advise(why)})" if why else "")

    def path(self, path: Path) -> Path:
        """A path as short as it can be typed where the command was."""
        try:
            return path.relative_to(self._typed_in or Path.cwd())
        except ValueError:
            return path

    def _line(self, stream: TextIO, parts: Sequence[str | Styled], style: dict[str, Any]) -> None:
        colored = self.colored(stream)
        shown = []
        for part in parts:
            text = printable_lines(part.text if isinstance(part, Styled) else part)
            how = {**style, "fg": part.color} if isinstance(part, Styled) else style
            shown.append(click.style(text, **how) if how and colored else text)
        self._write(stream, encoded_output(stream, "".join(shown) + "\n"))

    def _write(self, stream: TextIO, raw: bytes) -> None:
        if self._live:
            self._live = False
            self._write(sys.stderr, CLEAR_LINE.encode())
        try:
            stream.flush()
            stream.buffer.write(raw)
            stream.buffer.flush()
        except BrokenPipeError:
            silence(stream)


def without_secrets(parts: Sequence[str | Styled]) -> list[str | Styled]:
    """The parts of a line with what is hidden left out of its texts; what has a colour of its own is ours."""
    return [redact(part) if isinstance(part, str) else part for part in parts]


def encoded_output(stream: TextIO, text: str) -> bytes:
    """Text as the stream wants it; a character that it does not know is shown by its number and stops no report."""
    return text.encode(stream.encoding or "utf-8", "backslashreplace")


def silence(stream: TextIO) -> None:
    """Let nothing more be written: the reader went away, as in `migrate log | head`, and the work goes on without."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, stream.fileno())
    os.close(nowhere)


def fit(text: str, columns: int) -> str:
    """`text` cut to so many columns of a terminal; an ideograph and most pictures take two."""
    import unicodedata

    used = 0
    for position, char in enumerate(text):
        used += 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if used > columns:
            return text[:position]
    return text


def storage(count: int) -> str:
    """So many bytes as people read them: `512 B`, `4.1 kB`, `1.3 GB`."""
    if count < 1000:
        return f"{count} B"
    amount, units = float(count), iter(("kB", "MB", "GB", "TB"))
    unit = ""
    while amount >= 999.95 and (following := next(units, None)):
        amount, unit = amount / 1000, following
    return f"{amount:,.1f} {unit}"
