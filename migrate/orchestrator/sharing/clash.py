"""The refusal of a sync when both sides changed a branch: whose, since when, and what to type."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.entries import Entry, gives
from migrate.errors import RefusedError
from migrate.git.history import read_history
from migrate.git.objects import Oid
from migrate.git.repository import Repository
from migrate.git.shallow import reaches_end
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.exchange import Exchange
from migrate.orchestrator.sharing.sides import Action, Decision
from migrate.project import Project
from migrate.unseen import AGAIN


def refusal(project: Project, exchange: Exchange) -> RefusedError | None:
    """The error that names every branch that both sides changed, or None. Nothing was moved."""
    clashes = exchange.having(Action.CLASH)
    if not clashes:
        return None
    lowest, remote = clashes[0], exchange.remote
    unclear = next((each for each in clashes if is_cut(project.repository, each)), None)
    if unclear is not None:
        return RefusedError(
            f"{name(unclear)} is another one on {remote}, and this shallow clone does not have the history that tells "
            "which is newer; nothing was moved, and nothing was pushed",
            advice=AGAIN,
        )
    said = [f"{name(each)} changed here and on {remote}: {whose(project, exchange, each)}" for each in clashes]
    return RefusedError(
        f"{'; '.join(said)}; nothing was moved, and nothing was pushed", advice=advice(exchange, lowest, remote)
    )


def is_cut(repository: Repository, decision: Decision) -> bool:
    """Whether one of two branches may contain the other, and a shallow clone does not have what would show it."""
    tips = [oid for oid in (decision.sides.ours, decision.sides.theirs) if oid is not None]
    return len(tips) > 1 and any(reaches_end(repository, *pair) for pair in ((tips[0], tips[1:]), (tips[1], tips[:1])))


def name(decision: Decision) -> str:
    """A branch as people name it."""
    return decision.ref.removeprefix(BRANCH)


def whose(project: Project, exchange: Exchange, decision: Decision) -> str:
    """Who made the other one and when: as the journal there says, or the commit where no command made it."""
    theirs = decision.sides.theirs
    assert theirs is not None
    entry = givers(exchange.journals.there).get((decision.ref, theirs))
    if entry is not None:
        return f'{theirs[:7]} there by {entry.who}, {entry.when}, "{entry.title}"'
    commit = read_history(project.repository, [theirs], changes=False, walk=False)[theirs]
    return f'{theirs[:7]} there by {commit.author}, {commit.date}, "{commit.subject}"'


def givers(entries: Iterable[Entry]) -> dict[tuple[str, Oid | None], Entry]:
    """By ref and value the last command that gave the one the other, oldest entry first."""
    return {(update.ref, update.new): entry for entry in entries for update in entry.refs}


def advice(exchange: Exchange, decision: Decision, remote: str) -> str:
    """What to type: a command of ours is undone, commits of a person go on top of the others, or both keep theirs."""
    branch = name(decision)
    keep = f"git branch -m {branch} NAME keeps yours beside it"
    moved_here: Iterable[Entry] = exchange.journals.own
    if any(gives(entry, decision.ref, decision.sides.ours or "") for entry in moved_here):
        return f"migrate undo takes yours back, or {keep}; then: migrate sync"
    return f"git rebase {remote}/{branch} {branch} puts your commits on top, or {keep}; then: migrate sync"
