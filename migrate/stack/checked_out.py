"""What of a migration is checked out: phases, or a commit that is of none of those that stand. Pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrate.git.objects import CommitId
from migrate.git.repository import Head
from migrate.plan.validation import Validation
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class ApartCommit:
    """A commit that is checked out and is of no phase that stands: what of the plan concerns it.

    `branch` is None where HEAD is detached; `moved` is what the migration moved up to there. `phase` is the one of that
    name, which has landed, was merged elsewhere, or has moved on the remote; `takes_back` are those that a revert
    branch takes back.
    """

    branch: str | None
    commit: CommitId
    validations: tuple[Validation, ...]
    moved: MoveMap
    phase: str = ""
    takes_back: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What people call it."""
        return self.branch or f"HEAD at {self.commit[:7]}"

    @property
    def title(self) -> str:
        """Its name, and which validations are meant."""
        if self.takes_back:
            return f"{self.name} · takes back {', '.join(self.takes_back)}"
        return f"{self.name} · {self.phase} as it is here" if self.phase else f"{self.name} · of no phase"


def phases_at(stack: Stack, head: Head) -> tuple[PhaseState, ...]:
    """The phases on which somebody stands: on the branch, or detached at the commit, as a CI is.

    The one whose branch ends at a commit goes before others whose branches go through it. A branch that is here as it
    was before somebody pushed to it is not where its phase is.
    """
    made = [phase for phase in stack if phase.exists]
    at = tuple(phase for phase in made if phase.tip is not None and phase.tip.oid == head.commit)
    if head.branch is not None:
        return tuple(phase for phase in at if head.branch == phase.present_branch)
    through = (
        phase
        for phase in made
        if head.commit in [each.oid for each in (phase.commit, *phase.above) if each is not None]
    )
    return at or tuple(through)[:1]


def apart_from_phases(stack: Stack, head: Head, is_of_base: Callable[[CommitId], bool]) -> ApartCommit | None:
    """What is checked out, where that is of no phase that stands; None where it is not of the migration at all.

    Of the migration is every branch below its prefix, and a detached commit that is not part of the base.
    """
    plan, branch, commit = stack.plan, head.branch, head.commit
    if commit is None or phases_at(stack, head):
        return None
    if not branch.startswith(f"{plan.branch_prefix}/") if branch is not None else is_of_base(commit):
        return None
    own = next((source for source in plan.sources if plan.branch(source.id) == branch), None)
    if own is not None:
        moved = stack.moves_up_to(stack.get(own.id)) if own in plan.phases else stack.moves()
        return ApartCommit(branch, commit, plan.validations_of(own), moved, phase=own.id)
    revert = next(
        (each for each in stack.reverts if (each.branch == branch if branch is not None else each.tip == commit)), None
    )
    back = [source for source in plan.sources if revert is not None and source.id in revert.phases]
    if back:
        names, moved = tuple(source.id for source in back), stack.history(back[0].id)
        return ApartCommit(branch, commit, plan.validations_of(*back), moved, takes_back=names)
    return ApartCommit(branch, commit, plan.validations, stack.moves())
