"""Which refs of a repository are those of a migration, and which of them count.

Whoever can push puts refs where they like: what is strange, was taken back, or is too much is passed over, and told.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from migrate.errors import RepositoryError
from migrate.git.objects import CommitId
from migrate.git.refs import exactly, read_kinds_and_head, read_refs
from migrate.git.repository import Head, Repository
from migrate.plan.model import Plan
from migrate.plan.names import RefNames, base_ref
from migrate.stack.cut_short import with_journal
from migrate.stack.entries import read_entry, unfinished_operation
from migrate.stack.former import refs_of_former, refs_of_others, unread_reverts
from migrate.stack.strange_refs import UNREADABLE, StrangeRef, ref_places, strange_refs
from migrate.text import did_you_mean


class ListedRefs(NamedTuple):
    """The refs of a migration as git listed them, those in their place that are none of its, and HEAD."""

    refs: Mapping[str, CommitId]
    strange: tuple[StrangeRef, ...]
    head: Head


@dataclass(frozen=True)
class ReadableRefs:
    """The refs of a migration that count, and why others do not."""

    refs: dict[str, CommitId]
    base_branch: str
    """The full name of the branch that the base is read from."""
    head: Head
    strange: tuple[StrangeRef, ...]
    withdrawn: Mapping[str, str]
    """Those that were taken back here, each with its phase."""
    unread: Collection[str]


def readable_refs(repository: Repository, plan: Plan, listed: ListedRefs, left_out: frozenset[str]) -> ReadableRefs:
    """The refs of a migration without some that cannot be read. Raises `RepositoryError` where there is no base."""
    everything, strange, head = listed
    strange += tuple(StrangeRef(ref, everything[ref], UNREADABLE) for ref in sorted(left_out))
    everything = {ref: oid for ref, oid in everything.items() if ref not in left_out}
    withdrawn = withdrawn_phases(plan, everything)
    unread = unread_reverts(plan, everything)
    refs = {ref: oid for ref, oid in everything.items() if ref not in withdrawn and ref not in unread}
    branch = base_ref(refs, plan.base, plan.remote)
    if branch is None:
        raise no_base(repository, plan, head)
    return ReadableRefs(refs, branch, head, strange, withdrawn, unread)


def refs_of_migration(repository: Repository, plan: Plan) -> ListedRefs:
    """The refs of a migration, those in their place that are passed over, and HEAD: not the archive, which grows."""
    names = RefNames(plan.name)
    kinds, head = read_kinds_and_head(
        repository,
        f"refs/heads/{plan.branch_prefix}",
        f"refs/remotes/{plan.remote}/{plan.branch_prefix}",
        f"refs/heads/{plan.base}",
        f"refs/remotes/{plan.remote}/{plan.base}",
        names.synced(plan.remote, f"refs/heads/{plan.branch_prefix}"),
        *refs_of_former(plan),
        *refs_of_others(plan),
        *ref_places(names),
    )
    strange = strange_refs(repository, names, kinds)
    left_out = {each.ref for each in strange}
    refs = {ref: oid for ref, (_, oid) in kinds.items() if ref not in left_out}
    return ListedRefs(as_intended(repository, names, refs) if names.intent in refs else refs, strange, head)


def withdrawn_phases(plan: Plan, refs: Mapping[str, CommitId]) -> dict[str, str]:
    """By remote-tracking branch the phase that was taken back here, where the remote still has it as it was."""
    names = RefNames(plan.name)
    tracked = {f"refs/remotes/{plan.remote}/{plan.branch(source.id)}": source.id for source in plan.sources}
    return {
        ref: phase for ref, phase in tracked.items() if ref in refs and refs[ref] == refs.get(names.withdrawn(phase))
    }


def as_intended(repository: Repository, names: RefNames, refs: Mapping[str, CommitId]) -> dict[str, CommitId]:
    """The refs as they are after an operation that was killed when it had moved some of them."""
    entry = with_journal(names, read_entry(repository, names, refs[names.intent]))
    found = unfinished_operation(entry, exactly(repository, *(update.ref for update in entry.refs)))
    intended = {update.ref: update.new for update in found.left} if found.moved else {}
    return {ref: oid for ref, oid in {**refs, **intended}.items() if oid is not None}


def no_base(repository: Repository, plan: Plan, head: Head) -> RepositoryError:
    """The error for a base branch that does not exist."""
    if head.commit is None and not read_refs(repository, "refs/heads"):
        return RepositoryError("this repository has no commit yet", advice="commit something on the base branch first")
    branches = [ref.removeprefix("refs/heads/") for ref in read_refs(repository, "refs/heads")]
    return RepositoryError(
        f'the base branch "{plan.base}" of the plan is not here{did_you_mean(plan.base, branches)}',
        where=str(plan.path.name),
        advice=f"git fetch {plan.remote} {plan.base}:{plan.base}, or change base in [migration]",
    )
