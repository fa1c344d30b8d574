"""The one phase that no plan has: it moves stragglers, and stands in the stack right above what has landed."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from migrate.plan.phase_source import PhaseSource, read_phase

ID = "stragglers"


@lru_cache(maxsize=1)
def source() -> PhaseSource:
    """The phase. Its digest says nothing of its module, so that another version of the program makes nothing stale."""
    path = Path(__file__).parent.parent / "phase" / "builtin" / f"{ID}.py"
    return replace(read_phase(path, f"{ID} (a phase of migrate itself)"), digest=ID)
