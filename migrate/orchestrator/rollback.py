"""`rollback`: take phases back.

Branches that nobody else has are removed and kept in the archive. A branch that is published, or part of the base, is
undone by a revert commit on a new branch; or, where it is only published, it is withdrawn: removed here, and deleted on
the remote by the next sync.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.git.commit_signing import sign_commits
from migrate.git.merge import merge_trees
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.git.writer import commit_identity
from migrate.journal.record import Operation, next_number
from migrate.orchestrator.branch_updates import check_standing, move_branches
from migrate.orchestrator.switch import Switched, switch_if_safe
from migrate.orchestrator.transition import require_synced, transition
from migrate.orchestrator.validate import validate_tree
from migrate.orchestrator.withdrawals import is_known, withdrawals
from migrate.stack.checked_out import ApartCommit
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context, Project
from migrate.stack.revert_branches import RevertProgress as HowFar
from migrate.stack.trailers import revert_message
from migrate.stack.unknown_history import check_seen, missing_history
from migrate.text import encode
from migrate.validation.progress import ValidationProgress


@dataclass(frozen=True)
class RollbackPlan:
    """What a rollback will do, decided before anything happens."""

    phase: PhaseState
    removed: tuple[PhaseState, ...]
    """Branches that go, bottom first."""
    reverted: tuple[PhaseState, ...]
    """Published or landed phases that a new branch undoes, bottom first."""
    checkout_after: str
    """The branch that the user will be on."""
    revert_branch: str | None = None
    revert_onto: CommitId | None = None
    meanwhile: str | None = None
    """A branch to stand on until the revert branch is made."""
    withdrawn: tuple[tuple[PhaseState, CommitId], ...] = ()
    """Those of the removed branches that the remote has, and as what: the next sync deletes them there."""
    merged: tuple[PhaseState, ...] = ()
    """The phases that were merged into branches that go."""
    left: tuple[PhaseState, ...] = ()
    """Published phases above a landed one: its revert is no matter of theirs until it is merged."""


@dataclass(frozen=True)
class RolledBack:
    """What a rollback did."""

    decided: RollbackPlan
    number: int
    switched: Switched
    stack: Stack
    failed: bool
    """Whether a validation failed on the revert branch."""


def plan_rollback(context: Context, name: str | None, *, withdraw: bool = False) -> RollbackPlan:
    """What rolling back a phase means now: the failed one when none is named.

    Raises `RefusedError` when there is nothing to roll back.
    """
    stack = context.stack
    plan = context.project.plan
    phase = chosen_phases(context, name)
    if withdraw:
        return withdrawing(context, phase)
    affected = stack.on_top_of(phase.id)
    if phase.state is not State.LANDED and any(is_public(stack, each) for each in affected):
        check_seen(stack)
    highest = max((index for index, each in enumerate(affected) if is_public(stack, each)), default=-1)
    public, removed = affected[: highest + 1], affected[highest + 1 :]
    reverted, left = ((phase,), public) if phase.state is State.LANDED else (public, ())
    merged = tuple(each for p in removed for each in stack.merged(p.id))
    below = stack.below(phase.id)
    if not reverted:
        return RollbackPlan(phase, removed, (), below.branch if below else plan.base, merged=merged)
    for each in reverted:
        check_revertible(stack, each)
    top = reverted[-1].tip
    onto = context.snapshot.base if top is None else top.oid
    branch = plan.branch(f"revert-{phase.id}")
    check_unmade(context, branch)
    meanwhile = plan.base if top is None else reverted[-1].branch
    return RollbackPlan(phase, removed, reverted, branch, branch, onto, meanwhile, merged=merged, left=left)


def is_public(stack: Stack, phase: PhaseState) -> bool:
    """Whether the remote has a phase: its branch, or that of one that was merged into it."""
    return phase.published or any(each.published for each in stack.merged(phase.id))


def withdrawing(context: Context, phase: PhaseState) -> RollbackPlan:
    """Take a phase and those above it back, here and on the remote.

    Raises `RefusedError` for what has landed, and where the remote has commits of others.
    """
    snapshot, stack = context.snapshot, context.stack
    plan = context.project.plan
    if phase.state is State.LANDED:
        raise RefusedError(
            f"{phase.id} is part of {plan.base}, so it cannot be withdrawn",
            advice=f"migrate rollback {phase.id} makes a branch that reverts it",
        )
    removed = stack.on_top_of(phase.id)
    merged = tuple(each for p in removed for each in stack.merged(p.id))
    found = []
    for each in (*removed, *merged):
        there = snapshot.published(plan.remote, each.branch)
        ref = BRANCH + each.branch
        if there is None:
            continue
        if not is_known(context, RefUpdate(ref, snapshot.refs.get(ref), None), there):
            raise RefusedError(
                f"{plan.remote} has commits of {each.id} that were never in this clone, so it cannot be withdrawn",
                advice=f"migrate sync tells whose they are; git log {plan.remote}/{each.branch} shows them",
            )
        found.append((each, there))
    below = stack.below(phase.id)
    checkout_after = below.branch if below else plan.base
    return RollbackPlan(phase, removed, (), checkout_after, withdrawn=tuple(found), merged=merged)


def check_unmade(context: Context, branch: str) -> None:
    """Raise `RefusedError` when the branch that takes a phase back is there already, and say what it waits for."""
    snapshot = context.snapshot
    remote = context.stack.plan.remote
    if snapshot.branch(branch) is None and snapshot.published(remote, branch) is None:
        return
    known = next((each for each in context.stack.reverts if each.branch == branch), None)
    advice = f"delete it first if it is not needed: git branch -D {branch}"
    if known is not None and known.progress is HowFar.UNPUSHED:
        advice = f"migrate sync pushes it; or, if it is not needed: git branch -D {branch}"
    elif known is not None and known.progress is HowFar.OPEN:
        advice = f"migrate pr {known.phases[0]} --revert describes its pull request"
    elif known is not None and known.progress is HowFar.MERGED and known.is_here:
        advice = "it was merged: migrate land deletes it"
    elif snapshot.branch(branch) is None:
        advice = f"delete it first if it is not needed: git push {remote} --delete {branch}"
    raise RefusedError(f"{branch} is there already", advice=advice)


def check_revertible(stack: Stack, phase: PhaseState) -> None:
    """Raise `RefusedError` when a phase has no commit of its own that could be reverted."""
    if phase.commit is None:
        place = phase.branch if phase.exists else stack.plan.base
        raise RefusedError(
            f"no commit of {place} has the trailers of {phase.id}, so it cannot be taken back",
            advice=f"find it with git log {place}, and undo it with git revert on a branch of your own",
        )
    others = [p.id for p in stack if p.id != phase.id and p.commit is not None and p.commit.oid == phase.commit.oid]
    if others:
        raise RefusedError(
            f"{phase.id} landed in one commit with {', '.join(others)}, so it cannot be taken back by itself",
            advice=f"git revert {phase.commit.oid[:12]} on a branch of your own takes all of them back",
        )


def chosen_phases(context: Context, name: str | None) -> PhaseState:
    """The phase that is meant."""
    stack = context.stack
    if name is None:
        failed = next((phase for phase in stack if phase.state is State.FAILED or phase.failed), None)
        if failed is None:
            top = stack.top()
            raise RefusedError(
                "no phase failed, so name the phase to roll back",
                advice=f"migrate rollback {top.id}" if top else "migrate status shows what there is",
            )
        return failed
    phase = stack.get(context.project.plan.phase(name).id)
    if phase.state is State.MERGED and phase.commit is not None:
        raise RefusedError(
            f"{phase.id} was merged into {phase.into}, so it cannot be taken back by itself",
            advice=f"migrate rollback {phase.into} takes back both; or, to keep {phase.into}, commit on its branch: "
            f"git revert {phase.commit.oid[:12]}",
        )
    if phase.state is State.UNKNOWN:
        check_seen(stack)
    if phase.state is not State.LANDED and not phase.exists:
        raise RefusedError(f"{phase.id} has not been run, so there is nothing to roll back", advice="migrate status")
    return phase


def roll_back(
    project: Project,
    name: str | None,
    agree: Callable[[RollbackPlan, int], bool],
    progress: ValidationProgress,
    *,
    validate: bool,
    withdraw: bool = False,
) -> RolledBack | None:
    """Decide, ask `agree` (told also the number under which the archive keeps what goes), and do it.

    None when the answer was no. Raises `RefusedError` when a branch that goes is checked out and cannot be left.
    """
    with transition(project, "migrate rollback"):
        context = project.look()
        require_synced(context.stack)
        decided = plan_rollback(context, name, withdraw=withdraw)
        leave_for = decided.meanwhile or decided.checkout_after
        check_standing(context, rollback_operation(context, decided, None).updates, leave_for)
        unsigned = revert(context, decided) if decided.revert_branch is not None else []
        if not agree(decided, next_number(project.repository, context.snapshot, project.names)):
            return None
        reverting = next(reversed(sign_commits(project.repository, unsigned)), None)
        number = move_branches(
            context, rollback_operation(context, decided, reverting), checkout_after=leave_for
        ).number
        failed = False
        if decided.revert_branch is not None and reverting is not None and validate:
            moved, back = context.stack.history(decided.reverted[0].id), [phase.source for phase in decided.reverted]
            branch = ApartCommit(decided.revert_branch, reverting, project.plan.validations_of(*back), moved)
            failed = validate_tree(project.look(), branch, progress)[1].state is State.FAILED
        switched = switch_if_safe(project, decided.checkout_after)
        return RolledBack(decided, number, switched, project.look().stack, failed)


def rollback_operation(context: Context, decided: RollbackPlan, reverting: CommitId | None) -> Operation:
    """What a rollback moves."""
    refs = context.snapshot.refs
    removed = (*decided.removed, *decided.merged)
    gone = [ref for phase in removed if (ref := f"refs/heads/{phase.branch}") in refs]
    gone += [ref for phase in removed if (ref := context.project.names.made(phase.id)) in refs]
    former = [phase.former.name for phase in removed if phase.former is not None]
    gone += [ref for name in former for ref in (f"refs/heads/{name.branch}", name.made) if ref in refs]
    updates = [RefUpdate(ref, refs[ref], None) for ref in gone]
    updates += withdrawals(context, updates)
    if decided.revert_branch is not None:
        updates.append(RefUpdate(f"refs/heads/{decided.revert_branch}", None, reverting))
    return Operation(f"roll back {decided.phase.id}", tuple(updates))


def revert(context: Context, decided: RollbackPlan) -> list[CommitId]:
    """The commits that undo the reverted phases, the highest phase first. They are not signed yet.

    Raises `RefusedError` when what came later touches the same lines.
    """
    assert decided.revert_onto is not None
    repository = context.project.repository
    tip = decided.revert_onto
    made = []
    commit_identity(repository)
    for phase in reversed(decided.reverted):
        assert phase.commit is not None
        last = phase.tip or phase.commit
        if not phase.commit.parents or phase.commit.oid in repository.shallow:
            raise RefusedError(
                f"{phase.id} is the first commit in this clone, so there is nothing to go back to",
                advice=missing_history(context.project.plan.remote),
            )
        before = repository.tree_of(phase.commit.parents[0])
        merged = merge_trees(repository, base=last.tree, ours=repository.tree_of(tip), theirs=before)
        if merged.conflicts:
            raise RefusedError(
                f"{phase.id} cannot be reverted by itself: later commits touch {', '.join(merged.conflicts[:3])}",
                advice=f"git revert {phase.commit.oid[:12]} on a branch of your own, and resolve the conflicts there",
            )
        merged_into = [each.id for each in context.stack.merged(phase.id)]
        message = revert_message(context.project.plan.name, phase.source, phase.commit.oid, merged_into)
        written = repository.git.run(
            *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", merged.tree, "-p", tip, "-F", "-"),
            stdin=encode(message),
        )
        tip = CommitId(written.text)
        made.append(tip)
    return made
