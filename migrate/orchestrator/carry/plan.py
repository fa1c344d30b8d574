"""Where a branch stands as seen from the migration: which phases it has in it already, and which it lacks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.history import Commit
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.git.shallow import reaches_end
from migrate.orchestrator.carry.shared import CarryRun
from migrate.plan.phase_source import PhaseSource
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context, Project
from migrate.stack.trailers import trailers_of
from migrate.stack.unknown_history import check_seen, missing_history
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class CarryPlan:
    """What carrying a branch starts from.

    `commits` are the branch's own, oldest first, by first parents; `fork` is the commit that the first of them stands
    on. `attach_point` is a commit that has the same phases in it as the branch and from which the stack goes on;
    `missing` are the phases from there to `target`, the tip of the stack or the base. `history` is what the phases
    before moved.
    """

    tip: CommitId
    fork: CommitId
    commits: tuple[Commit, ...]
    attach_point: CommitId
    missing: tuple[PhaseState, ...]
    history: MoveMap
    target: CommitId

    @property
    def sources(self) -> tuple[PhaseSource, ...]:
        """The phases to run."""
        return tuple(phase.source for phase in self.missing)

    @property
    def landed(self) -> frozenset[str]:
        """Those of them that the base has."""
        return frozenset(phase.id for phase in self.missing if phase.state is State.LANDED)


def plan_carry(context: Context, run: CarryRun, name: str, tip: CommitId) -> CarryPlan:
    """Where a branch stands.

    Raises `RefusedError` when it shares no history with the base, stands on a newer base than the stack, or needs
    nothing; and where a shallow clone cannot tell.
    """
    project, stack = context.project, context.stack
    repository = project.repository
    check_seen(stack)
    if reaches_end(repository, tip, [stack.base]):
        advice = missing_history(project.plan.remote)
        raise RefusedError(f"this shallow clone does not have what {name} stands on", advice=advice)
    beyond = run.beyond(tip, stack.base)
    made = [phase for phase in stack if phase.commit is not None]
    inside = [phase for phase in made if contains_phase(context, phase, tip, beyond)]
    missing = tuple(phase for phase in made if phase not in inside)
    if not missing:
        raise RefusedError(f"{name} already has every phase that was made", advice="migrate status")
    attach_point = find_attach_point(repository, stack, inside, missing)
    own = run.beyond(tip, attach_point)
    commits, fork = first_parent_line(own, tip)
    last = next((i for i, commit in enumerate(commits) if any(in_phase(project, p, commit) for p in inside)), None)
    if last is not None:  # It stands on branches of the stack, perhaps as they were once.
        fork, commits = commits[last].oid, commits[:last]
    if fork is None:
        raise RefusedError(
            f"{name} shares no history with {stack.base_branch}", advice="carry takes branches of this repository"
        )
    if not commits:
        raise RefusedError(f"{name} has no commit of its own", advice="git log shows what it has")
    if not any(phase.state is State.LANDED for phase in missing) and not inside:
        check_old_enough(repository, stack, name, forks(beyond, tip), attach_point)
    commits = commits[::-1]
    history = stack.history(missing[0].id)
    return CarryPlan(tip, fork, tuple(commits), attach_point, missing, history, stack_tip(stack))


def stack_tip(stack: Stack) -> CommitId:
    """The commit on which branches are carried: the tip of the stack, or the base."""
    top = stack.top()
    return top.tip.oid if top is not None and top.tip is not None else stack.base


def contains_phase(context: Context, phase: PhaseState, tip: CommitId, beyond: dict[CommitId, Commit]) -> bool:
    """Whether a branch has a phase in it: the commit that is in the stack or the base now, or one that was once.

    `beyond` is what the branch holds beyond the base.
    """
    project, snapshot, _ = context
    if any(in_phase(project, phase, commit) for commit in beyond.values()):
        return True
    if phase.commit is None or phase.commit.oid in snapshot.commits:
        return phase.commit is not None and phase.commit.oid in beyond
    # It is in the base: of branches that leave that in one place it is asked once.
    oid, is_ancestor = phase.commit.oid, project.repository.is_ancestor
    return any(is_ancestor(oid, fork) for fork in forks(beyond, tip))


def forks(beyond: dict[CommitId, Commit], tip: CommitId) -> list[CommitId]:
    """The commits of the base on which a branch stands; `beyond` is what it holds beyond the base."""
    if tip not in beyond:
        return [tip]
    return list(dict.fromkeys(oid for commit in beyond.values() for oid in commit.parents if oid not in beyond))


def in_phase(project: Project, phase: PhaseState, commit: Commit) -> bool:
    """Whether a commit is one that running the phase made."""
    return trailers_of(commit.message, project.plan.name, phase.id) is not None


def find_attach_point(
    repository: Repository, stack: Stack, inside: list[PhaseState], missing: tuple[PhaseState, ...]
) -> CommitId:
    """The newest commit that has exactly the phases that the branch has: the stack goes on from there."""
    first = next((phase for phase in missing if phase.state is State.LANDED), None)
    if first is not None and first.commit is not None:
        return commit_before(repository, stack.plan.remote, stack.base, first.commit.oid)
    standing = [phase for phase in inside if phase.tip is not None]
    if standing and standing[-1].tip is not None:
        return standing[-1].tip.oid
    return stack.root()


def commit_before(repository: Repository, remote: str, base: CommitId, landed: CommitId) -> CommitId:
    """The commit of the base, by first parents, right before a commit came into it.

    Raises `RefusedError` where there is none, as at the end of a shallow clone.
    """
    later = set(repository.git.text("rev-list", "--ancestry-path", f"{landed}..{base}").split()) | {landed}
    line = repository.git.text("rev-list", "--first-parent", base).split("\n")
    found = next((commit for commit in line if commit not in later), None)
    if found is None:
        raise RefusedError(
            f"this repository has no history from before {landed[:7]} landed",
            advice=missing_history(remote),
        )
    return CommitId(found)


def first_parent_line(commits: dict[CommitId, Commit], tip: CommitId) -> tuple[list[Commit], CommitId | None]:
    """The commits from a tip down by first parents, newest first, and what the last stands on; None for a root."""
    found = []
    oid: CommitId | None = tip
    while oid is not None and oid in commits:
        found.append(commits[oid])
        oid = commits[oid].parents[0] if commits[oid].parents else None
    return found, oid


def check_old_enough(
    repository: Repository, stack: Stack, name: str, stands_on: Sequence[CommitId], attach_point: CommitId
) -> None:
    """Raise `RefusedError` when a branch has commits of the base that the stack does not stand on."""
    if not all(repository.is_ancestor(fork, attach_point) for fork in stands_on):
        raise RefusedError(
            f"{name} stands on a newer {stack.base_branch} than the stack",
            advice="migrate restack moves the stack there; then run the command again",
        )
