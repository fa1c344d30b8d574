"""Phases that two clones made alike: one of the commits stays, and nobody is asked."""

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
    clashes = [
        d
        for d in decisions
        if d.action is RefAction.DIVERGED and d.ref_values.role is RefRole.BRANCH and d.ref_values.phase
    ]
    tips = [oid for d in clashes for oid in (d.ref_values.local, d.ref_values.remote) if oid is not None]
    if not tips:
        return tuple(decisions)
    commits = read_history(project.repository, tips, changes=False, walk=False)
    same: dict[CommitId, CommitId] = {}
    for each in clashes:
        ours, theirs = (commit_at(commits, oid) for oid in (each.ref_values.local, each.ref_values.remote))
        if (
            ours is not None
            and theirs is not None
            and is_alike(project.plan.name, each.ref_values.phase, ours, theirs, same)
        ):
            same[ours.oid] = theirs.oid
    taken = {each.ref_values.phase for each in clashes if each.ref_values.local in same}
    return tuple(refs_to_adopt(each, taken) for each in decisions)


def is_alike(migration: str, phase: str, ours: Commit, theirs: Commit, same: Mapping[CommitId, CommitId]) -> bool:
    """Whether two commits are of one phase, with one tree, on one commit or on two that are alike."""
    below = [same.get(parent, parent) for parent in ours.parents]
    ran = [trailers_of(commit.message, migration, phase) for commit in (ours, theirs)]
    return ours.tree == theirs.tree and below == list(theirs.parents) and None not in ran


def refs_to_adopt(decision: RefDecision, taken: set[str]) -> RefDecision:
    """A decision, or the one to adopt the remote's where the phase is among those that are alike."""
    if decision.ref_values.phase not in taken:
        return decision
    if decision.ref_values.role is RefRole.BRANCH:
        return replace(decision, action=RefAction.ADOPT)
    if decision.ref_values.role is RefRole.MADE and decision.ref_values.remote not in (None, decision.ref_values.local):
        return replace(decision, action=RefAction.TAKE)
    return decision
