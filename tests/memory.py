"""The most memory that a single call takes, apart from what the process took before it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

PROCESS = Path("/proc/self")
T = TypeVar("T")


def measured(do: Callable[[], T]) -> tuple[T, int]:
    """What a call returns, and the bytes by which this process grew at most meanwhile; 0 where no kernel says it.

    The highest mark of the process is set back first (`5`, see proc(5), clear_refs): a mark that an earlier test set
    would hide growth, and what the drawing of inputs takes is not the program's.
    """
    try:
        (PROCESS / "clear_refs").write_text("5")
        before = _kilobytes("VmRSS")
    except OSError:
        return do(), 0
    found = do()
    return found, (_kilobytes("VmHWM") - before) * 1024


def _kilobytes(name: str) -> int:
    """A line of the status of this process."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", (PROCESS / "status").read_text(), re.MULTILINE)
    assert found is not None, name
    return int(found[1])
