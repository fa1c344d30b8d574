"""Phases whose pull request was merged into the branch of a phase below: what becomes of the branches that they had."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from migrate.git.history import reachable
from migrate.git.merge import ConflictError, cherry_pick
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH, checked_out
from migrate.orchestrator.land.left_over import Makes, told_made
from migrate.stack.entries import JournalEntry
from migrate.stack.own_entries import read_own
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context


@dataclass(frozen=True)
class MergedBranch:
    """A branch that a merged phase still has here. `kept` says why it stays."""

    branch: str
    tip: CommitId
    host: str
    """The branch into which it was merged."""
    kept: str = ""

    @property
    def removal(self) -> RefUpdate:
        """What takes it away."""
        return RefUpdate(BRANCH + self.branch, self.tip, None)


def merged_branches(context: Context, maker: Callable[[Context, str], Makes]) -> tuple[MergedBranch, ...]:
    """The branches that phases still have here though they were merged into another one.

    `maker` gives what runs a phase again, where no command of this clone says what it made.
    """
    project, snapshot, stack = context
    merged = [(phase, snapshot.branch(phase.branch)) for phase in stack if phase.state is State.MERGED]
    held = checked_out(project.repository) if merged else {}
    own = (snapshot.head.branch, project.repository.work_tree)
    names = project.names
    journal = read_own(project.repository, names, snapshot.refs.get(names.journal)) if merged else []
    found = []
    for phase, tip in merged:
        if tip is None:
            continue
        kept, host = "", stack.get(phase.into)
        if phase.branch in held and (phase.branch, held[phase.branch]) != own:
            kept = f"it is checked out in {held[phase.branch]}"
        elif not is_contained(context, journal, phase, host, tip, maker(context, phase.id)):
            kept = f"it holds changes that are not in {host.branch}"
        found.append(MergedBranch(phase.branch, tip, host.branch, kept))
    return tuple(found)


def is_contained(
    context: Context,
    journal: Sequence[JournalEntry],
    phase: PhaseState,
    host: PhaseState,
    tip: CommitId,
    makes: Makes,
) -> bool:
    """Whether the branch of a host has everything of another branch: its commits, or after a squash its changes."""
    project, snapshot = context.project, context.snapshot
    if host.tip is None or tip not in snapshot.commits:
        return tip not in snapshot.commits  # The base has it.
    if tip in reachable(snapshot.commits, host.tip.oid):
        return True
    if phase.made is None:
        return False
    if phase.made.oid not in told_made(project, journal, phase.id) and makes(phase.made) != phase.made.tree:
        return False
    before, there, tree = phase.made.tree, host.tip.tree, snapshot.commits[tip].tree
    try:
        return cherry_pick(project.repository, {}, base=before, ours=there, theirs=tree) == there
    except ConflictError:
        return False


def one_by_one(phases: Sequence[PhaseState]) -> tuple[PhaseState, ...]:
    """The phases; where one squash merge brought several, what people did in it counts as done in the highest."""
    found = []
    for index, phase in enumerate(phases):
        above = [each for each in phases[index + 1 :] if each.commit is not None and each.commit == phase.commit]
        found.append(replace(phase, commit=phase.made, above=()) if above else phase)
    return tuple(found)
