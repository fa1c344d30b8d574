"""`carry`: branches of colleagues come across the migration, beside the old ones, which stay as they are."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import GitFailedError, MigrateError, RefusedError
from migrate.git.history import read_history
from migrate.git.objects import CommitId, TreeId
from migrate.git.refs import RefUpdate, exactly, is_branch_name, read_refs
from migrate.git.worktrees import BRANCH
from migrate.journal.record import Operation
from migrate.orchestrator.branch_updates import move_branches
from migrate.orchestrator.carry.branch import BranchCarrier, CarriedBranch
from migrate.orchestrator.carry.plan import plan_carry, stack_tip
from migrate.orchestrator.carry.shared import CarryRun, KeptBranch, carry_key, keep_branches, read_kept
from migrate.orchestrator.replay.conflict import (
    DoesNotFitError,
    kept_resolutions,
    remove_conflict_state,
    stop_at_conflict,
)
from migrate.orchestrator.transition import transition
from migrate.stack.conflict_state import Attempt
from migrate.stack.project import Context, Project
from migrate.stack.unknown_history import check_seen
from migrate.text import did_you_mean, printable


@dataclass(frozen=True)
class CarryOutcome:
    """What became of one branch: it was carried, or `why` says what is in the way."""

    name: str
    branch: str
    """Where it is carried to."""
    carried: CarriedBranch | None = None
    is_same: bool = False
    """Whether the branch there was just that already."""
    why: str = ""
    conflicts: tuple[str, ...] = ()


def target_branch(project: Project, name: str) -> str:
    """The branch to which another one is carried."""
    return project.plan.branch(f"carried/{name}")


def carry_branch(project: Project, attempt: Attempt) -> CarryOutcome:
    """Carry one branch across the migration, onto the tip of the stack or the base.

    Raises `ConflictPendingError` at a conflict, `RefusedError` when there is nothing to carry or the phases cannot run
    on it.
    """
    with transition(project, "migrate carry", while_conflict_pending=not attempt.is_first):
        context = project.look()
        short, tip = find_branch(project, attempt.command.branch)
        try:
            resolutions = {**kept_resolutions(context), **attempt.resolutions}
            outcome = carry_onto_target(context, CarryRun(context, [tip]), short, tip, resolutions)
        except DoesNotFitError as error:
            raise stop_at_conflict(project, attempt, error) from error
        keep_carried(context, [outcome])
        return outcome


def carry_branches(project: Project, told: Callable[[CarryOutcome], None]) -> list[CarryOutcome]:
    """Carry every branch of the remote; one that does not fit holds up none of the others. All move at once.

    A branch of which nothing is new, nor of the phases, is known from the last time.
    """
    with transition(project, "migrate carry"):
        context = project.look()
        check_seen(context.stack)
        outcomes = []
        tips = remote_branches(project)
        keys = {name: carry_key(context, tip, stack_tip(context.stack)) for name, tip in tips.items()}
        known = known_outcomes(context, keys)
        run = CarryRun(context, (tip for name, tip in tips.items() if name not in known))
        for name, tip in tips.items():
            try:
                outcome = known.get(name) or carry_onto_target(context, run, name, tip, {})
            except DoesNotFitError as error:
                branch = target_branch(project, name)
                outcome = CarryOutcome(name, branch, why=error.message, conflicts=error.conflict.paths)
            except MigrateError as error:
                outcome = CarryOutcome(name, target_branch(project, name), why=str(error))
            outcomes.append(outcome)
            told(outcome)
        keep_carried(context, outcomes)
        keep_branches(
            context, {each.name: kept_branch(context, keys[each.name], each) for each in outcomes if each.carried}
        )
        return outcomes


def known_outcomes(context: Context, keys: Mapping[str, str]) -> dict[str, CarryOutcome]:
    """The branches that are carried as they are, as the last time showed, while all that decided is the same."""
    project, target = context.project, stack_tip(context.stack)
    branches = {name: target_branch(project, name) for name in keys}
    kept = {
        name: each
        for name, each in read_kept(context).items()
        if each.key == keys.get(name) and context.snapshot.branch(branches[name]) == each.carried
    }
    try:
        named = {oid for each in kept.values() for oid in (*each.commits, *each.dropped)}
        commits = read_history(project.repository, named, changes=False, walk=False)
        found = {
            name: [tuple(commits[oid] for oid in oids) for oids in (each.commits, each.dropped)]
            for name, each in kept.items()
        }
    except (GitFailedError, KeyError):  # What was kept speaks of commits that are gone.
        return {}
    return {
        name: CarryOutcome(name, branches[name], CarriedBranch(target, kept[name].carried, *both), is_same=True)
        for name, both in found.items()
    }


def kept_branch(context: Context, key: str, outcome: CarryOutcome) -> KeptBranch:
    """What is kept of a branch that was carried."""
    done, now = outcome.carried, context.snapshot.branch(outcome.branch)
    assert done is not None
    carried = now if outcome.is_same and now is not None else done.tip
    commits, dropped = (tuple(commit.oid for commit in each) for each in (done.commits, done.dropped))
    return KeptBranch(key, carried, commits, dropped)


def carry_onto_target(
    context: Context, run: CarryRun, name: str, tip: CommitId, resolutions: Mapping[str, TreeId]
) -> CarryOutcome:
    """Carry one branch, without moving anything."""
    project = context.project
    branch = target_branch(project, name)
    now = context.snapshot.branch(branch)
    check_own_branches(run, branch, now)
    done = BranchCarrier(project, name, plan_carry(context, run, name, tip), resolutions, run.migrated).carry()
    return CarryOutcome(name, branch, done, is_same=now is not None and same_trees(project, done, now))


def keep_carried(context: Context, outcomes: Sequence[CarryOutcome]) -> None:
    """Move the branches of what was carried."""
    updates, names = [], []
    for outcome in outcomes:
        if outcome.carried is None or outcome.is_same:
            continue
        now = context.snapshot.branch(outcome.branch)
        updates.append(RefUpdate(BRANCH + outcome.branch, now, outcome.carried.tip))
        names.append(outcome.name)
    updates += remove_conflict_state(context)
    if updates:
        move_branches(context, Operation(f"carry {', '.join(names)}", tuple(updates)))


def find_branch(project: Project, name: str) -> tuple[str, CommitId]:
    """A branch by its name, here or on the remote, and its short name. Raises `RefusedError` when there is none."""
    remote = project.plan.remote
    refs = exactly(project.repository, BRANCH + name, f"refs/remotes/{name}", f"refs/remotes/{remote}/{name}")
    short = name.removeprefix(f"{remote}/") if BRANCH + name not in refs else name
    if is_of_migration(project, short):
        raise RefusedError(
            f'"{printable(name)}" belongs to the migration itself', advice="carry takes the branches of others"
        )
    if not refs:
        known = [*local_branches(project), *remote_branches(project)]
        raise RefusedError(
            f'there is no branch "{printable(name)}" here or on {remote}{did_you_mean(name, known)}',
            advice=bringing(project, short),
        )
    return short, next(iter(refs.values()))


def bringing(project: Project, name: str) -> str:
    """What to type so that a branch of the remote comes here: a clone of one branch fetches no other by itself."""
    repository, remote = project.repository, project.plan.remote
    if remote not in repository.remotes:
        return f"this repository has no remote {shlex.quote(remote)}: git branch --all lists the branches"
    if repository.fetches_all(remote) or not is_branch_name(repository, name):
        return f"git fetch {remote} brings what is new there; then run the command again"
    refspec = shlex.quote(f"{BRANCH}{name}:refs/remotes/{remote}/{name}")
    return f"git fetch {shlex.quote(remote)} {refspec} brings it, if {remote} has it; then run the command again"


def unfetched_branches(project: Project) -> str:
    """What to say where this clone does not fetch all branches of the remote; nothing where it does."""
    repository, remote = project.repository, project.plan.remote
    if remote not in repository.remotes or repository.fetches_all(remote):
        return ""
    name = shlex.quote(remote)
    widen = f"git remote set-branches {name} '*'"
    if not repository.fetched(remote):  # As in a bare clone: git changes only what is set.
        refspec = f"+{BRANCH}*:refs/remotes/{remote}/*"
        widen = f"git config {shlex.quote(f'remote.{remote}.fetch')} {shlex.quote(refspec)}"
    return f"This clone does not fetch every branch of {remote}: {widen} && git fetch {name} brings the others."


def local_branches(project: Project) -> dict[str, CommitId]:
    """The branches here that are not the migration's own."""
    found = {ref.removeprefix(BRANCH): oid for ref, oid in read_refs(project.repository, "refs/heads").items()}
    return {name: oid for name, oid in found.items() if not is_of_migration(project, name)}


def is_of_migration(project: Project, name: str) -> bool:
    """Whether a branch belongs to the migration itself."""
    return name == project.plan.base or name.startswith(f"{project.plan.branch_prefix}/")


def remote_branches(project: Project) -> dict[str, CommitId]:
    """The branches of the remote that are not the migration's own."""
    prefix = f"refs/remotes/{project.plan.remote}/"
    found = {ref.removeprefix(prefix): oid for ref, oid in read_refs(project.repository, prefix).items()}
    if "refs/*" in project.repository.fetched(project.plan.remote):  # A mirror has them as its own.
        found = {**local_branches(project), **found}
    return {name: oid for name, oid in found.items() if name != "HEAD" and not is_of_migration(project, name)}


def check_own_branches(run: CarryRun, branch: str, now: CommitId | None) -> None:
    """Raise `RefusedError` when somebody worked on the branch to which another one is carried."""
    if now is not None and run.given(BRANCH + branch) != now:
        raise RefusedError(
            f"{branch} exists, and is not as carry left it",
            advice=f"git branch -m {branch} NAME keeps it under another name; then run the command again",
        )


def same_trees(project: Project, done: CarriedBranch, now: CommitId) -> bool:
    """Whether a branch holds just the commits that were carried, made at another time."""
    there = read_history(project.repository, [now], [done.target], changes=False)
    new = read_history(project.repository, [done.tip], [done.target], changes=False)
    return [(c.tree, c.message, c.authorship) for c in there.values()] == [
        (c.tree, c.message, c.authorship) for c in new.values()
    ] and bool(there)
