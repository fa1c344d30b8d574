"""Phases of which two clones made the same commit: one of the two stays, and nobody is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from migrate.git.history import Commit, commit_at, read_history
from migrate.git.objects import CommitId
from migrate.orchestrator.sharing.ref_values import RefAction, RefDecision, RefRole
from migrate.stack.project import Project
from migrate.stack.trailers import trailers_of


def adopted(project: Project, decisions: Sequence[RefDecision]) -> tuple[RefDecision, ...]:
    """The decisions, with the remote's commit taken where both sides ran a phase and got the same tree.

    Neither side may have anything else on the branch: its tip is the phase's own commit, and its parent is the same
    here and there, or was adopted as well.
    """
    diverged = [
        d
        for d in decisions
        if d.action is RefAction.DIVERGED and d.ref_values.role is RefRole.BRANCH and d.ref_values.phase
    ]
    tips = [oid for d in diverged for oid in (d.ref_values.local, d.ref_values.remote) if oid is not None]
    if not tips:
        return tuple(decisions)
    commits = read_history(project.repository, tips, changes=False, walk=False)
    same: dict[CommitId, CommitId] = {}
    for each in diverged:
        local, remote = (commit_at(commits, oid) for oid in (each.ref_values.local, each.ref_values.remote))
        if (
            local is not None
            and remote is not None
            and is_alike(project.plan.name, each.ref_values.phase, local, remote, same)
        ):
            same[local.oid] = remote.oid
    taken = {each.ref_values.phase for each in diverged if each.ref_values.local in same}
    return tuple(refs_to_adopt(each, taken) for each in decisions)


def is_alike(migration: str, phase: str, local: Commit, remote: Commit, same: Mapping[CommitId, CommitId]) -> bool:
    """Whether two commits are of one phase, with the same tree, on one parent or on two that are alike."""
    below = [same.get(parent, parent) for parent in local.parents]
    ran = [trailers_of(commit.message, migration, phase) for commit in (local, remote)]
    return local.tree == remote.tree and below == list(remote.parents) and None not in ran


def refs_to_adopt(decision: RefDecision, taken: set[str]) -> RefDecision:
    """The decision, or the decision to adopt the remote's commit if the phase was made alike."""
    if decision.ref_values.phase not in taken:
        return decision
    if decision.ref_values.role is RefRole.BRANCH:
        return replace(decision, action=RefAction.ADOPT)
    if decision.ref_values.role is RefRole.MADE and decision.ref_values.remote not in (None, decision.ref_values.local):
        return replace(decision, action=RefAction.TAKE)
    return decision
