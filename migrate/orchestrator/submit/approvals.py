"""What differs from what was approved, proven from trees: the approved change is put on the present base, and compared.

Where that does not merge, a file counts as the same when its content is the same before and after the change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.describe.since_approved import SinceApproved, since_comment
from migrate.forges.base import Review, Verdict
from migrate.git.history import read_history
from migrate.git.merge import changed_paths, merge_trees
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState
from migrate.stack.project import Project
from migrate.stack.trailers import trailers_of


def since_approved(project: Project, stack: Stack, reviews: Mapping[str, Sequence[Review]]) -> dict[str, str]:
    """By branch the comment for each phase of which another commit was approved."""
    found = {}
    for phase in stack:
        by_commit: dict[CommitId, list[str]] = {}
        for review in reviews.get(phase.id, ()):
            is_other = review.commit and phase.tip is not None and review.commit != phase.tip.oid
            if review.verdict is Verdict.APPROVED and is_other:
                by_commit.setdefault(review.commit, []).append(review.who)
        since = [
            SinceApproved(tuple(who), commit, new_files(project, stack, phase, commit))
            for commit, who in by_commit.items()
        ]
        if since:
            found[phase.branch] = since_comment(stack.plan, since)
    return found


def new_files(project: Project, stack: Stack, phase: PhaseState, approved: CommitId) -> tuple[str, ...] | None:
    """The files in which a phase differs from an approved commit of it, the base apart; None where nobody can tell."""
    repository = project.repository
    before = base_of(project, stack, phase, approved)
    if before is None or phase.tip is None or phase.commit is None or not phase.commit.parents:
        return None
    old_base, old, new_base, new = map(repository.tree_of, (before, approved, phase.commit.parents[0], phase.tip.oid))
    merged = merge_trees(repository, base=old_base, ours=new_base, theirs=old)
    differing = changed_paths(repository, merged.tree, new)
    conflicting = set(merged.conflicts)
    if not conflicting:
        return tuple(sorted(differing))
    trees = [repository.objects.tree(tree) for tree in (old_base, old, new_base, new)]
    same = {
        path
        for path in conflicting
        if (trees[0].get(path), trees[1].get(path)) == (trees[2].get(path), trees[3].get(path))
    }
    return tuple(sorted((differing | conflicting) - same))


def base_of(project: Project, stack: Stack, phase: PhaseState, approved: CommitId) -> CommitId | None:
    """The commit that a phase stood on when it was approved; None where the history here does not say."""
    repository: Repository = project.repository
    if repository.commit(approved) is None:
        return None
    for commit in read_history(repository, [approved], [stack.root()], changes=False).values():
        if commit.parents and trailers_of(commit.message, stack.plan.name, phase.id) is not None:
            return commit.parents[0]
    return None
