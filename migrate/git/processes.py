"""The processes of this machine, read from /proc. Without /proc nothing is known about them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

PROCESSES = Path("/proc")


class Process(NamedTuple):
    """A process: its folder in /proc, the name of its program, its state, its parent and its group."""

    folder: Path
    name: str
    state: str = ""
    parent: int = 0
    group: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether it ended, and nobody reaped it yet."""
        return self.state in ("Z", "X")


def are_known() -> bool:
    """Whether this machine has /proc."""
    return (PROCESSES / "self").exists()


def processes() -> Iterator[Process]:
    """Every process that can be inspected."""
    for folder in PROCESSES.glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            # pid (name) state parent group …: the name may hold spaces and parentheses, so read around it.
            _, _, named = (folder / "stat").read_text(errors="replace").partition("(")
            name, _, rest = named.rpartition(") ")
            state, parent, group = rest.split()[:3]
            yield Process(folder, name, state, int(parent), int(group))


def process_words(process: Path, file: str) -> list[str]:
    """The words in a file of a process, each ended by a NUL. Raises `OSError` when it cannot be read."""
    return [os.fsdecode(word) for word in (process / file).read_bytes().split(b"\0") if word]
