"""The program on a terminal of its own, for questions, colours and widths."""

from __future__ import annotations

import fcntl
import os
import struct
import subprocess
import termios
from collections.abc import Mapping

from tests.story import PROGRAM, Story


class Terminal:
    """The program on a terminal of its own, of so many columns."""

    def __init__(
        self, story: Story, *arguments: str, env: Mapping[str, str] | None = None, columns: int | None = None
    ) -> None:
        self.side, writer = os.openpty()
        environment = dict(env) if env is not None else {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        if columns is not None:
            environment.pop("COLUMNS", None)
            fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=story.path,
            stdin=writer,
            stdout=writer,
            stderr=writer,
            env=environment,
            start_new_session=True,
        )
        os.close(writer)
        self.shown = ""

    def until(self, text: str) -> str:
        """Everything shown so far, once it holds `text`."""
        while text not in self.shown:
            self.shown += os.read(self.side, 65536).decode()
        return self.shown

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.side, text.encode())

    def end(self) -> int:
        """The exit code, once everything was shown."""
        raw = b""
        try:
            while chunk := os.read(self.side, 65536):
                raw += chunk
        except OSError:
            pass  # Linux says so when the other side is closed.
        self.shown += raw.decode()
        os.close(self.side)
        return self.process.wait(60)
