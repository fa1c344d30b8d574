"""Everything that git knows of a migration, read at once.

The state of the phases is computed from this and nothing else, so that looking costs half a dozen git processes
however long the stack is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migrate.errors import GitFailedError, MissingObjectError, RepositoryError
from migrate.git.history import Commit, absent, reachable, read_history
from migrate.git.objects import Oid
from migrate.git.process import decode
from migrate.git.refs import exactly, read_kinds_and_head, read_refs
from migrate.git.repository import Head, Repository
from migrate.git.shallow import reaches_end
from migrate.plan.model import Plan
from migrate.plan.names import Names, base_ref
from migrate.plan.other_plans import other_migrations
from migrate.plan.phase_source import PhaseSource
from migrate.stack import stragglers
from migrate.stack.conflict_state import Stopped, read_stopped
from migrate.stack.cut_short import with_journal
from migrate.stack.entries import read_entry, unfinished
from migrate.stack.former import (
    Orphan,
    looked_into,
    orphans_of,
    others_of,
    refs_of_former,
    refs_of_others,
    taken_over,
    unread_reverts,
    without_strangers,
)
from migrate.stack.landings import Landing, read_landings, with_reverts
from migrate.stack.same_change import Made, phases_made, same_changes, with_alone
from migrate.stack.strange_refs import UNREADABLE, StrangeRef, doubted, places, strange_refs, unreadable
from migrate.stack.told_landings import told_landings
from migrate.stack.trailers import read_trailers
from migrate.text import did_you_mean
from migrate.validation.receipts import Receipts, read_receipts


@dataclass(frozen=True)
class Snapshot:
    """The refs and commits of a migration at one moment."""

    base: Oid
    base_branch: str
    """The branch that it was read from: the plan's, or the remote's.

    That one where there is none here, or where what only the remote has is of this migration.
    """
    head: Head
    refs: Mapping[str, Oid]
    commits: Mapping[Oid, Commit]
    """What the phase branches hold beyond the base, here and on the remote."""
    receipts: Receipts
    landings: Mapping[str, Landing] = field(default_factory=dict)
    """By phase what the base says of it, where it landed or was taken back."""
    newer: Mapping[Oid, int] = field(default_factory=dict)
    """By commit of the base on which a branch stands how many commits the base has since."""
    remote_newer: int = 0
    """How many commits the base has on the remote that it lacks here, as far as this clone has heard."""
    remote_beside: int = 0
    """The same, where the base has others here that the remote lacks."""
    is_cut: bool = False
    """Whether the history of the base ends where a shallow clone does, above where the migration began."""
    ends: frozenset[Oid] = frozenset()
    """The commits of branches at which a shallow clone ends: what they changed and stand on is not here."""
    is_unfetched: bool = False
    """Whether this clone fetches other branches of the remote, and not those of phases."""
    outdated: frozenset[str] = frozenset()
    """The branches that are here as they once were on the remote, which has moved on."""
    remade: frozenset[str] = frozenset()
    """The phases that were made again after the base took them back."""
    made: Mapping[str, Commit] = field(default_factory=dict)
    """By phase the commit that running it made, where it is not part of the base."""
    arrived: tuple[str, ...] = ()
    """The files that commits of the base brought which are of no phase, once some phase has landed."""
    former: Mapping[str, Orphan] = field(default_factory=dict)
    """By phase the branch that it had under another name, where it has none under its own."""
    orphans: tuple[Orphan, ...] = ()
    """The other branches of this migration that no phase of the plan owns."""
    more_orphans: int = 0
    """How many of them there are besides, whose commits were not read: see `limits.py`."""
    stopped: Stopped | None = None
    """The conflict that a command stopped at."""
    contained: Mapping[Oid, Commit] = field(default_factory=dict)
    """The tips of phase branches that the base contains."""
    reverts: Mapping[Oid, Commit] = field(default_factory=dict)
    """What the branches that take phases back hold beyond the base."""
    base_trees: Mapping[Oid, Oid] = field(default_factory=dict)
    """The trees of the base and of its commits on which branches stand, where a receipt compares with one."""
    strange: tuple[StrangeRef, ...] = ()
    """Refs in the place of its own that are none of them."""
    withdrawn: frozenset[str] = frozenset()
    """The phases that were taken back here and that the remote still has as they were: as if it had none of them."""

    @property
    def stands_on_remote(self) -> bool:
        """Whether the base was read from the remote's branch."""
        return f"refs/heads/{self.base_branch}" not in self.refs

    def branch(self, name: str) -> Oid | None:
        """The tip of a local branch of the stack."""
        return self.refs.get(f"refs/heads/{name}")

    def base_tree(self, root: Oid | None) -> Oid | None:
        """The tree with which the stack is compared that stands on a commit; that of the base where it is not here."""
        below = self.commits.get(root or "")
        return below.tree if below is not None else self.base_trees.get(root or "", self.base_trees.get(self.base))

    def published(self, remote: str, name: str) -> Oid | None:
        """Where the remote had a branch when we last heard of it."""
        return self.refs.get(f"refs/remotes/{remote}/{name}")


def take(repository: Repository, plan: Plan, *, base: Oid | None = None, stopped: bool = True) -> Snapshot:
    """Read the state of a migration; without `stopped` the conflict at which a command stopped is not looked at.

    `base` is where the base branch is about to be. A branch of the remote that git cannot read is passed over.

    Raises `RepositoryError` when the base branch is nowhere or the repository has no commit.
    """
    try:
        return taken(repository, plan, base, stopped, frozenset())
    except MissingObjectError:
        raise
    except GitFailedError:
        refs = refs_of(repository, plan)[0]
        ground = base or refs.get(base_ref(refs, plan.base, plan.remote) or "", "")
        left_out = unreadable(repository, refs, f"refs/remotes/{plan.remote}/{plan.branch('')}", ground)
        if not left_out:
            raise
        return taken(repository, plan, base, stopped, left_out)


def taken(repository: Repository, plan: Plan, base: Oid | None, stopped: bool, left_out: frozenset[str]) -> Snapshot:
    """The same, without some refs that cannot be read."""
    names = Names(plan.name)
    everything, strange, head = refs_of(repository, plan)
    strange += tuple(StrangeRef(ref, everything[ref], UNREADABLE) for ref in sorted(left_out))
    everything = {ref: oid for ref, oid in everything.items() if ref not in left_out}
    withdrawn = withdrawn_phases(plan, everything)
    unread = unread_reverts(plan, everything)
    refs = {ref: oid for ref, oid in everything.items() if ref not in withdrawn and ref not in unread}
    branch = base_ref(refs, plan.base, plan.remote)
    if branch is None:
        raise no_base(repository, plan, head)
    branches = branches_of(plan, refs)
    made = {source.id: refs[ref] for source in plan.sources if (ref := names.made(source.id)) in refs}
    others = others_of(plan, refs)
    alive = other_migrations(repository, base or refs[branch], plan.path) if others else ()
    others = tuple(each for each in others if each.name.migration not in alive)
    refs |= exactly(repository, *(each.name.made for each in others))
    unowned = (*orphans_of(plan, refs), *others)
    orphans = looked_into(refs, unowned)
    elsewhere = (*(orphan.tip for orphan in orphans), *(refs[ref] for ref in refs_of_former(plan) if ref in refs))
    before = [refs[orphan.name.made] for orphan in orphans if orphan.name.made in refs]
    tips = [*dict.fromkeys((*branches, *made.values(), *elsewhere, *before))]
    stack = Read(repository, plan, refs, tips, made, orphans)
    ground = stack.on(branch, base or refs[branch])
    remote = f"refs/remotes/{plan.remote}/{plan.base}"
    remote_newer = remote_beside = 0
    if base is None and is_behind(repository, refs[branch], refs.get(remote)):
        there = stack.on(remote, refs[remote], keeps=False)
        if there.landings != ground.landings or stands_on(repository, ground.commits, refs[branch], refs[remote]):
            ground = there
        else:
            remote_newer = count_beyond(repository, refs[remote], refs[branch])
    elif base is None and refs.get(remote, refs[branch]) != refs[branch]:
        remote_beside = count_beyond(repository, refs[remote], refs[branch])
    base, commits, former = ground.base, ground.commits, ground.former
    receipts = read_receipts(repository, plan.name, refs.get(names.receipts))
    base_trees = (
        repository.objects.trees_of([*ground.newer, base]) if receipts.compare or receipts.has_signatures else {}
    )
    reverts = read_reverting(repository, plan, refs, base)
    known = {**commits, **reverts}
    trees = {*(commit.tree for commit in known.values()), *base_trees.values()}
    if receipts.has_signatures and head.commit is not None and head.commit not in known:
        trees.add(repository.tree_of(head.commit))
    return Snapshot(
        base=base,
        base_branch=ground.branch.removeprefix("refs/heads/").removeprefix("refs/remotes/"),
        head=head,
        refs=refs,
        commits=commits,
        landings=ground.landings,
        newer=ground.newer,
        remote_newer=remote_newer,
        remote_beside=remote_beside,
        is_cut=ground.is_cut or (remote in refs and reaches_end(repository, refs[remote], [base])),
        ends=ends_of(repository, commits),
        is_unfetched=is_unfetched(repository, plan, refs),
        outdated=outdated(repository, plan, refs, commits),
        remade=ground.remade,
        made=ground.made,
        former=former,
        orphans=with_archive(repository, names, without_strangers(plan, orphans, former), commits, base),
        more_orphans=len(unowned) - len(orphans) + len(unread),
        arrived=stragglers.arrivals(repository, base, refs.get(names.start), ground.landings.values()),
        stopped=read_stopped(repository, refs.get(names.stopped)) if stopped else None,
        receipts=with_signatures(repository, plan, base, receipts, trees),
        base_trees=base_trees,
        reverts=reverts,
        withdrawn=frozenset(withdrawn.values()),
        strange=(*strange, *(doubted(ref, oid) for ref, oid in ground.doubted.items())),
        contained=read_history(repository, [tip for tip in branches if tip not in commits], changes=False, walk=False),
    )


def with_signatures(
    repository: Repository, plan: Plan, base: Oid, receipts: Receipts, trees: Collection[Oid]
) -> Receipts:
    """Receipts with what the plan wants to be signed, and what the signatures on some trees are worth."""
    receipts = replace(receipts, wanted=plan.signed)
    if not receipts.has_signatures:
        return receipts
    from migrate.validation.signatures import check_signatures  # Seldom needed.

    allowed = signers_of(repository, plan, base)
    found = check_signatures(repository, plan.name, [*receipts.on(trees), *receipts.approvals()], allowed)
    return replace(receipts, signatures=found)


def signers_of(repository: Repository, plan: Plan, base: Oid) -> str | None:
    """The text of the plan's file of allowed signers as the base has it, not the branch that is approved.

    None where the plan names none; empty where the base has no such file, so that nobody may sign.
    """
    if plan.allowed_signers is None:
        return None
    entry = repository.objects.entries_of(base, [plan.allowed_signers]).get(plan.allowed_signers)
    if entry is None or not entry.is_text_candidate:
        return ""
    return decode(repository.objects.blob(entry.oid))


def refs_of(repository: Repository, plan: Plan) -> tuple[Mapping[str, Oid], tuple[StrangeRef, ...], Head]:
    """The refs of a migration, those in their place that are passed over, and HEAD: not the archive, which grows."""
    names = Names(plan.name)
    kinds, head = read_kinds_and_head(
        repository,
        f"refs/heads/{plan.branch_prefix}",
        f"refs/remotes/{plan.remote}/{plan.branch_prefix}",
        f"refs/heads/{plan.base}",
        f"refs/remotes/{plan.remote}/{plan.base}",
        names.synced(plan.remote, f"refs/heads/{plan.branch_prefix}"),
        *refs_of_former(plan),
        *refs_of_others(plan),
        *places(names),
    )
    strange = strange_refs(repository, names, kinds)
    left_out = {each.ref for each in strange}
    refs = {ref: oid for ref, (_, oid) in kinds.items() if ref not in left_out}
    return (as_intended(repository, names, refs) if names.intent in refs else refs), strange, head


def with_archive(
    repository: Repository, names: Names, orphans: Sequence[Orphan], commits: Mapping[Oid, Commit], base: Oid
) -> tuple[Orphan, ...]:
    """Branches of no phase, with whether the archive holds what each has beyond the base: one walk tells it of all."""
    tips = {orphan.tip for orphan in orphans} & commits.keys()
    if not tips:
        return tuple(orphans)
    asked = "".join(f"{line}\n" for line in (*tips, f"^{base}"))
    options = ("--ignore-missing", "--stdin", "--not", f"--glob={names.archive_prefix}*")
    listed = repository.git.run("rev-list", *options, stdin=asked.encode())
    held = tips.difference(listed.text.split("\n"))
    return tuple(replace(orphan, is_archived=orphan.tip in held) for orphan in orphans)


def read_reverting(repository: Repository, plan: Plan, refs: Mapping[str, Oid], base: Oid) -> dict[Oid, Commit]:
    """What the branches that take phases back hold beyond the base, here and on the remote."""
    folders = tuple(place + plan.branch("revert-") for place in ("refs/heads/", f"refs/remotes/{plan.remote}/"))
    tips = [oid for ref, oid in refs.items() if ref.startswith(folders)]
    return read_history(repository, tips, [base], changes=False) if tips else {}


def withdrawn_phases(plan: Plan, refs: Mapping[str, Oid]) -> dict[str, str]:
    """By remote-tracking branch the phase that was taken back here, where the remote still has it as it was."""
    names = Names(plan.name)
    tracked = {f"refs/remotes/{plan.remote}/{plan.branch(source.id)}": source.id for source in plan.sources}
    return {
        ref: phase for ref, phase in tracked.items() if ref in refs and refs[ref] == refs.get(names.withdrawn(phase))
    }


def branches_of(plan: Plan, refs: Mapping[str, Oid], *sources: PhaseSource) -> list[Oid]:
    """The tips of the branches of phases, here and on the remote: of all when none is named."""
    places = ("refs/heads/", f"refs/remotes/{plan.remote}/")
    found = (refs.get(place + plan.branch(source.id)) for source in sources or plan.sources for place in places)
    return list(dict.fromkeys(oid for oid in found if oid is not None))


def read_beyond(repository: Repository, tips: Sequence[Oid], base: Oid) -> dict[Oid, Commit]:
    """What some commits hold beyond the base.

    Where clocks were wrong git takes commits of the base for others: it walks by their dates and stops too early
    (`still_interesting` in its revision.c). So where something lies below all phases, what the base has in common with
    the branches is asked for.
    """
    commits = read_history(repository, tips, [base])
    if not commits or not lies_below(commits):
        return commits
    common = repository.git.run("merge-base", "--all", base, *dict.fromkeys(tips), accept=(0, 1)).text.split()
    return read_history(repository, tips, [base, *common])


def lies_below(commits: Mapping[Oid, Commit]) -> bool:
    """Whether a commit, all of whose parents are left out, is of no phase."""
    lowest = (commit for commit in commits.values() if not any(parent in commits for parent in commit.parents))
    return any(not read_trailers(commit.message) for commit in lowest)


@dataclass(frozen=True)
class Ground:
    """A commit of the base, and what can be said of the phases as seen from there."""

    branch: str
    base: Oid
    commits: Mapping[Oid, Commit]
    made: Mapping[str, Commit]
    former: Mapping[str, Orphan]
    newer: Mapping[Oid, int]
    landings: Mapping[str, Landing]
    remade: frozenset[str]
    is_cut: bool
    doubted: Mapping[str, Oid]


@dataclass(frozen=True)
class Read:
    """The refs of a migration, before it is known on which base to look at them."""

    repository: Repository
    plan: Plan
    refs: Mapping[str, Oid]
    tips: Sequence[Oid]
    made: Mapping[str, Oid]
    orphans: tuple[Orphan, ...]

    def on(self, branch: str, base: Oid, *, keeps: bool = True) -> Ground:
        """What they say on a commit of the base, which a branch names."""
        repository, plan, refs = self.repository, self.plan, self.refs
        commits = read_beyond(repository, self.tips, base)
        former = taken_over(plan, refs, commits, self.orphans)
        own = {phase: refs[orphan.name.made] for phase, orphan in former.items() if orphan.name.made in refs}
        made = {phase: commits[oid] for phase, oid in {**self.made, **own}.items() if oid in commits}
        newer = newer_commits(repository, plan, commits, base)
        said = read_landings(repository, plan.name, base, keeps=keeps)
        tips = {source.id: branches_of(plan, refs, source) for source in plan.sources}
        phases = phases_made(plan.name, tips, commits, made)
        everything = with_alone(plan.name, phases, commits, made)
        told = told_landings(repository, Names(plan.name), refs, commits, everything, base)
        landings = with_reverts(repository, base, told.landings) | said
        again = remade(repository, phases, landings)
        if any(newer.values()):
            unsaid = [each for each in phases if each.phase not in landings or each.phase in again]
            landings |= with_reverts(repository, base, same_changes(repository, base, unsaid))
        is_cut = self.is_cut(base, newer)
        return Ground(branch, base, commits, made, former, newer, landings, again, is_cut, told.doubted)

    def is_cut(self, base: Oid, roots: Collection[Oid]) -> bool:
        """Whether what landed may be older than the history that is here; `roots` is what the stack stands on."""
        start = self.refs.get(Names(self.plan.name).start)
        known = ([start] if start is not None else [], *([root] for root in roots))
        return any(reaches_end(self.repository, base, oids) for oids in known)


def newer_commits(repository: Repository, plan: Plan, commits: Mapping[Oid, Commit], base: Oid) -> dict[Oid, int]:
    """By commit of the base on which a phase stands, how many commits the base has since."""
    below = {
        commit.parents[0]
        for commit in commits.values()
        if commit.parents and commit.parents[0] not in commits and is_of(plan, commit)
    }
    return {oid: count_beyond(repository, base, oid) if oid != base else 0 for oid in below}


def count_beyond(repository: Repository, newer: Oid, older: Oid) -> int:
    """How many commits one commit has that another lacks; none where the other is not here, as in a shallow clone."""
    counted = repository.git.run("rev-list", "--count", newer, f"^{older}", "--", accept=(0, 128))
    return int(counted.text) if counted.code == 0 else 0


def outdated(
    repository: Repository, plan: Plan, refs: Mapping[str, Oid], commits: Mapping[Oid, Commit]
) -> frozenset[str]:
    """The branches that are here as they once were on the remote, which has moved on: nobody worked on them here."""
    names = Names(plan.name)
    found = set()
    for source in plan.sources:
        branch = plan.branch(source.id)
        tracking = f"refs/remotes/{plan.remote}/{branch}"
        ours, theirs = refs.get(f"refs/heads/{branch}"), refs.get(tracking)
        if ours is None or theirs is None or ours == theirs:
            continue
        known = refs.get(names.synced(plan.remote, f"refs/heads/{branch}")) == ours
        if known or ours in reachable(commits, theirs) or was_once(repository, tracking, ours):
            found.add(branch)
    return frozenset(found)


def was_once(repository: Repository, ref: str, oid: Oid) -> bool:
    """Whether a ref named a commit before, as its reflog says."""
    told = repository.git.run("log", "--walk-reflogs", "--format=%H", ref, "--", accept=(0, 128))
    return oid in told.text.split()


def is_behind(repository: Repository, ours: Oid, theirs: Oid | None) -> bool:
    """Whether the base of the remote contains ours and more."""
    return theirs is not None and theirs != ours and repository.is_ancestor(ours, theirs)


def stands_on(repository: Repository, commits: Mapping[Oid, Commit], ours: Oid, theirs: Oid) -> bool:
    """Whether a stack stands on commits of the base that only the remote has: a colleague put it there."""
    newer = repository.git.text("rev-list", theirs, f"^{ours}", "--").split()
    return not commits.keys().isdisjoint(newer)


def ends_of(repository: Repository, commits: Mapping[Oid, Commit]) -> frozenset[Oid]:
    """The commits at which a shallow clone ends, so that what they stand on is not here."""
    at = {oid: commits[oid].parents for oid in repository.shallow & commits.keys()}
    missing = absent(repository, {parent for parents in at.values() for parent in parents}) if at else frozenset()
    return frozenset(oid for oid, parents in at.items() if not missing.isdisjoint(parents))


def is_unfetched(repository: Repository, plan: Plan, refs: Mapping[str, Oid]) -> bool:
    """Whether a fetch brings branches of the remote, but not those of phases, and no sync brought them."""
    tracked, synced = f"refs/remotes/{plan.remote}/", Names(plan.name).synced(plan.remote, "refs/heads/")
    if not any(ref.startswith(tracked) for ref in refs) or any(ref.startswith(synced) for ref in refs):
        return False
    sources = repository.fetched(plan.remote)
    folder = f"refs/heads/{plan.branch('')}"
    return bool(sources) and not any(
        each.endswith("*") and folder.startswith(each.removesuffix("*")) for each in sources
    )


def as_intended(repository: Repository, names: Names, refs: Mapping[str, Oid]) -> dict[str, Oid]:
    """The refs as they are after an operation that was killed when it had moved some of them."""
    entry = with_journal(names, read_entry(repository, names, refs[names.intent]))
    found = unfinished(entry, exactly(repository, *(update.ref for update in entry.refs)))
    intended = {update.ref: update.new for update in found.left} if found.moved else {}
    return {ref: oid for ref, oid in {**refs, **intended}.items() if oid is not None}


def remade(repository: Repository, made: Sequence[Made], landings: Mapping[str, Landing]) -> frozenset[str]:
    """The phases that were made again after the base took them back: they stand on the revert."""
    found = set()
    for each in made:
        landing = landings.get(each.phase)
        revert = landing.reverted if landing is not None else None
        if revert is not None and repository.is_ancestor(revert.oid, each.tip.oid):
            found.add(each.phase)
    return frozenset(found)


def is_of(plan: Plan, commit: Commit) -> bool:
    """Whether a commit is one of the plan's phases."""
    return any(trailers.migration == plan.name for trailers in read_trailers(commit.message))


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
