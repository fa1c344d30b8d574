"""Phases of which a forge says that it merged their request, and what stands on a branch that was merged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from migrate.forges.base import Change, Edit, Method, PullRequest
from migrate.git.history import Commit, read_history
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.stack.landings import Landing, with_reverts
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState
from migrate.stack.project import Context


@dataclass(frozen=True)
class MergedRequest:
    """One request that was merged: its branch ended at `head`, and `commit` of the base brought it."""

    number: int
    head: CommitId
    commit: CommitId
    sign: str = "#"
    """What stands before its number in a text."""


@dataclass(frozen=True)
class RequestsThere:
    """What a forge has of a stack: the requests that were merged, by branch, and those that are open."""

    merged: Mapping[str, MergedRequest] = field(default_factory=dict)
    open: tuple[PullRequest, ...] = ()
    web: str = ""
    sign: str = "#"


def merged_phases(
    context: Context, phases: Sequence[PhaseState], merged: Mapping[str, MergedRequest]
) -> dict[str, CommitId]:
    """By phase the commit of the base that a forge says it came with, where that is so.

    A branch of that name may have been merged long ago. So a commit does not count that the phase stands on, nor one
    that was taken back since.
    """
    repository, base = context.project.repository, context.snapshot.base
    named = {phase.id: merged[phase.branch].commit for phase in phases if phase.branch in merged}
    there = read_history(repository, named.values(), walk=False, passes_over=True)
    found = {
        phase.id: Landing(there[named[phase.id]], phase.trailers, is_silent=True)
        for phase in phases
        if phase.id in named and named[phase.id] in there and phase.tip is not None and phase.trailers is not None
        if repository.is_ancestor(named[phase.id], base) and not repository.is_ancestor(named[phase.id], phase.tip.oid)
    }
    return {
        phase: landing.commit.oid
        for phase, landing in with_reverts(repository, base, found).items()
        if landing.reverted is None
    }


def method_of(repository: Repository, request: MergedRequest) -> Method | None:
    """How a request was merged, as the commits tell; None where this clone lacks them.

    A rebase keeps who wrote a commit, when, and what they said of it; where nothing is to be done it is that commit.
    """
    commits = read_history(repository, [request.head, request.commit], changes=False, walk=False, passes_over=True)
    head, commit = commits.get(request.head), commits.get(request.commit)
    if head is None or commit is None:
        return None
    if head.oid != commit.oid and repository.is_ancestor(head.oid, commit.oid):
        return Method.MERGE
    return Method.REBASE if told(head) == told(commit) else Method.SQUASH


def told(commit: Commit) -> tuple[str, str]:
    """Who wrote a commit and when, and what they said of it."""
    return commit.authorship, commit.message.strip()


def moved_requests(stack: Stack, there: RequestsThere, landed: Sequence[str]) -> tuple[Edit, ...]:
    """The open requests that stand on the branch of a phase that landed, each with the base that it should have.

    A stack of the forge's own is looked after by the forge.
    """
    branches = {phase.branch: phase.id for phase in stack}
    return tuple(
        Edit(request, {"base": Change(request.base, stack.plan.base)})
        for request in there.open
        if not request.stack and branches.get(request.base) in landed
    )
