"""What people did on the branch of a phase: commits on top of the phase's own, and changes in that one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from migrate.errors import PhaseError, RefusedError
from migrate.git.history import Commit, reachable
from migrate.git.merge import merge_trees
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.orchestrator.replay.merges import HandEdit, resolved_in_merge, taken_from, with_merge
from migrate.stack.phase_state import PhaseState, is_edit

Rerun = Callable[[PhaseState, CommitId], TreeId]
"""The tree that a phase makes of a commit. Raises `PhaseError` when it cannot run there."""


def edits_of(
    repository: Repository, phase: PhaseState, rerun: Rerun, ran: TreeId | None, *, made_here: bool
) -> list[HandEdit]:
    """Everything that people did on a phase's branch, oldest first.

    Unless this clone ran the phase, as `made_here` says, anybody may have pushed what it is said to have made: then
    `ran`, of `ran_there`, tells. Raises `RefusedError` when nobody can tell what a person changed in the phase's own
    commit.
    """
    if phase.commit is None:
        return []
    edits = amended(repository, phase, phase.commit, rerun, ran, made_here=made_here)
    made = edits[0].before if edits else phase.commit.tree
    commits = {commit.oid: commit for commit in (*phase.above, phase.commit)}
    came: CommitId | None = None
    for commit in reversed(phase.above):
        if commit.oid in phase.undone:
            continue
        if len(commit.parents) > 1:
            came = brought_by_merge(commits, phase.commit.oid, commit) or came
            ground = partial(rerun, phase, came) if came is not None else lambda: made
            edits = with_merge(repository, commit, edits, came, ground)
        elif is_edit(commit) and commit.parents:
            below = commits.get(commit.parents[0])
            tree = below.tree if below is not None else repository.tree_of(commit.parents[0])
            is_late = came is not None or phase.commit.oid not in reachable(commits, commit.oid)
            edits.append(HandEdit(commit, tree, commit.tree, is_late=is_late))
    return edits


def brought_by_merge(commits: Mapping[CommitId, Commit], own: CommitId, merge: Commit) -> CommitId | None:
    """The parent of a merge that is not of the branch: it does not contain the phase's own commit."""
    return next((parent for parent in merge.parents if own not in reachable(commits, parent)), None)


def amended(
    repository: Repository, phase: PhaseState, commit: Commit, rerun: Rerun, ran: TreeId | None, *, made_here: bool
) -> list[HandEdit]:
    """What a person changed in the phase's own commit: amended it, squashed edits into it, or rebased it.

    Where it stands on what the phase ran on, the difference to what the phase made tells. Elsewhere git's own rebase of
    that tells, and the phase, run again on what it stands on now, where that conflicts.
    """
    made = phase.made
    if ran is not None:
        return [HandEdit(commit, ran, commit.tree, amends=True)] if ran != commit.tree else []
    if made is None or made.tree == commit.tree:
        return []
    if same_parent(repository, made, commit):
        return [HandEdit(commit, made.tree, commit.tree, amends=True)]
    tree = ran_there(phase, rerun) if made_here else None
    if tree == commit.tree:
        return []
    before = rebased_edits(repository, made, commit, tree)
    if before is not None:
        return [HandEdit(commit, before, commit.tree, amends=True, is_late=True)] if before != commit.tree else []
    raise RefusedError(
        f"the commit of {phase.id} was rebased by hand, and the present phase cannot tell what was changed in it",
        advice=f"take the change of {phase.source.label} back, then run the command again; "
        f"or: migrate rollback {phase.id}",
    )


def ran_there(phase: PhaseState, rerun: Rerun) -> TreeId | None:
    """What a phase makes of what its commit stands on, None where it cannot run there or is another one now."""
    if phase.commit is None or not phase.commit.parents:
        return None
    if phase.trailers is None or not phase.source.is_made_from(phase.trailers.source):
        return None
    try:
        return rerun(phase, phase.commit.parents[0])
    except PhaseError:
        return None


def rebased_edits(repository: Repository, made: Commit, commit: Commit, rerun: TreeId | None) -> TreeId | None:
    """The tree of a rebased commit without what a person changed in it; None where nobody can tell.

    `rerun` is what the phase makes of what it stands on now, None where it cannot.
    """
    if not commit.parents or not made.parents:
        return None
    base, ours = (repository.tree_of(each.parents[0]) for each in (made, commit))
    found = resolved_in_merge(
        repository,
        commit.tree,
        lambda follows: merge_trees(repository, base=base, ours=ours, theirs=made.tree, follows_folders=follows),
    )
    if not found.unclear:
        return found.before
    return taken_from(repository, found.before, rerun, found.unclear) if rerun is not None else None


def same_parent(repository: Repository, one: Commit, other: Commit) -> bool:
    """Whether two commits stand on the same files."""
    if one.parents[:1] == other.parents[:1]:
        return True
    if not one.parents or not other.parents:
        return False
    return repository.tree_of(one.parents[0]) == repository.tree_of(other.parents[0])
