"""The one phase that is in no plan: it moves stragglers, and stands in the stack right above the landed phases."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from migrate.plan.phase_source import PhaseSource, read_phase

ID = "stragglers"


@lru_cache(maxsize=1)
def source() -> PhaseSource:
    """The phase. Its digest does not depend on its module, so that a new version of the program makes nothing stale."""
    path = Path(__file__).parent.parent / "phase" / "builtin" / f"{ID}.py"
    return replace(read_phase(path, f"{ID} (a phase of migrate itself)"), digest=ID)
