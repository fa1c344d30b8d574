"""Run a refactor that is too big for one pull request as a chain of validated phases."""

from migrate.errors import PhaseError
from migrate.phase import Phase, Problem
from migrate.workspace import Workspace

__all__ = ["Phase", "PhaseError", "Problem", "Workspace"]
