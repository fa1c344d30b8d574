"""The branch that `rollback` makes for published or landed phases, read back from its commits."""

from __future__ import annotations

import re
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.history import Commit, commit_at, read_history
from migrate.git.objects import CommitId
from migrate.stack.evaluation import states_of, validation_names
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.stack.project import Context

TAKES_BACK = re.compile(r"^This takes back (\S+) \(([0-9a-f]{40,64})\)\.$", re.MULTILINE)
"""What the message of a revert commit says (`rollback.revert` writes it)."""


@dataclass(frozen=True)
class Reverting:
    """A branch that takes phases back, for its description."""

    branch: str
    tip: Commit
    base: str
    """The branch that it stands on."""
    reverted: tuple[tuple[PhaseState, CommitId], ...]
    """The phases and the commits that are undone, bottom first."""
    validations: tuple[ValidationState, ...]


def revert_branch(context: Context, name: str) -> Reverting:
    """The branch that takes a phase back, here or else on the remote. Raises `RefusedError` when there is none."""
    project, snapshot, stack = context
    phase = stack.get(project.plan.phase(name).id)
    known = stack.reverted_by(phase.id)
    branch = known.branch if known is not None else project.plan.branch(f"revert-{phase.id}")
    oid = snapshot.branch(branch) or snapshot.published(project.plan.remote, branch)
    commits = read_history(project.repository, [oid] if oid else [], [snapshot.base], changes=False)
    undone: list[tuple[PhaseState, CommitId]] = []
    commit = commit_at(commits, oid)
    while commit is not None:
        found = TAKES_BACK.search(commit.message)
        if found is not None:
            undone.append((stack.get(project.plan.phase(found[1]).id), CommitId(found[2])))
        elif undone:  # What stands above the revert commits was added by hand.
            break
        commit = commits.get(commit.parents[0])
    if not undone and not phase.published and phase.state not in (State.LANDED, State.MERGED, State.UNKNOWN):
        nowhere = f"neither on {project.plan.remote} nor part of {project.plan.base}"
        raise RefusedError(f"{phase.id} is {nowhere}: there is nothing to revert", advice="migrate status")
    if oid is None or not undone:
        raise RefusedError(f"{phase.id} has no revert branch", advice=f"migrate rollback {phase.id}")
    tip = commits[oid]
    return Reverting(
        branch=branch,
        tip=tip,
        base=next((p.branch for p in stack if commit and p.tip and p.tip.oid == commit.oid), project.plan.base),
        reverted=tuple(undone),
        validations=states_of(
            snapshot.receipts,
            project.plan.validations_of(*(state.source for state, _ in undone)),
            tip.tree,
            stack.base_tree,
            validation_names(*(state.source for state, _ in undone)),
        ),
    )
