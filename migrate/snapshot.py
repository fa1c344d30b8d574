"""Everything that git knows of a migration, read at once.

The state of the phases is computed from this and nothing else, so that looking costs half a dozen git processes
however long the stack is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from migrate.entries import read_entry, unfinished
from migrate.errors import RepositoryError
from migrate.git.history import Commit, read_history
from migrate.git.objects import Oid
from migrate.git.refs import exactly, read_refs
from migrate.git.repository import Head, Repository
from migrate.names import Names
from migrate.plan import Plan
from migrate.stopped import Stopped, read_stopped
from migrate.text import did_you_mean
from migrate.trailers import TAKEN_BACK, read_trailers
from migrate.validation.receipts import Receipts, read_receipts


@dataclass(frozen=True)
class Snapshot:
    """The refs and commits of a migration at one moment."""

    base: Oid
    base_branch: str
    """The branch that it was read from: the plan's, or the remote's.

    That one where there is none here, or where the stack stands on what only the remote has.
    """
    head: Head
    refs: Mapping[str, Oid]
    commits: Mapping[Oid, Commit]
    """What the phase branches hold beyond the base."""
    base_commits: Mapping[Oid, Commit]
    """What the base holds beyond the commit on which the first phase was made; empty before that."""
    receipts: Receipts
    made: Mapping[str, Commit] = field(default_factory=dict)
    """By phase the commit that running it made, where it is not part of the base."""
    arrived: tuple[str, ...] = ()
    """The files that commits of the base brought which are of no phase, once some phase has landed."""
    landed: Mapping[str, Oid] = field(default_factory=dict)
    """By phase the commit of the base with which it landed, where `land` found out."""
    stopped: Stopped | None = None
    """The conflict that a command stopped at."""
    contained: Mapping[Oid, Commit] = field(default_factory=dict)
    """The tips of phase branches that the base contains."""

    def branch(self, name: str) -> Oid | None:
        """The tip of a local branch of the stack."""
        return self.refs.get(f"refs/heads/{name}")

    def published(self, remote: str, name: str) -> Oid | None:
        """Where the remote had a branch when we last heard of it."""
        return self.refs.get(f"refs/remotes/{remote}/{name}")


def take(repository: Repository, plan: Plan, *, base: Oid | None = None, stopped: bool = True) -> Snapshot:
    """Read the state of a migration; without `stopped` the conflict at which a command stopped is not looked at.

    `base` is where the base branch is about to be.

    Raises `RepositoryError` when the base branch is nowhere or the repository has no commit.
    """
    names = Names(plan.name)
    refs = read_refs(
        repository,
        f"refs/heads/{plan.branch_prefix}",
        f"refs/remotes/{plan.remote}/{plan.branch_prefix}",
        f"refs/heads/{plan.base}",
        f"refs/remotes/{plan.remote}/{plan.base}",
        # Not the archive, which grows.
        *(names.journal, names.start, names.stopped, names.intent, names.made(""), names.landed(""), names.receipts),
    )
    if names.intent in refs:
        refs = as_intended(repository, names, refs)
    head = repository.head()
    branch = base_branch(plan, refs)
    if branch is None:
        raise no_base(repository, plan, head)
    tips = [refs[ref] for source in plan.sources if (ref := f"refs/heads/{plan.branch(source.id)}") in refs]
    start = refs.get(names.start)
    made = {source.id: oid for source in plan.sources if (oid := refs.get(names.made(source.id))) is not None}
    landed = {s.id: oid for s in plan.sources if (oid := refs.get(names.landed(s.id))) is not None}
    branches = [*tips, *made.values()]
    commits = read_history(repository, branches, [base or refs[branch]])
    remote = f"refs/remotes/{plan.remote}/{plan.base}"
    if base is None and is_beyond(repository, refs[branch], refs.get(remote), {*commits, *landed.values(), start}):
        branch, commits = remote, read_history(repository, branches, [refs[remote]])
    base = base or refs[branch]
    base_commits = read_history(repository, [base], [start], changes=False) if start and start != base else {}
    return Snapshot(
        base=base,
        base_branch=branch.removeprefix("refs/heads/").removeprefix("refs/remotes/"),
        head=head,
        refs=refs,
        commits=commits,
        base_commits=base_commits,
        made={phase: commits[oid] for phase, oid in made.items() if oid in commits},
        landed=landed,
        arrived=arrivals(repository, plan, base, base_commits, set(landed.values())),
        stopped=read_stopped(repository, refs.get(names.stopped)) if stopped else None,
        receipts=read_receipts(repository, plan.name, refs.get(names.receipts)),
        contained=read_history(repository, [tip for tip in tips if tip not in commits], changes=False, walk=False),
    )


def base_branch(plan: Plan, refs: Mapping[str, Oid]) -> str | None:
    """The ref of the base: the local branch, or the remote's where there is none; None for neither."""
    places = (f"refs/heads/{plan.base}", f"refs/remotes/{plan.remote}/{plan.base}")
    return next((ref for ref in places if ref in refs), None)


def is_beyond(repository: Repository, ours: Oid, theirs: Oid | None, stack: Collection[Oid | None]) -> bool:
    """Whether a stack stands on commits of the base that only the remote has: a colleague put it there."""
    if theirs is None or theirs == ours or not stack or not repository.is_ancestor(ours, theirs):
        return False
    newer = repository.git.text("rev-list", theirs, f"^{ours}").split()
    return not set(newer).isdisjoint(stack)


def as_intended(repository: Repository, names: Names, refs: Mapping[str, Oid]) -> dict[str, Oid]:
    """The refs as they are after an operation that was killed when it had moved some of them."""
    entry = read_entry(repository, names, refs[names.intent])
    found = unfinished(entry, exactly(repository, *(update.ref for update in entry.refs)))
    intended = {update.ref: update.new for update in found.left} if found.moved else {}
    return {ref: oid for ref, oid in {**refs, **intended}.items() if oid is not None}


def arrivals(
    repository: Repository, plan: Plan, base: Oid, commits: Mapping[Oid, Commit], landed: Collection[Oid]
) -> tuple[str, ...]:
    """The files of the base that came by commits of its own; nothing is looked up while no phase has landed.

    What a revert brought back is where it should be.
    """
    ours = {oid for oid, commit in commits.items() if is_of(plan, commit) or oid in landed}
    others = [oid for oid, commit in commits.items() if oid not in ours and not TAKEN_BACK.search(commit.message)]
    if not ours or not others:
        return ()
    history = read_history(repository, others, walk=False)
    added = {change.path for commit in history.values() for change in commit.changes if change.status == "A"}
    return tuple(sorted(added & repository.objects.tree(base).keys()))


def is_of(plan: Plan, commit: Commit) -> bool:
    """Whether a commit is one of the plan's phases."""
    return any(trailers.migration == plan.name for trailers in read_trailers(commit.message))


def no_base(repository: Repository, plan: Plan, head: Head) -> RepositoryError:
    """The error for a base branch that does not exist."""
    if head.commit is None and not read_refs(repository, "refs/heads"):
        return RepositoryError("this repository has no commit yet", advice="commit something on the base branch first")
    branches = [ref.removeprefix("refs/heads/") for ref in read_refs(repository, "refs/heads")]
    return RepositoryError(
        f'the base branch "{plan.base}" of the plan does not exist{did_you_mean(plan.base, branches)}',
        where=str(plan.path.name),
        advice=f"git fetch {plan.remote} {plan.base}:{plan.base}, or change base in [migration]",
    )
