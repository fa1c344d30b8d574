"""The base as a stack is seen from it: what has landed, what was taken back, how far the base has gone on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from migrate.git.history import Commit, read_history
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.git.shallow import reaches_end
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.phase_source import PhaseSource
from migrate.stack.former import OrphanBranch, taken_over
from migrate.stack.landings import Landing, read_landings, with_reverts
from migrate.stack.same_change import MadePhase, phases_made, same_changes, with_alone
from migrate.stack.told_landings import told_landings
from migrate.stack.trailers import read_trailers


@dataclass(frozen=True)
class Ground:
    """A commit of the base, and what can be said of the phases as seen from there."""

    branch: str
    base: CommitId
    commits: Mapping[CommitId, Commit]
    made: Mapping[str, Commit]
    former: Mapping[str, OrphanBranch]
    newer: Mapping[CommitId, int]
    landings: Mapping[str, Landing]
    remade: frozenset[str]
    is_cut: bool
    doubted: Mapping[str, CommitId]


@dataclass(frozen=True)
class GroundReader:
    """The refs of a migration, before it is known on which base to look at them."""

    repository: Repository
    plan: Plan
    refs: Mapping[str, CommitId]
    tips: Sequence[CommitId]
    made: Mapping[str, CommitId]
    orphans: tuple[OrphanBranch, ...]

    def on(self, branch: str, base: CommitId, *, keeps: bool = True) -> Ground:
        """What they say on a commit of the base, which a branch names."""
        repository, plan, refs = self.repository, self.plan, self.refs
        commits = read_beyond(repository, self.tips, base)
        former = taken_over(plan, refs, commits, self.orphans)
        own = {phase: refs[orphan.name.made] for phase, orphan in former.items() if orphan.name.made in refs}
        made = {phase: commits[oid] for phase, oid in {**self.made, **own}.items() if oid in commits}
        newer = read_newer_commits(repository, plan, commits, base)
        said = read_landings(repository, plan.name, base, keeps=keeps)
        tips = {source.id: phase_refs(plan, refs, source) for source in plan.sources}
        phases = phases_made(plan.name, tips, commits, made)
        everything = with_alone(plan.name, phases, commits, made)
        told = told_landings(repository, RefNames(plan.name), refs, commits, everything, base)
        landings = with_reverts(repository, base, told.landings) | said
        again = remade_phases(repository, phases, landings)
        if any(newer.values()):
            unsaid = [each for each in phases if each.phase not in landings or each.phase in again]
            landings |= with_reverts(repository, base, same_changes(repository, base, unsaid))
        is_cut = self.is_cut(base, newer)
        return Ground(branch, base, commits, made, former, newer, landings, again, is_cut, told.doubted)

    def beside_remote(self, branch: str, base: CommitId | None) -> tuple[Ground, int, int]:
        """What they say on the base that a branch names, or on the remote's, where the stack belongs there.

        Also how many commits the remote has that the branch lacks, and how many where each has some of its own; both
        are 0 where the base is about to be elsewhere.
        """
        repository, plan, refs = self.repository, self.plan, self.refs
        ground = self.on(branch, base or refs[branch])
        remote, ours = f"refs/remotes/{plan.remote}/{plan.base}", refs[branch]
        theirs = refs.get(remote)
        if base is not None or theirs is None or theirs == ours:
            return ground, 0, 0
        if not repository.is_ancestor(ours, theirs):
            return ground, 0, count_beyond(repository, theirs, ours)
        there = self.on(remote, theirs, keeps=False)
        if there.landings != ground.landings or stands_on_remote(repository, ground.commits, ours, theirs):
            return there, 0, 0
        return ground, count_beyond(repository, theirs, ours), 0

    def is_cut(self, base: CommitId, roots: Collection[CommitId]) -> bool:
        """Whether what landed may be older than the history that is here; `roots` is what the stack stands on."""
        start = self.refs.get(RefNames(self.plan.name).start)
        known = ([start] if start is not None else [], *([root] for root in roots))
        return any(reaches_end(self.repository, base, oids) for oids in known)


def read_newer_commits(
    repository: Repository, plan: Plan, commits: Mapping[CommitId, Commit], base: CommitId
) -> dict[CommitId, int]:
    """By commit of the base on which a phase stands, how many commits the base has since."""
    below = {
        commit.parents[0]
        for commit in commits.values()
        if commit.parents and commit.parents[0] not in commits and is_of_branch(plan, commit)
    }
    return {oid: count_beyond(repository, base, oid) if oid != base else 0 for oid in below}


def count_beyond(repository: Repository, newer: CommitId, older: CommitId) -> int:
    """How many commits one commit has that another lacks; none where the other is not here, as in a shallow clone."""
    counted = repository.git.run("rev-list", "--count", newer, f"^{older}", "--", accept=(0, 128))
    return int(counted.text) if counted.code == 0 else 0


def phase_refs(plan: Plan, refs: Mapping[str, CommitId], *sources: PhaseSource) -> list[CommitId]:
    """The tips of the branches of phases, here and on the remote: of all when none is named."""
    places = ("refs/heads/", f"refs/remotes/{plan.remote}/")
    found = (refs.get(place + plan.branch(source.id)) for source in sources or plan.sources for place in places)
    return list(dict.fromkeys(oid for oid in found if oid is not None))


def read_beyond(repository: Repository, tips: Sequence[CommitId], base: CommitId) -> dict[CommitId, Commit]:
    """What some commits hold beyond the base.

    Where clocks were wrong git takes commits of the base for others: it walks by their dates and stops too early
    (`still_interesting` in its revision.c). So where something lies below all phases, what the base has in common with
    the branches is asked for.
    """
    commits = read_history(repository, tips, [base])
    if not commits or not lies_below(commits):
        return commits
    common = repository.git.run("merge-base", "--all", base, *dict.fromkeys(tips), accept=(0, 1)).text.split()
    return read_history(repository, tips, [base, *map(CommitId, common)])


def lies_below(commits: Mapping[CommitId, Commit]) -> bool:
    """Whether a commit, all of whose parents are left out, is of no phase."""
    lowest = (commit for commit in commits.values() if not any(parent in commits for parent in commit.parents))
    return any(not read_trailers(commit.message) for commit in lowest)


def stands_on_remote(
    repository: Repository, commits: Mapping[CommitId, Commit], ours: CommitId, theirs: CommitId
) -> bool:
    """Whether a stack stands on commits of the base that only the remote has: a colleague put it there."""
    newer = repository.git.text("rev-list", theirs, f"^{ours}", "--").split()
    return not commits.keys().isdisjoint(newer)


def remade_phases(repository: Repository, made: Sequence[MadePhase], landings: Mapping[str, Landing]) -> frozenset[str]:
    """The phases that were made again after the base took them back: they stand on the revert."""
    found = set()
    for each in made:
        landing = landings.get(each.phase)
        revert = landing.reverted if landing is not None else None
        if revert is not None and repository.is_ancestor(revert.oid, each.tip.oid):
            found.add(each.phase)
    return frozenset(found)


def is_of_branch(plan: Plan, commit: Commit) -> bool:
    """Whether a commit is one of the plan's phases."""
    return any(trailers.migration == plan.name for trailers in read_trailers(commit.message))
