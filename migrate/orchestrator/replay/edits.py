"""What people did on the branch of a phase: commits on top of the phase's own, and changes in that one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrate.errors import PhaseError, RefusedError
from migrate.git.history import Commit
from migrate.git.objects import Oid
from migrate.git.repository import Repository
from migrate.stack import PhaseState

Rerun = Callable[[PhaseState, Oid], Oid]
"""The tree that a phase makes of a commit. Raises `PhaseError` when it cannot run there."""


@dataclass(frozen=True)
class Edit:
    """What a person did, as two trees; `commit` says who, when and why."""

    commit: Commit
    before: Oid
    after: Oid
    amends: bool = False
    """Whether it was done in the phase's own commit."""

    @property
    def what(self) -> str:
        """It in words."""
        return f'{"amended commit" if self.amends else "hand edit"} {self.commit.oid[:7]} "{self.commit.subject}"'


def edits_of(repository: Repository, phase: PhaseState, rerun: Rerun) -> list[Edit]:
    """Everything that people did on a phase's branch, oldest first.

    Raises `RefusedError` when nobody can tell what a person changed in the phase's own commit.
    """
    if phase.commit is None:
        return []
    edits = amended(repository, phase, phase.commit, rerun)
    below = phase.commit
    for commit in reversed(phase.hand_edits):
        edits.append(Edit(commit, below.tree, commit.tree))
        below = commit
    return edits


def amended(repository: Repository, phase: PhaseState, commit: Commit, rerun: Rerun) -> list[Edit]:
    """What a person changed in the phase's own commit: amended it, squashed edits into it, or rebased it.

    Where it stands on what the phase ran on, the difference to what the phase made tells. Elsewhere the phase tells,
    run again on what it stands on now.
    """
    made = phase.made
    if made is not None and (made.oid == commit.oid or made.tree == commit.tree):
        return []
    if made is not None and same_parent(repository, made, commit):
        return [Edit(commit, made.tree, commit.tree, amends=True)]
    if phase.trailers is not None and phase.trailers.source == phase.source.digest and commit.parents:
        try:
            tree = rerun(phase, commit.parents[0])
        except PhaseError:
            tree = None
        if tree is not None:
            return [] if tree == commit.tree else [Edit(commit, tree, commit.tree, amends=True)]
    if made is None:
        return []
    raise RefusedError(
        f"the commit of {phase.id} was rebased by hand, and the phase as it is now cannot tell what was changed in it",
        advice=f"take the change of {phase.source.label} back, then run the command again; "
        f"or: migrate rollback {phase.id}",
    )


def same_parent(repository: Repository, one: Commit, other: Commit) -> bool:
    """Whether two commits stand on the same files."""
    if one.parents[:1] == other.parents[:1]:
        return True
    if not one.parents or not other.parents:
        return False
    return repository.tree_of(one.parents[0]) == repository.tree_of(other.parents[0])
