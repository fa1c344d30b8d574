"""Everything that git knows of a migration, read at once.

The state of the phases is computed from this and nothing else, so that looking costs half a dozen git processes
however long the stack is.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from migrate.errors import GitFailedError, MissingObjectError
from migrate.git.history import Commit, absent, commit_at, read_history
from migrate.git.objects import CommitId, TreeId
from migrate.git.refs import RefUpdate, exactly
from migrate.git.repository import Head, Repository
from migrate.git.shallow import reaches_end
from migrate.plan.model import Plan
from migrate.plan.names import RefNames, base_ref
from migrate.plan.other_plans import other_migrations
from migrate.stack import stragglers
from migrate.stack.conflict_state import PendingConflict, read_pending_conflict
from migrate.stack.former import (
    OrphanBranch,
    looked_into,
    orphans_of,
    others_of,
    refs_of_former,
    without_strangers,
)
from migrate.stack.ground import NOTHING_WALKED, GroundReader, Walked, phase_refs
from migrate.stack.landings import Landing
from migrate.stack.own_refs import ListedRefs, readable_refs, refs_of_migration
from migrate.stack.remote_view import is_unfetched, outdated
from migrate.stack.strange_refs import UNREADABLE, StrangeRef, doubted_refs, unreadable_refs
from migrate.text import decode
from migrate.validation.receipts import Receipts, read_receipts


@dataclass(frozen=True)
class Snapshot:
    """The refs and commits of a migration at one moment."""

    base: CommitId
    base_branch: str
    """The branch that it was read from: the plan's, or the remote's.

    That one where there is none here, or where what only the remote has is of this migration.
    """
    head: Head
    refs: Mapping[str, CommitId]
    commits: Mapping[CommitId, Commit]
    """What the phase branches hold beyond the base, here and on the remote."""
    receipts: Receipts
    landings: Mapping[str, Landing] = field(default_factory=dict)
    """By phase what the base says of it, where it landed or was taken back."""
    newer: Mapping[CommitId, int] = field(default_factory=dict)
    """By commit of the base on which a branch stands how many commits the base has since."""
    remote_newer: int = 0
    """How many commits the base has on the remote that it lacks here, as far as this clone has heard."""
    remote_beside: int = 0
    """The same, where the base has others here that the remote lacks."""
    is_cut: bool = False
    """Whether the history of the base ends where a shallow clone does, above where the migration began."""
    ends: frozenset[CommitId] = frozenset()
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
    former: Mapping[str, OrphanBranch] = field(default_factory=dict)
    """By phase the branch that it had under another name, where it has none under its own."""
    orphans: tuple[OrphanBranch, ...] = ()
    """The other branches of this migration that no phase of the plan owns."""
    more_orphans: int = 0
    """How many of them there are besides, whose commits were not read: see `limits.py`."""
    pending_conflict: PendingConflict | None = None
    """The conflict that a command stopped at."""
    contained: Mapping[CommitId, Commit] = field(default_factory=dict)
    """The tips of phase branches that the base contains."""
    reverts: Mapping[CommitId, Commit] = field(default_factory=dict)
    """What the branches that take phases back hold beyond the base."""
    base_trees: Mapping[CommitId, TreeId] = field(default_factory=dict)
    """The trees of the base and of its commits on which branches stand, where a receipt compares with one."""
    strange: tuple[StrangeRef, ...] = ()
    """Refs in the place of its own that are none of them."""
    withdrawn: frozenset[str] = frozenset()
    """The phases that were taken back here and that the remote still has as they were: as if it had none of them."""

    listed: ListedRefs | None = None
    """What it was computed from."""
    walked: Walked = NOTHING_WALKED
    """The walk from the branches down to the base."""

    @property
    def stands_on_remote(self) -> bool:
        """Whether the base was read from the remote's branch."""
        return f"refs/heads/{self.base_branch}" not in self.refs

    def branch(self, name: str) -> CommitId | None:
        """The tip of a local branch of the stack."""
        return self.refs.get(f"refs/heads/{name}")

    def base_tree(self, root: CommitId | None) -> TreeId | None:
        """The tree with which the stack is compared that stands on a commit; that of the base where it is not here."""
        below = commit_at(self.commits, root)
        if below is not None:
            return below.tree
        there = self.base_trees.get(root) if root is not None else None
        return there or self.base_trees.get(self.base)

    def published(self, remote: str, name: str) -> CommitId | None:
        """Where the remote had a branch when we last heard of it."""
        return self.refs.get(f"refs/remotes/{remote}/{name}")


def take_snapshot(
    repository: Repository,
    plan: Plan,
    *,
    base: CommitId | None = None,
    pending_conflict: bool = True,
    before: Snapshot | None = None,
    receipts: Receipts | None = None,
) -> Snapshot:
    """Read the state of a migration; without `pending_conflict` the conflict at which a command stopped is not read.

    `base` is where the base branch is about to be. `before` is a snapshot of this command: the refs are read anew, and
    of what they name only what is new. `receipts` are those that this command wrote last. A branch of the remote that
    git cannot read is passed over.

    Raises `RepositoryError` when the base branch is nowhere or the repository has no commit.
    """
    listed = refs_of_migration(repository, plan)
    try:
        return snapshot_of(repository, plan, listed, base, pending_conflict, before=before, receipts=receipts)
    except MissingObjectError:
        raise
    except GitFailedError:
        refs = listed.refs
        named = base_ref(refs, plan.base, plan.remote)
        ground = base or (refs[named] if named is not None else None)
        if ground is None:
            raise
        left_out = unreadable_refs(repository, refs, f"refs/remotes/{plan.remote}/{plan.branch('')}", ground)
        if not left_out:
            raise
        return snapshot_of(repository, plan, listed, base, pending_conflict, left_out)


def snapshot_after(repository: Repository, plan: Plan, before: Snapshot, moved: Iterable[RefUpdate]) -> Snapshot:
    """The state right after this command moved some refs of a snapshot, from what is known.

    What others moved meanwhile the next look sees, and a transaction that expects the old value.
    """
    names = RefNames(plan.name)
    updates = {each.ref: each.new for each in moved if not each.ref.startswith(names.archive_prefix)}
    is_plain = before.listed is not None and not any(each.why == UNREADABLE for each in before.strange)
    if before.listed is None or not is_plain or f"refs/heads/{before.head.branch}" in updates:
        return take_snapshot(repository, plan, before=before)
    refs = {**before.listed.refs, **updates}
    listed = before.listed._replace(refs={ref: oid for ref, oid in refs.items() if oid is not None})
    return snapshot_of(repository, plan, listed, None, pending_conflict=True, before=before)


def snapshot_of(
    repository: Repository,
    plan: Plan,
    listed: ListedRefs,
    base: CommitId | None,
    pending_conflict: bool,
    left_out: frozenset[str] = frozenset(),
    *,
    before: Snapshot | None = None,
    receipts: Receipts | None = None,
) -> Snapshot:
    """The snapshot of the listed refs, without `left_out`, which cannot be read."""
    names = RefNames(plan.name)
    read = readable_refs(repository, plan, listed, left_out)
    refs, head, branch = read.refs, read.head, read.base_branch
    made = {source.id: refs[ref] for source in plan.sources if (ref := names.made(source.id)) in refs}
    others = others_without_plan(repository, plan, refs, lambda: base or refs[branch])
    refs |= exactly(repository, *(each.name.made for each in others))
    unowned = (*orphans_of(plan, refs), *others)
    orphans = looked_into(refs, unowned)
    branches = phase_refs(plan, refs)
    tips = [*dict.fromkeys((*branches, *made.values(), *tips_beside_phases(plan, refs, orphans)))]
    walked = before.walked if before is not None else NOTHING_WALKED
    ground, remote_newer, remote_beside = GroundReader(
        repository, plan, refs, tips, made, orphans, walked
    ).beside_remote(branch, base)
    base, commits, former = ground.base, ground.commits, ground.former
    reverts = read_reverting(repository, plan, refs, base)
    known = {**commits, **reverts}
    below = repository.objects.trees_of([*ground.newer, base])
    trees = {*(commit.tree for commit in known.values()), *below.values(), *tree_of_head(repository, head, known)}
    receipts = known_receipts(repository, plan, refs.get(names.receipts), trees, receipts, before)
    base_trees = below if receipts.compare or receipts.has_signatures else {}
    remote = refs.get(f"refs/remotes/{plan.remote}/{plan.base}")
    waiting = refs.get(names.pending_conflict) if pending_conflict else None
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
        is_cut=ground.is_cut or (remote is not None and reaches_end(repository, remote, [base])),
        ends=ends_of(repository, commits),
        is_unfetched=is_unfetched(repository, plan, refs),
        outdated=outdated(repository, plan, refs, commits),
        remade=ground.remade,
        made=ground.made,
        former=former,
        orphans=with_archive(repository, names, without_strangers(plan, orphans, former), commits, base),
        more_orphans=len(unowned) - len(orphans) + len(read.unread),
        arrived=stragglers.arrivals(repository, base, refs.get(names.start), ground.landings.values()),
        pending_conflict=read_pending_conflict(repository, waiting),
        receipts=with_signatures(repository, plan, base, receipts, trees),
        base_trees=base_trees,
        reverts=reverts,
        withdrawn=frozenset(read.withdrawn.values()),
        strange=(*read.strange, *(doubted_refs(ref, oid) for ref, oid in ground.doubted.items())),
        listed=listed,
        walked=ground.walked,
        contained=read_history(repository, [tip for tip in branches if tip not in commits], changes=False, walk=False),
    )


def others_without_plan(
    repository: Repository, plan: Plan, refs: Mapping[str, CommitId], base: Callable[[], CommitId]
) -> tuple[OrphanBranch, ...]:
    """The branches of other migrations whose plans are no longer in the base."""
    others = others_of(plan, refs)
    alive = other_migrations(repository, base(), plan.path) if others else ()
    return tuple(each for each in others if each.name.migration not in alive)


def tips_beside_phases(plan: Plan, refs: Mapping[str, CommitId], orphans: Sequence[OrphanBranch]) -> Iterator[CommitId]:
    """The commits to read beside the phases' own: of orphans, of former names, and what those phases made."""
    yield from (orphan.tip for orphan in orphans)
    yield from (refs[ref] for ref in refs_of_former(plan) if ref in refs)
    yield from (refs[orphan.name.made] for orphan in orphans if orphan.name.made in refs)


def tree_of_head(repository: Repository, head: Head, known: Collection[CommitId]) -> Collection[TreeId]:
    """The tree of HEAD where its commit is not among those that are known; none otherwise."""
    if head.commit is None or head.commit in known:
        return ()
    return repository.objects.trees_of([head.commit]).values()


def known_receipts(
    repository: Repository,
    plan: Plan,
    tip: CommitId | None,
    trees: Collection[TreeId],
    written: Receipts | None,
    before: Snapshot | None,
) -> Receipts:
    """The receipts of a notes commit on some trees: those that were written or read before where they are of it."""
    known = (written, before.receipts if before is not None else None)
    found = next((each for each in known if each is not None and each.tip == tip and not each.unwritten), None)
    return found if found is not None else read_receipts(repository, plan.name, tip, trees)


def with_signatures(
    repository: Repository, plan: Plan, base: CommitId, receipts: Receipts, trees: Collection[TreeId]
) -> Receipts:
    """Receipts with what the plan wants to be signed, and what the signatures on some trees are worth."""
    receipts = replace(receipts, wanted=plan.signed)
    if not receipts.has_signatures:
        return receipts
    from migrate.validation.signatures import check_signatures  # Seldom needed.

    allowed = signers_of(repository, plan, base)
    found = check_signatures(repository, plan.name, [*receipts.on(trees), *receipts.approvals()], allowed)
    return replace(receipts, signatures=found)


def signers_of(repository: Repository, plan: Plan, base: CommitId) -> str | None:
    """The text of the plan's file of allowed signers as the base has it, not the branch that is approved.

    None where the plan names none; empty where the base has no such file, so that nobody may sign.
    """
    if plan.allowed_signers is None:
        return None
    entry = repository.objects.entries_of(base, [plan.allowed_signers]).get(plan.allowed_signers)
    if entry is None or not entry.is_text_candidate:
        return ""
    return decode(repository.objects.blob(entry.oid))


def with_archive(
    repository: Repository,
    names: RefNames,
    orphans: Sequence[OrphanBranch],
    commits: Mapping[CommitId, Commit],
    base: CommitId,
) -> tuple[OrphanBranch, ...]:
    """Branches of no phase, with whether the archive holds what each has beyond the base: one walk tells it of all."""
    tips = {orphan.tip for orphan in orphans} & commits.keys()
    if not tips:
        return tuple(orphans)
    asked = "".join(f"{line}\n" for line in (*tips, f"^{base}"))
    options = ("--ignore-missing", "--stdin", "--not", f"--glob={names.archive_prefix}*")
    listed = repository.git.run("rev-list", *options, stdin=asked.encode())
    held = tips.difference(listed.text.split("\n"))
    return tuple(replace(orphan, is_archived=orphan.tip in held) for orphan in orphans)


def read_reverting(
    repository: Repository, plan: Plan, refs: Mapping[str, CommitId], base: CommitId
) -> dict[CommitId, Commit]:
    """What the branches that take phases back hold beyond the base, here and on the remote."""
    folders = tuple(place + plan.branch("revert-") for place in ("refs/heads/", f"refs/remotes/{plan.remote}/"))
    tips = [oid for ref, oid in refs.items() if ref.startswith(folders)]
    return read_history(repository, tips, [base], changes=False) if tips else {}


def ends_of(repository: Repository, commits: Mapping[CommitId, Commit]) -> frozenset[CommitId]:
    """The commits at which a shallow clone ends, so that what they stand on is not here."""
    at = {oid: commits[oid].parents for oid in repository.shallow & commits.keys()}
    missing = absent(repository, {parent for parents in at.values() for parent in parents}) if at else frozenset()
    return frozenset(oid for oid, parents in at.items() if not missing.isdisjoint(parents))
