"""Files that colleagues put into old folders after the phases that took these away had landed.

The phase that moves them is no plan's: it stands in the stack right above what has landed, while there are any.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from migrate.moves import MoveMap
from migrate.phase import PhaseSource, read_phase
from migrate.text import plural

ID = "stragglers"


@lru_cache(maxsize=1)
def source() -> PhaseSource:
    """The phase. Its digest says nothing of its module, so that another version of the program makes nothing stale."""
    path = Path(__file__).parent / "builtin" / f"{ID}.py"
    return replace(read_phase(path, f"{ID} (a phase of migrate itself)"), digest=ID)


def late(arrived: Iterable[str], moves: MoveMap) -> tuple[str, ...]:
    """The files among those that arrived which stand where something moved away from."""
    return tuple(sorted(path for path in arrived if moves.moves(path)))


def sentence(paths: tuple[str, ...]) -> str:
    """What to say of them."""
    shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return f"{plural(len(paths), 'file')} arrived at places that have moved: {shown}"
