"""Printing: prose on standard error, results on standard output, colour only where a person looks."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from typing import Any, TextIO

import click

MAXIMUM_WIDTH = 110


class Output:
    """Where a command prints.

    `again` turns the command to type next into one that speaks of the same repository and plan.
    """

    def __init__(self, *, color: str, again: Callable[[str], str]) -> None:
        self._color = color
        self.again = again

    def colored(self, stream: TextIO) -> bool:
        """Whether to colour what goes to a stream (https://no-color.org)."""
        if self._color != "auto":
            return self._color == "always"
        return stream.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """Columns to fill."""
        return min(shutil.get_terminal_size((100, 24)).columns, MAXIMUM_WIDTH)

    def say(self, text: str = "", **style: Any) -> None:
        """Print prose."""
        self._print(text, sys.stderr, style)

    def result(self, text: str, **style: Any) -> None:
        """Print a result."""
        self._print(text, sys.stdout, style)

    def json(self, value: object) -> None:
        """Print a result for programs."""
        sys.stdout.write(json.dumps(value, indent=2) + "\n")

    def next(self, command: str, why: str = "") -> None:
        """Print what to type next."""
        self.say(f"Next: {self.again(command)}" + (f"   ({why})" if why else ""))

    def style(self, text: str, stream: TextIO | None = None, **style: Any) -> str:
        """`text`, styled when the stream is coloured."""
        return click.style(text, **style) if style and self.colored(stream or sys.stdout) else text

    def _print(self, text: str, stream: TextIO, style: dict[str, Any]) -> None:
        raw = self.style(text, stream, **style) + "\n"
        # A repository can hold names that are no text; they must not stop a report.
        encoding = stream.encoding or "utf-8"
        stream.write(raw.encode(encoding, "backslashreplace").decode(encoding))
        stream.flush()


def duration(seconds: float) -> str:
    """`2.4s`, or `1m12s` from a minute on."""
    if seconds < 59.95:
        return f"{seconds:.1f}s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}m{rest:02d}s"
