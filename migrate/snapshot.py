"""Everything that git knows of a migration, read at once.

The state of the phases is computed from this and nothing else, so that looking costs half a dozen git processes
however long the stack is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.errors import RepositoryError
from migrate.git.history import Commit, read_history
from migrate.git.objects import Oid
from migrate.git.refs import read_refs
from migrate.git.repository import Head, Repository
from migrate.plan import Plan
from migrate.text import did_you_mean
from migrate.validation.receipts import Receipts, notes_ref, read_receipts


@dataclass(frozen=True)
class Names:
    """The refs of one migration."""

    migration: str

    @property
    def journal(self) -> str:
        """The chain of operations."""
        return f"refs/migrate/{self.migration}/journal"

    @property
    def start(self) -> str:
        """The base commit on which the first phase was made."""
        return f"refs/migrate/{self.migration}/start"

    @property
    def receipts(self) -> str:
        """The notes that hold receipts."""
        return notes_ref(self.migration)

    def archive(self, operation: int, name: str) -> str:
        """Where an operation keeps what it replaced."""
        return f"refs/migrate/{self.migration}/archive/{operation}/{name}"


@dataclass(frozen=True)
class Snapshot:
    """The refs and commits of a migration at one moment."""

    base: Oid
    head: Head
    refs: Mapping[str, Oid]
    commits: Mapping[Oid, Commit]
    """What the phase branches hold beyond the base."""
    base_commits: Mapping[Oid, Commit]
    """What the base holds beyond the commit on which the first phase was made; empty before that."""
    receipts: Receipts
    contained: Mapping[Oid, Commit] = field(default_factory=dict)
    """The tips of phase branches that the base contains."""

    def branch(self, name: str) -> Oid | None:
        """The tip of a local branch of the stack."""
        return self.refs.get(f"refs/heads/{name}")

    def published(self, remote: str, name: str) -> Oid | None:
        """Where the remote had a branch when we last heard of it."""
        return self.refs.get(f"refs/remotes/{remote}/{name}")


def take(repository: Repository, plan: Plan) -> Snapshot:
    """Read the state of a migration.

    Raises `RepositoryError` when the base branch is nowhere or the repository has no commit.
    """
    names = Names(plan.name)
    refs = read_refs(
        repository,
        f"refs/heads/{plan.branch_prefix}",
        f"refs/remotes/{plan.remote}/{plan.branch_prefix}",
        f"refs/heads/{plan.base}",
        f"refs/remotes/{plan.remote}/{plan.base}",
        f"refs/migrate/{plan.name}",
        names.receipts,
    )
    head = repository.head()
    base = refs.get(f"refs/heads/{plan.base}") or refs.get(f"refs/remotes/{plan.remote}/{plan.base}")
    if base is None:
        raise no_base(repository, plan, head)
    tips = [refs[ref] for source in plan.phases if (ref := f"refs/heads/{plan.branch(source.id)}") in refs]
    start = refs.get(names.start)
    commits = read_history(repository, tips, [base])
    return Snapshot(
        base=base,
        head=head,
        refs=refs,
        commits=commits,
        base_commits=read_history(repository, [base], [start], changes=False) if start and start != base else {},
        receipts=read_receipts(repository, plan.name, refs.get(names.receipts)),
        contained=read_history(repository, [tip for tip in tips if tip not in commits], changes=False, walk=False),
    )


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
