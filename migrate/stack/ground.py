"""The base as a stack is seen from it: what has landed, what was taken back, how far the base has gone on."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from migrate.git.history import Commit, reachable, read_history, written_commits
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
    walked: Walked


class Walked(NamedTuple):
    """A walk from some commits down to the base: what it found."""

    base: CommitId
    tips: frozenset[CommitId]
    commits: Mapping[CommitId, Commit]


NOTHING_WALKED = Walked(CommitId(""), frozenset(), {})


@dataclass(frozen=True)
class GroundReader:
    """The refs of a migration, before it is known on which base to look at them."""

    repository: Repository
    plan: Plan
    refs: Mapping[str, CommitId]
    tips: Sequence[CommitId]
    made: Mapping[str, CommitId]
    orphans: tuple[OrphanBranch, ...]
    walked: Walked = NOTHING_WALKED
    """What an earlier look of this command found."""

    def beyond(self, base: CommitId) -> Walked:
        """What the branches hold beyond a commit of the base."""
        commits = grown(self.walked, self.tips, base, written_commits(self.repository))
        if commits is None:
            commits = read_beyond(self.repository, self.tips, base)
        return Walked(base, frozenset(self.tips), commits)

    def on(self, branch: str, walked: Walked, *, is_remote: bool = False) -> Ground:
        """What they say on a commit of the base, which a branch names, here or on the remote."""
        repository, plan, refs = self.repository, self.plan, self.refs
        base, commits = walked.base, walked.commits
        former = taken_over(plan, refs, commits, self.orphans)
        own = {phase: refs[orphan.name.made] for phase, orphan in former.items() if orphan.name.made in refs}
        made = {phase: commits[oid] for phase, oid in {**self.made, **own}.items() if oid in commits}
        newer = read_newer_commits(repository, plan, commits, base)
        said = read_landings(repository, plan.name, base, seen_from="remote" if is_remote else "")
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
        return Ground(
            branch,
            base,
            commits,
            made,
            former,
            newer,
            landings,
            again,
            is_cut,
            told.doubted,
            Walked(base, frozenset(self.tips), commits),
        )

    def beside_remote(self, branch: str, base: CommitId | None) -> tuple[Ground, int, int]:
        """What they say on the base that a branch names, or on the remote's, where the stack belongs there.

        So it does where it stands on what only the remote has of the base, or where more has landed as seen from there.
        Also how many commits the remote has that the branch lacks, and how many where each has some of its own; both
        are 0 where the base is about to be elsewhere.
        """
        repository, plan, refs = self.repository, self.plan, self.refs
        remote, ours = f"refs/remotes/{plan.remote}/{plan.base}", base or refs[branch]
        theirs = refs.get(remote)
        if base is not None or theirs is None or theirs == ours:
            return self.on(branch, self.beyond(ours)), 0, 0
        if not repository.is_ancestor(ours, theirs):
            return self.on(branch, self.beyond(ours)), 0, count_beyond(repository, theirs, ours)
        # Of what only the remote has of the base nothing is read: that may be years of it.
        walked = self.beyond(theirs)
        there = self.on(remote, walked, is_remote=True)
        if stands_on_remote(repository, walked, ours):
            return there, 0, 0
        here = self.on(branch, Walked(ours, walked.tips, walked.commits))
        return (there, 0, 0) if there.landings != here.landings else (here, count_beyond(repository, theirs, ours), 0)

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
    options = ("--count", newer, f"^{older}", "--")
    counted = repository.git.ask("rev-list", *options, about=[newer, older], accept=(0, 128))
    return int(counted.text) if counted.code == 0 else 0


def phase_refs(plan: Plan, refs: Mapping[str, CommitId], *sources: PhaseSource) -> list[CommitId]:
    """The tips of the branches of phases, here and on the remote: of all when none is named."""
    places = ("refs/heads/", f"refs/remotes/{plan.remote}/")
    found = (refs.get(place + plan.branch(source.id)) for source in sources or plan.sources for place in places)
    return list(dict.fromkeys(oid for oid in found if oid is not None))


def grown(
    walked: Walked, tips: Sequence[CommitId], base: CommitId, written: Mapping[CommitId, Commit]
) -> dict[CommitId, Commit] | None:
    """What some commits hold beyond the base, newest first, where an earlier walk and what was written since tell it.

    None where git must be asked.
    """
    if walked.base != base:
        return None
    new: dict[CommitId, Commit] = {}
    for tip in tips:
        oid, line = tip, dict[CommitId, Commit]()
        while oid != base and not any(oid in known for known in (walked.commits, walked.tips, new)):
            if oid not in written or len(written[oid].parents) != 1:
                return None
            line[oid] = written[oid]
            oid = written[oid].parents[0]
        new = {**line, **new}
    known = {**new, **walked.commits}
    held = reachable(known, *tips)
    return {oid: commit for oid, commit in known.items() if oid in held}


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


def stands_on_remote(repository: Repository, walked: Walked, ours: CommitId) -> bool:
    """Whether a stack stands on commits of the base that only the remote has: a colleague put it there.

    `walked` is what the stack holds beyond the base of the remote.
    """
    commits = walked.commits
    below = {parent for commit in commits.values() for parent in commit.parents if parent not in commits}
    below |= walked.tips - commits.keys()
    asked = "".join(f"{line}\n" for line in (*below, f"^{ours}"))
    options = ("--max-count=1", "--ignore-missing", "--stdin")
    if not below:
        return False
    # With --ignore-missing what is missing now may come: that is asked again.
    about = (*below, ours) if all(repository.objects.reader.about([*below, ours])) else options
    return bool(repository.git.ask("rev-list", *options, about=about, stdin=asked.encode()).stdout)


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
