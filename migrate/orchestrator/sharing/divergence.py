"""The refusal of a sync when both sides changed a branch: whose, since when, and what to type."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.errors import RefusedError
from migrate.git.history import read_history
from migrate.git.objects import CommitId
from migrate.git.refs import exactly
from migrate.git.repository import Repository
from migrate.git.shallow import reaches_end
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import RefAction, RefDecision
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.orchestrator.undo import never_taken_back, undo_history
from migrate.stack.entries import EntryKind, JournalEntry, gives_value
from migrate.stack.project import Project
from migrate.stack.trailers import read_trailers
from migrate.stack.unknown_history import missing_history


def divergence_error(project: Project, exchange: SyncPlan) -> RefusedError | None:
    """The error that names every branch that both sides changed, or None. Nothing was moved."""
    diverged = exchange.having(RefAction.DIVERGED)
    if not diverged:
        return None
    remote = exchange.remote
    unclear = next((each for each in diverged if is_cut(project.repository, each)), None)
    if unclear is not None:
        return RefusedError(
            f"{ref_name(unclear)} differs on {remote}, and this shallow clone lacks the history to say which is newer; "
            "nothing was moved, and nothing was pushed",
            advice=missing_history(remote),
        )
    changes = [
        f"{ref_name(each)} changed here and on {remote}: {author_of_change(project, exchange, each)}"
        for each in diverged
    ]
    return RefusedError(
        f"{'; '.join(changes)}; nothing was moved, and nothing was pushed",
        advice=divergence_advice(project, exchange, diverged),
    )


def is_cut(repository: Repository, decision: RefDecision) -> bool:
    """Whether one of two branches may contain the other, but a shallow clone lacks the history to show it."""
    tips = [oid for oid in (decision.ref_values.local, decision.ref_values.remote) if oid is not None]
    return len(tips) > 1 and any(reaches_end(repository, *pair) for pair in ((tips[0], tips[1:]), (tips[1], tips[:1])))


def ref_name(decision: RefDecision) -> str:
    """A branch as people name it."""
    return decision.ref.removeprefix(BRANCH)


def author_of_change(project: Project, exchange: SyncPlan, decision: RefDecision) -> str:
    """Who changed the branch on the remote, and when: by the journal there, or else by the commit."""
    remote = decision.ref_values.remote
    assert remote is not None
    entry = givers(exchange.journals.remote_entries).get((decision.ref, remote))
    if entry is not None:
        return f'{remote[:7]} there by {entry.who}, {entry.when}, "{entry.title}"'
    commit = read_history(project.repository, [remote], changes=False, walk=False)[remote]
    return f'{remote[:7]} there by {commit.author}, {commit.date}, "{commit.subject}"'


def givers(entries: Iterable[JournalEntry]) -> dict[tuple[str, CommitId | None], JournalEntry]:
    """For each ref and value the last command that gave it that value; a sync does not count, as it only copies."""
    made = (entry for entry in entries if entry.kind is not EntryKind.SYNC)
    return {(update.ref, update.new): entry for entry in made for update in entry.refs}


def divergence_advice(project: Project, exchange: SyncPlan, diverged: Sequence[RefDecision]) -> str:
    """What to type about some branches: undo own commands, rebase a person's commits onto the remote's branch, or keep
    the local branches under other names.
    """
    several = len(diverged) > 1
    renames = (f"git branch -m {ref_name(each)} NAME{i if several else ''}" for i, each in enumerate(diverged, 1))
    keep = f"{' && '.join(renames)} keeps yours beside {'them' if several else 'it'}"
    own_entries = exchange.journals.own_entries
    made = [
        each
        for each in diverged
        if (local := each.ref_values.local) is not None
        and any(gives_value(entry, each.ref, local) for entry in own_entries)
    ]
    by_hand = [each for each in diverged if each not in made]
    undos = undos_of(project, own_entries, made)
    if not made and all(is_by_hand(project.repository, each) for each in by_hand):
        rebases = (f"git rebase {exchange.remote}/{ref_name(each)} {ref_name(each)}" for each in by_hand)
        return f"{' && '.join(rebases)} puts your commits on top, or {keep}; then: migrate sync"
    if not by_hand and undos:
        times = f", {undos} times," if undos > 1 else ""
        return f"migrate undo{times} takes yours back, or {keep}; then: migrate sync"
    return f"{keep}; then: migrate sync"


def undos_of(project: Project, entries: Sequence[JournalEntry], made: Sequence[RefDecision]) -> int:
    """How many commands must be undone to take some branches back; 0 when `undo` would be refused on the way."""
    left = {(each.ref, each.ref_values.local) for each in made}
    actual = exactly(project.repository, *{update.ref for entry in entries for update in entry.refs})
    for count, command in enumerate(reversed(undo_history(entries, never_taken_back(project.names))[0]), 1):
        moved = {update.ref: update.new for update in command.updates if update.ref != project.names.receipts}
        if any(actual.get(ref) != new for ref, new in moved.items()):
            return 0
        actual |= {update.ref: update.old for update in command.updates if update.old is not None}
        for update in command.updates:
            if update.old is None:
                actual.pop(update.ref, None)
        left -= moved.items()
        if not left:
            return count
    return 0


def is_by_hand(repository: Repository, decision: RefDecision) -> bool:
    """Whether a branch differs from the remote's only by commits of a person, which can be rebased."""
    local, remote = decision.ref_values.local, decision.ref_values.remote
    if local is None or remote is None:
        return False
    commits = read_history(repository, [local], [remote], changes=False)
    return not any(read_trailers(commit.message) for commit in commits.values())
