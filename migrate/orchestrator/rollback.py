"""`rollback`: take phases back.

Branches that nobody else has are removed and kept in the archive. A branch that is published, or part of the base,
is never rewritten: there a new branch undoes it by a revert commit.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.merging import merge_trees
from migrate.git.objects import Oid
from migrate.git.refs import RefUpdate
from migrate.git.signing import signed
from migrate.git.writer import identity
from migrate.journal import Operation, next_number
from migrate.orchestrator.moving import check_standing, move
from migrate.orchestrator.stepping import stepping
from migrate.orchestrator.switching import Switched, switch_if_safe
from migrate.orchestrator.validating import validate_revert
from migrate.project import Project
from migrate.snapshot import Snapshot
from migrate.stack import PhaseState, Stack, State
from migrate.validation.progress import Progress


@dataclass(frozen=True)
class Rollback:
    """What a rollback will do, decided before anything happens."""

    phase: PhaseState
    removed: tuple[PhaseState, ...]
    """Branches that go, bottom first."""
    reverted: tuple[PhaseState, ...]
    """Published or landed phases that a new branch undoes, bottom first."""
    land_on: str
    """The branch that the user will be on."""
    revert_branch: str | None = None
    revert_onto: Oid | None = None
    meanwhile: str | None = None
    """A branch to stand on until the revert branch is made."""


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did."""

    decided: Rollback
    number: int
    switched: Switched
    stack: Stack
    failed: bool
    """Whether a validation failed on the revert branch."""


def decide(project: Project, snapshot: Snapshot, stack: Stack, name: str | None) -> Rollback:
    """What rolling back a phase means now: the failed one when none is named.

    Raises `RefusedError` when there is nothing to roll back.
    """
    plan = project.plan
    phase = chosen(project, stack, name)
    affected = stack.on_top_of(phase.id)
    public = tuple(p for p in affected if p.published)
    highest = affected.index(public[-1]) if public else -1
    reverted = (phase,) if phase.state is State.LANDED else affected[: highest + 1]
    removed = tuple(p for p in affected if p not in reverted)
    below = stack.below(phase.id)
    if not reverted:
        return Rollback(phase, removed, (), below.branch if below else plan.base)
    for each in reverted:
        check_revertible(stack, each)
    top = reverted[-1].tip
    onto = snapshot.base if top is None else top.oid
    branch = plan.branch(f"revert-{phase.id}")
    if snapshot.branch(branch) is not None:
        raise RefusedError(
            f"{branch} is there already",
            advice=f"if it is not needed: git branch -D {branch}; then run the command again",
        )
    meanwhile = plan.base if top is None else reverted[-1].branch
    return Rollback(phase, removed, reverted, branch, branch, onto, meanwhile)


def check_revertible(stack: Stack, phase: PhaseState) -> None:
    """Raise `RefusedError` when a phase has no commit of its own that could be reverted."""
    if phase.commit is None:
        place = phase.branch if phase.exists else stack.plan.base
        raise RefusedError(
            f"no commit of {place} says by its trailers that it is {phase.id}, so it cannot be taken back",
            advice=f"find it with git log {place}, and undo it with git revert on a branch of your own",
        )
    others = [p.id for p in stack if p.id != phase.id and p.commit is not None and p.commit.oid == phase.commit.oid]
    if others:
        raise RefusedError(
            f"{phase.id} landed in one commit with {', '.join(others)}, so it cannot be taken back by itself",
            advice=f"git revert {phase.commit.oid[:12]} on a branch of your own takes all of them back",
        )


def chosen(project: Project, stack: Stack, name: str | None) -> PhaseState:
    """The phase that is meant."""
    if name is None:
        failed = stack.first(State.FAILED)
        if failed is None:
            top = stack.top()
            raise RefusedError(
                "no phase failed, so the one to roll back must be named",
                advice=f"migrate rollback {top.id}" if top else "migrate status shows what there is",
            )
        return failed
    phase = stack.get(project.plan.phase(name).id)
    if phase.state is not State.LANDED and not phase.exists:
        raise RefusedError(f"{phase.id} has not been run, so there is nothing to roll back", advice="migrate status")
    return phase


def roll_back(
    project: Project, name: str | None, agree: Callable[[Rollback, int], bool], progress: Progress, *, validate: bool
) -> RolledBack | None:
    """Decide, ask `agree` (told also the number under which the archive keeps what goes), and do it.

    None when the answer was no. Raises `RefusedError` when a branch that goes is checked out and cannot be left.
    """
    with stepping(project, "migrate rollback"):
        snapshot, stack = project.look()
        decided = decide(project, snapshot, stack, name)
        leave_for = decided.meanwhile or decided.land_on
        check_standing(project, snapshot, operation(project, snapshot, decided, None).updates, leave_for)
        unsigned = revert(project, decided) if decided.revert_branch is not None else []
        if not agree(decided, next_number(project.repository, snapshot, project.names)):
            return None
        reverting = next(reversed(signed(project.repository, unsigned)), None)
        number = move(project, snapshot, operation(project, snapshot, decided, reverting), land_on=leave_for).number
        failed = False
        if decided.revert_branch is not None and reverting is not None and validate:
            failed = not validate_revert(project, decided.phase, decided.revert_branch, reverting, progress)
        switched = switch_if_safe(project.repository, decided.land_on)
        return RolledBack(decided, number, switched, project.look()[1], failed)


def operation(project: Project, snapshot: Snapshot, decided: Rollback, reverting: Oid | None) -> Operation:
    """What a rollback moves."""
    refs = snapshot.refs
    gone = [f"refs/heads/{phase.branch}" for phase in decided.removed]
    gone += [ref for phase in decided.removed if (ref := project.names.made(phase.id)) in refs]
    updates = [RefUpdate(ref, refs[ref], None) for ref in gone]
    if decided.revert_branch is not None:
        updates.append(RefUpdate(f"refs/heads/{decided.revert_branch}", None, reverting))
    return Operation(f"roll back {decided.phase.id}", tuple(updates))


def revert(project: Project, decided: Rollback) -> list[Oid]:
    """The commits that undo the reverted phases, the highest phase first. They are not signed yet.

    Raises `RefusedError` when what came later touches the same lines.
    """
    assert decided.revert_onto is not None
    repository = project.repository
    tip = decided.revert_onto
    made = []
    identity(repository)
    for phase in reversed(decided.reverted):
        assert phase.commit is not None
        last = phase.tip or phase.commit
        if not phase.commit.parents:
            raise RefusedError(
                f"{phase.id} is the first commit that is here, so there is nothing to go back to",
                advice="git fetch --unshallow brings what came before; then run the command again",
            )
        before = repository.tree_of(phase.commit.parents[0])
        merged = merge_trees(repository, base=last.tree, ours=repository.tree_of(tip), theirs=before)
        if merged.conflicts:
            raise RefusedError(
                f"{phase.id} cannot be reverted by itself: later commits touch {', '.join(merged.conflicts[:3])}",
                advice=f"git revert {phase.commit.oid[:12]} on a branch of your own, and settle the conflicts there",
            )
        message = f'Revert "{phase.source.title}"\n\nThis takes back {phase.id} ({phase.commit.oid}).\n'
        tip = repository.git.run(
            *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", merged.tree, "-p", tip, "-F", "-"),
            stdin=message.encode("utf-8", "surrogateescape"),
        ).text
        made.append(tip)
    return made
