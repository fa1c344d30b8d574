"""Branches of a migration that belong to no phase of its plan, and the phases that had them under another name.

A phase is its file's name, so a file that is renamed is another phase, and its branch an orphan. The new one takes it
over where its `PHASE` says what it was called before, or where its module is the one that the orphan was made from. A
migration that is renamed is another one, too: it is known by its modules, as long as nothing has the new name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from migrate import limits
from migrate.git.history import Commit, first_parents
from migrate.git.objects import CommitId
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.phase_source import PhaseSource
from migrate.stack.trailers import read_trailers

HEADS = "refs/heads/"


@dataclass(frozen=True)
class FormerBranch:
    """What a phase was called: in which migration, and under which branch."""

    migration: str
    phase: str
    branch: str
    shown: str
    """As people call it: with the migration where that was another one."""

    @property
    def made(self) -> str:
        """The ref of what the phase made under this name."""
        return RefNames(self.migration).made(self.phase)


@dataclass(frozen=True)
class OrphanBranch:
    """A branch below the migration's prefix that no phase of the plan owns; `here` and `there` are None where it is
    not in this clone, or not on the remote."""

    name: FormerBranch
    here: CommitId | None
    there: CommitId | None
    is_archived: bool = False
    """Whether the archive holds what it has: it was taken over, or given up."""

    @property
    def tip(self) -> CommitId:
        """The commit that it names, here before there."""
        tip = self.here or self.there
        assert tip is not None, "a branch is somewhere"
        return tip

    @property
    def is_anywhere(self) -> bool:
        """Whether it is in this clone or on the remote."""
        return self.here is not None or self.there is not None


def former_names(plan: Plan, source: PhaseSource) -> Iterator[FormerBranch]:
    """The names that a phase says that it had before."""
    for shown in source.declaration.formerly:
        migration, _, phase = shown.rpartition("/")
        migration = migration or plan.name
        prefix = f"migrate/{migration}" if is_usual_branch(plan) else plan.branch_prefix
        yield FormerBranch(migration, phase, f"{prefix}/{phase}", shown)


def is_usual_branch(plan: Plan) -> bool:
    """Whether the branches of a plan stand where those of any migration do that does not say otherwise."""
    return plan.branch_prefix == f"migrate/{plan.name}"


def refs_of_others(plan: Plan) -> tuple[str, ...]:
    """Patterns of the branches that any migration has, and so this one had before it was renamed."""
    places = (HEADS, f"refs/remotes/{plan.remote}/")
    return tuple(f"{place}migrate/*/*" for place in places) if is_usual_branch(plan) else ()


def refs_of_former(plan: Plan) -> tuple[str, ...]:
    """The refs that phases of a plan had under other names."""
    names = [name for source in plan.phases for name in former_names(plan, source)]
    return tuple(
        ref for name in names for ref in (HEADS + name.branch, f"refs/remotes/{plan.remote}/{name.branch}", name.made)
    )


def orphans_of(plan: Plan, refs: Mapping[str, CommitId]) -> tuple[OrphanBranch, ...]:
    """The branches below the prefix that are of no phase, here and on the remote; reverts and what was carried are no
    orphans."""
    known = {plan.branch(source.id) for source in plan.sources}
    own = (plan.branch("revert-"), plan.branch("carried/"))
    found: dict[str, None] = {}
    for place in (HEADS, f"refs/remotes/{plan.remote}/"):
        folder = f"{place}{plan.branch_prefix}/"
        branches = (ref.removeprefix(place) for ref in refs if ref.startswith(folder))
        found |= dict.fromkeys(each for each in branches if each not in known and not each.startswith(own))
    return tuple(
        branch_at(plan, refs, FormerBranch(plan.name, each.rpartition("/")[2], each, each.rpartition("/")[2]))
        for each in found
    )


def others_of(plan: Plan, refs: Mapping[str, CommitId]) -> tuple[OrphanBranch, ...]:
    """The branches of other migrations that have no phase but those of this plan, while this one has nothing yet."""
    own = (HEADS + plan.branch_prefix + "/", f"refs/remotes/{plan.remote}/{plan.branch_prefix}/")
    names = RefNames(plan.name)
    if (
        not is_usual_branch(plan)
        or names.start in refs
        or names.journal in refs
        or any(ref.startswith(own) for ref in refs)
    ):
        return ()
    phases = {source.id for source in plan.phases}
    found: dict[str, set[str]] = {}
    for ref in refs:
        branch = re.fullmatch(
            rf"refs/(?:heads|remotes/{re.escape(plan.remote)})/migrate/([^/]+)/(?!revert-)([^/]+)", ref
        )
        if branch is not None:
            found.setdefault(branch[1], set()).add(branch[2])
    alike = ((migration, phase) for migration, ids in found.items() if ids <= phases for phase in sorted(ids))
    return tuple(
        branch_at(plan, refs, FormerBranch(migration, phase, f"migrate/{migration}/{phase}", f"{migration}/{phase}"))
        for migration, phase in alike
    )


def looked_into(refs: Mapping[str, CommitId], orphans: Iterable[OrphanBranch]) -> tuple[OrphanBranch, ...]:
    """The orphans whose commits are read: of too many those that are here, then those of which a phase was made."""
    order = sorted(orphans, key=lambda each: (each.here is None, each.name.made not in refs))
    return tuple(order[: limits.UNOWNED_BRANCHES])


def unread_reverts(plan: Plan, refs: Iterable[str]) -> frozenset[str]:
    """Of too many branches that have the name of a revert, though of no phase of the plan, those that are not read."""
    folders = tuple(place + plan.branch("revert-") for place in (HEADS, f"refs/remotes/{plan.remote}/"))
    own = {folder + source.id for folder in folders for source in plan.sources}
    found = [ref for ref in refs if ref.startswith(folders) and ref not in own]
    return frozenset(sorted(found)[limits.UNOWNED_BRANCHES :])  # Those that are here come first.


def without_strangers(
    plan: Plan, orphans: Iterable[OrphanBranch], former: Mapping[str, OrphanBranch]
) -> tuple[OrphanBranch, ...]:
    """The orphans that nobody took over: of this migration, or of the one that it was before."""
    taken = list(former.values())
    ours = {plan.name, *(each.name.migration for each in taken)}
    return tuple(each for each in orphans if each not in taken and each.name.migration in ours)


def branch_at(plan: Plan, refs: Mapping[str, CommitId], name: FormerBranch) -> OrphanBranch:
    """The branch of a name, wherever it is."""
    return OrphanBranch(name, refs.get(HEADS + name.branch), refs.get(f"refs/remotes/{plan.remote}/{name.branch}"))


def taken_over(
    plan: Plan, refs: Mapping[str, CommitId], commits: Mapping[CommitId, Commit], orphans: tuple[OrphanBranch, ...]
) -> dict[str, OrphanBranch]:
    """By phase that has no branch of its own the one that it had under another name."""
    found: dict[str, OrphanBranch] = {}
    free = {orphan.name.branch: orphan for orphan in orphans}
    bare = [source for source in plan.phases if not branch_at(plan, refs, own_name(plan, source)).is_anywhere]
    for source in bare:
        for name in former_names(plan, source):
            orphan = branch_at(plan, refs, name)
            if orphan.is_anywhere and orphan.tip in commits and source.id not in found:
                found[source.id] = orphan
                free.pop(name.branch, None)
    for source in bare:
        same = (each for each in free.values() if source.is_made_from(digest_of(commits, each)))
        orphan_found = next(same, None) if source.id not in found else None
        if orphan_found is not None:
            found[source.id] = free.pop(orphan_found.name.branch)
    return found


def own_name(plan: Plan, source: PhaseSource) -> FormerBranch:
    """The name that a phase has."""
    return FormerBranch(plan.name, source.id, plan.branch(source.id), source.id)


def digest_of(commits: Mapping[CommitId, Commit], orphan: OrphanBranch) -> str:
    """The hash of the module that a branch was made from; empty where no commit of it says so."""
    commit = own_commit(commits, orphan)
    trailers = read_trailers(commit.message) if commit is not None else []
    return next((each.source for each in trailers if each.phase == orphan.name.phase), "")


def own_commit(commits: Mapping[CommitId, Commit], orphan: OrphanBranch) -> Commit | None:
    """The commit of a branch that says it is of the phase of that name."""
    tip = commits.get(orphan.tip)
    for commit in first_parents(commits, tip) if tip is not None else ():
        if any(
            (each.migration, each.phase) == (orphan.name.migration, orphan.name.phase)
            for each in read_trailers(commit.message)
        ):
            return commit
    return None
