"""`plan PHASE --check`: a phase runs again on what it stands on, and must make the tree that its commit has."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.execution.tools import commit_of_overlay
from migrate.git.objects import CommitId
from migrate.orchestrator.advance import run_sources
from migrate.stack.project import Context


@dataclass(frozen=True)
class PlanCheck:
    """What running a phase again gave: the paths that differ from its commit, none when it is the same tree."""

    commit: CommitId
    differing: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether the commit is what the phase makes."""
        return not self.differing


def check_phase(context: Context, name: str) -> PlanCheck:
    """Run a phase again, in memory, on the parent of its commit. No ref moves.

    Raises `RefusedError` for a phase without a commit of its own, `PhaseError` when it cannot run there.
    """
    project, stack = context.project, context.stack
    phase = stack.get(name)
    commit = phase.commit
    if commit is None or not commit.parents or not phase.exists:
        raise RefusedError(f"{phase.id} has no commit of its own to check", advice="migrate status")
    chain = run_sources(project, [phase.source], commit.parents[0], stack.history(phase.id))
    if chain.error is not None:
        raise chain.error
    objects = project.repository.objects
    made = project.repository.tree_of(commit_of_overlay(project.repository, chain.applied[0].overlay))
    there = {} if made == commit.tree else objects.tree(commit.tree)
    now = {} if made == commit.tree else objects.tree(made)
    differing = sorted(path for path in {*there, *now} if there.get(path) != now.get(path))
    return PlanCheck(commit.oid, tuple(differing))
