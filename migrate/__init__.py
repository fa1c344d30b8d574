"""Run a refactor that is too big for one pull request as a chain of validated phases.

These names are what a phase module imports. They are looked up when they are asked for: `migrate status` needs no
workspace, and importing it would be a third of its time.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from migrate.errors import PhaseError
    from migrate.phase.workspace import Workspace
    from migrate.plan.phase_source import Phase, Problem

__all__ = ["Phase", "PhaseError", "Problem", "Workspace"]

HOMES = {
    "Phase": "migrate.plan.phase_source",
    "PhaseError": "migrate.errors",
    "Problem": "migrate.plan.phase_source",
    "Workspace": "migrate.phase.workspace",
}


def __getattr__(name: str) -> object:
    """Import one of the public names from its module."""
    if name not in HOMES:
        raise AttributeError(f"module 'migrate' has no attribute '{name}'")
    return getattr(import_module(HOMES[name]), name)
