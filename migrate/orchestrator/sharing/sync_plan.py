"""What a sync takes from a remote and gives to it, decided before anything moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache

from migrate.git.notes import read_notes, write_notes
from migrate.git.objects import CommitId
from migrate.git.paths import folders_of_paths, parents
from migrate.git.refs import RefUpdate, exactly, read_refs
from migrate.git.writer import CommitWriter, commit_identity
from migrate.journal.record import Operation, archived_updates, next_number
from migrate.orchestrator.prune import kept_here, pruned
from migrate.orchestrator.sharing.adoption import adopted
from migrate.orchestrator.sharing.held_back import held_back_branches, taken_back_by_others
from migrate.orchestrator.sharing.ref_values import (
    Contains,
    RefAction,
    RefDecision,
    RefRole,
    RefValues,
    decide_refs,
    last_common_value,
)
from migrate.orchestrator.sharing.remote_state import RemoteState, read_ref_values, unrelated_refs
from migrate.stack.entries import EntryKind, JournalEntry, NewerJournalError, read_journal
from migrate.stack.own_entries import read_both
from migrate.stack.phase_state import State
from migrate.stack.project import Context, Project
from migrate.validation.merge import merged_notes

TAKEN = (RefAction.TAKE, RefAction.ADOPT)
"""What comes from the remote."""


@dataclass(frozen=True)
class Journals:
    """Both journals, and the entries of each that the other side does not have; oldest first."""

    remote_tip: CommitId | None
    local_entries: tuple[JournalEntry, ...] = ()
    own_entries: tuple[JournalEntry, ...] = ()
    """Those of `local_entries` that record what was done in this clone."""
    remote_entries: tuple[JournalEntry, ...] = ()
    to_take: tuple[JournalEntry, ...] = ()
    to_push: tuple[JournalEntry, ...] = ()


@dataclass(frozen=True)
class SyncPlan:
    """What a sync does. `merged` is the commit with the receipts of both sides."""

    remote: str
    decisions: tuple[RefDecision, ...]
    journals: Journals
    operation: Operation | None
    """What moves here, and is told; None when nothing does."""
    silent: tuple[RefUpdate, ...]
    """What moves here besides."""
    merged: CommitId | None
    archive: int
    """How many refs of the archive are to be pushed."""
    pruned: Mapping[str, CommitId]
    """The refs of the archive that are to be deleted on the remote."""
    unrelated: tuple[str, ...]
    rewritten: frozenset[str]
    """What is pushed and does not contain what the remote has."""
    along: int
    """How many commits of the base the remote's base lacks, and get there inside the branches."""

    def having(self, *actions: RefAction, role: RefRole | None = None) -> tuple[RefDecision, ...]:
        """The decisions with one of some actions."""
        return tuple(d for d in self.decisions if d.action in actions and role in (None, d.ref_values.role))

    @property
    def gives(self) -> bool:
        """Whether there is something to push: more than what a sync itself wrote down."""
        news = any(not entry.kind.is_no_news for entry in self.journals.to_push)
        return news or bool(self.having(RefAction.PUSH, RefAction.MERGE, RefAction.DELETE)) or bool(self.pruned)

    @property
    def takes(self) -> bool:
        """Whether something comes from the remote."""
        return self.operation is not None


def plan_sync(context: Context, remote_state: RemoteState, *, allow_failed: bool = False) -> SyncPlan:
    """What a sync does now; with `allow_failed` phases that failed are pushed, too. No ref moves."""
    project, stack = context.project, context.stack
    plan, names, repository = project.plan, project.names, project.repository
    journals = both_journals(context, remote_state)
    over = {p.id: str(p.state) for p in stack if p.state in (State.LANDED, State.MERGED, State.REVERTED)}
    withdrawn = taken_back_by_others(names, (*journals.local_entries, *journals.to_take), journals.own_entries)
    ref_values = read_ref_values(context, remote_state, over, withdrawn, journals.to_take)
    contains = cache(lambda new, old: repository.is_ancestor(old, new))
    decisions = decide_refs(ref_values, contains, journals.own_entries, journals.remote_entries, remote_state.base)
    decisions = held_back_branches(stack, adopted(project, decisions), allow_failed=allow_failed)
    decisions, merged = with_merged_receipts(project, decisions, journals, contains)
    dropped, kept = pruned(names, (*journals.local_entries, *journals.to_take)), kept_here(names, journals.own_entries)
    archive = {
        ref: oid for ref, oid in read_refs(repository, names.archive_prefix).items() if (ref, oid) not in dropped
    }
    replaced = [
        RefUpdate(ref, archive[ref], oid)
        for ref, oid in remote_state.refs.items()
        if ref.startswith(names.archive_prefix) and archive.get(ref, oid) != oid and (ref, oid) not in dropped
    ]
    updates = [*local_updates(decisions, merged), *replaced]
    operation = None
    if updates or journals.to_take:
        theirs = journals.remote_tip if journals.to_take else None
        operation = Operation(f"sync with {plan.remote}", tuple(updates), EntryKind.SYNC, theirs=theirs)
    number = next_number(repository, context.snapshot, names, journals.remote_tip)
    to_archive = archived_updates(names, number, updates, plan.branch_prefix)
    return SyncPlan(
        plan.remote,
        decisions,
        journals,
        operation,
        silent=(
            *silent_updates(project, remote_state, decisions),
            *archive_updates(project, remote_state, dropped, kept),
        ),
        merged=merged,
        archive=len(archive.keys() - remote_state.refs.keys()) + len(to_archive),
        pruned={ref: oid for ref, oid in remote_state.refs.items() if (ref, oid) in dropped},
        unrelated=unrelated_refs(ref_values, remote_state),
        rewritten=frozenset(
            d.ref for d in decisions if d.action is RefAction.PUSH and not is_forward(d.ref_values, contains)
        ),
        along=refs_along(context, remote_state, decisions),
    )


def is_forward(ref_values: RefValues, contains: Contains) -> bool:
    """Whether pushing ours leaves out nothing that the remote has."""
    return ref_values.remote is None or (ref_values.local is not None and contains(ref_values.local, ref_values.remote))


def refs_along(context: Context, remote_state: RemoteState, decisions: Sequence[RefDecision]) -> int:
    """How many commits of the base the remote's base does not have, when branches are pushed that stand on them."""
    pushed = [
        d.ref_values.local for d in decisions if d.action is RefAction.PUSH and d.ref_values.role is RefRole.BRANCH
    ]
    base = context.snapshot.branch(context.project.plan.base)
    if not any(pushed) or base in (None, remote_state.base):
        return 0
    there = [f"^{remote_state.base}"] if remote_state.base is not None else []

    def count(*tips: CommitId | None) -> int:
        return int(context.project.repository.git.text("rev-list", "--count", *filter(None, tips), *there, "--"))

    return count(base) + count(*pushed) - count(base, *pushed)


def both_journals(context: Context, remote_state: RemoteState) -> Journals:
    """Both journals. Raises `NewerJournalError` when a newer program wrote one of them."""
    project = context.project
    names = project.names
    local, remote = context.snapshot.refs.get(names.journal), remote_state.refs.get(names.journal)
    here, own = read_both(project.repository, names, local)
    try:
        there = read_journal(project.repository, names, remote)
    except NewerJournalError as error:
        raise NewerJournalError(f"on {project.plan.remote} {error.message}", advice=error.advice) from None
    both = {entry.oid for entry in here} & {entry.oid for entry in there}
    to_take = tuple(entry for entry in there if entry.oid not in both)
    to_push = tuple(entry for entry in here if entry.oid not in both)
    return Journals(remote, tuple(here), tuple(own), tuple(there), to_take, to_push)


def with_merged_receipts(
    project: Project, decisions: Sequence[RefDecision], journals: Journals, contains: Contains
) -> tuple[tuple[RefDecision, ...], CommitId | None]:
    """The decisions where both sides have receipts of their own, and the notes that hold both; no ref moves."""
    repository = project.repository
    found: list[RefDecision] = []
    merged = None
    for each in decisions:
        if each.action is RefAction.MERGE:
            ref_values = each.ref_values
            last_synced = last_common_value(ref_values, contains, journals.own_entries, journals.remote_entries)
            common = repository.git.run(
                "merge-base", "--all", ref_values.local or "", ref_values.remote or "", accept=(0, 1)
            )
            tips = dict.fromkeys(
                [*([last_synced] if last_synced is not None else []), *map(CommitId, common.text.split())]
            )
            bases = [read_notes(repository, tip) for tip in tips]
            local, remote = (read_notes(repository, tip) for tip in (ref_values.local, ref_values.remote))
            new = merged_notes(bases, local, remote)
            if not new:
                found.append(replace(each, action=RefAction.PUSH))
            elif not merged_notes(bases, remote, local):
                found.append(replace(each, action=RefAction.TAKE))
            else:
                found.append(each)
                with CommitWriter(repository, commit_identity(repository)) as writer:
                    merged = write_notes(writer, repository, local, "Merge receipts", new, remote.tip)
        else:
            found.append(each)
    return tuple(found), merged


def local_updates(decisions: Sequence[RefDecision], merged: CommitId | None) -> list[RefUpdate]:
    """What moves here and is told."""
    found = [RefUpdate(d.ref, d.ref_values.local, d.ref_values.remote) for d in decisions if d.action in TAKEN]
    found += [RefUpdate(d.ref, d.ref_values.local, None) for d in decisions if d.action is RefAction.REMOVE]
    return found + [RefUpdate(d.ref, d.ref_values.local, merged) for d in decisions if d.action is RefAction.MERGE]


def silent_updates(project: Project, remote_state: RemoteState, decisions: Sequence[RefDecision]) -> list[RefUpdate]:
    """What both have now is noted, where that is not what was noted before; and what is done is not noted any more.

    So is the journal as it is there: when it is gone one day, the migration was finished.
    """
    names, remote = project.names, project.plan.remote
    journal = names.synced(remote, names.journal)
    noted = exactly(project.repository, journal).get(journal)
    last_synced = [d.ref_values for d in decisions if d.action in (RefAction.SAME, *TAKEN)]
    updates = [
        RefUpdate(names.synced(remote, each.ref), each.last_synced, each.remote)
        for each in last_synced
        if each.remote is not None and each.remote != each.last_synced
    ]
    gone = [d.ref_values for d in decisions if d.action is RefAction.REMOVE and d.ref_values.last_synced is not None]
    updates += [RefUpdate(names.synced(remote, each.ref), each.last_synced, None) for each in gone]
    # The remote has moved on, or does not have it any more.
    done = [
        d.ref_values
        for d in decisions
        if d.ref_values.withdrawn is not None and d.action not in (RefAction.DELETE, RefAction.PUSH)
    ]
    updates += [RefUpdate(names.withdrawn(each.phase), each.withdrawn, None) for each in done]
    there = remote_state.refs.get(names.journal)
    return updates + ([RefUpdate(journal, noted, there)] if there not in (None, noted) else [])


def archive_updates(
    project: Project,
    remote_state: RemoteState,
    dropped: AbstractSet[tuple[str, CommitId]],
    kept: AbstractSet[tuple[str, CommitId]],
) -> list[RefUpdate]:
    """What others archived and is not here, and what is here and was pruned; entries of the journal tell of both.

    What is `kept` stays, whatever those of others say.
    """
    archive = project.names.archive_prefix
    here = read_refs(project.repository, archive)
    folders = folders_of_paths(here)
    taken = [
        RefUpdate(ref, None, oid)
        for ref, oid in remote_state.refs.items()
        if ref.startswith(archive) and ref not in here and (ref, oid) not in dropped
        # git has no ref below another one.
        if ref not in folders and here.keys().isdisjoint(parents(ref))
    ]
    return taken + [RefUpdate(ref, oid, None) for ref, oid in here.items() if (ref, oid) in dropped - kept]
