"""Which phases of a stack have requests, and which of those were merged into what."""

from __future__ import annotations

from migrate.forges.base import PullRequest, RequestState
from migrate.git.repository import Repository
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState


def open_phases(stack: Stack) -> list[PhaseState]:
    """The phases that have a branch and are not merged yet, bottom first."""
    return [phase for phase in stack if phase.exists and not phase.is_merged]


def branches_of(stack: Stack) -> list[str]:
    """The branches of the phases that were made, bottom first."""
    return [phase.branch for phase in stack if phase.exists or phase.is_merged]


def was_merged_into(repository: Repository, request: PullRequest, tip: str) -> bool:
    """Whether a request was merged by a commit that is known here, and that `tip` contains."""
    return (
        request.state is RequestState.MERGED
        and repository.commit(request.merged_as) is not None
        and repository.is_ancestor(request.merged_as, tip)
    )
