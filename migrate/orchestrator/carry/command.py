"""`carry`: branches of colleagues come across the migration, beside the old ones, which stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import MigrateError, RefusedError
from migrate.git.history import read_history
from migrate.git.objects import Oid
from migrate.git.refs import RefUpdate, exactly, read_refs
from migrate.git.worktrees import BRANCH
from migrate.journal.record import Operation
from migrate.orchestrator.branch_updates import move
from migrate.orchestrator.carry.branch import Carried, Carrying
from migrate.orchestrator.carry.plan import world_of
from migrate.orchestrator.replay.conflict import StoppedAtError, kept_resolutions, stop, unstopped
from migrate.orchestrator.transition import stepping
from migrate.stack.conflict_state import Attempt
from migrate.stack.entries import own, read_journal
from migrate.stack.project import Context, Project
from migrate.stack.unknown_history import check_seen
from migrate.text import did_you_mean, printable


@dataclass(frozen=True)
class Outcome:
    """What became of one branch: it was carried, or `why` says what is in the way."""

    name: str
    branch: str
    """Where it is carried to."""
    carried: Carried | None = None
    is_same: bool = False
    """Whether the branch there was just that already."""
    why: str = ""
    conflicts: tuple[str, ...] = ()


def target_branch(project: Project, name: str) -> str:
    """The branch to which another one is carried."""
    return project.plan.branch(f"carried/{name}")


def carry(project: Project, attempt: Attempt) -> Outcome:
    """Carry one branch across the migration, onto the tip of the stack or the base.

    Raises `StoppedError` at a conflict, `RefusedError` when there is nothing to carry or the phases cannot run on it.
    """
    with stepping(project, "migrate carry", while_stopped=not attempt.is_first):
        context = project.look()
        short, tip = find(project, attempt.command.branch)
        try:
            outcome = carried(context, short, tip, {**kept_resolutions(project), **attempt.resolutions})
        except StoppedAtError as error:
            raise stop(project, attempt, error) from error
        keep(context, [outcome])
        return outcome


def carry_all(project: Project, told: Callable[[Outcome], None]) -> list[Outcome]:
    """Carry every branch of the remote; one that does not fit holds up none of the others. All move at once."""
    with stepping(project, "migrate carry"):
        context = project.look()
        check_seen(context.stack)
        outcomes = []
        for name, tip in remote_branches(project).items():
            try:
                outcome = carried(context, name, tip, {})
            except StoppedAtError as error:
                branch = target_branch(project, name)
                outcome = Outcome(name, branch, why=error.message, conflicts=error.conflict.paths)
            except MigrateError as error:
                outcome = Outcome(name, target_branch(project, name), why=str(error))
            outcomes.append(outcome)
            told(outcome)
        keep(context, outcomes)
        return outcomes


def carried(context: Context, name: str, tip: Oid, resolutions: Mapping[str, Oid]) -> Outcome:
    """Carry one branch, without moving anything."""
    project = context.project
    branch = target_branch(project, name)
    now = context.snapshot.branch(branch)
    check_ours(context, branch, now)
    done = Carrying(project, name, world_of(context, name, tip), resolutions).carry()
    return Outcome(name, branch, done, is_same=now is not None and alike(project, done, now))


def keep(context: Context, outcomes: Sequence[Outcome]) -> None:
    """Move the branches of what was carried."""
    updates, names = [], []
    for outcome in outcomes:
        if outcome.carried is None or outcome.is_same:
            continue
        now = context.snapshot.branch(outcome.branch)
        updates.append(RefUpdate(BRANCH + outcome.branch, now, outcome.carried.tip))
        names.append(outcome.name)
    updates += unstopped(context)
    if updates:
        move(context, Operation(f"carry {', '.join(names)}", tuple(updates)))


def find(project: Project, name: str) -> tuple[str, Oid]:
    """A branch by its name, here or on the remote, and its short name. Raises `RefusedError` when there is none."""
    remote = project.plan.remote
    refs = exactly(project.repository, BRANCH + name, f"refs/remotes/{name}", f"refs/remotes/{remote}/{name}")
    short = name.removeprefix(f"{remote}/") if BRANCH + name not in refs else name
    if is_own(project, short):
        raise RefusedError(
            f'"{printable(name)}" belongs to the migration itself', advice="carry takes the branches of others"
        )
    if not refs:
        known = [*local_branches(project), *remote_branches(project)]
        raise RefusedError(
            f'there is no branch "{printable(name)}" here or on {remote}{did_you_mean(name, known)}',
            advice=f"git fetch {remote} brings what is new there; then run the command again",
        )
    return short, next(iter(refs.values()))


def local_branches(project: Project) -> dict[str, Oid]:
    """The branches here that are not the migration's own."""
    found = {ref.removeprefix(BRANCH): oid for ref, oid in read_refs(project.repository, "refs/heads").items()}
    return {name: oid for name, oid in found.items() if not is_own(project, name)}


def is_own(project: Project, name: str) -> bool:
    """Whether a branch belongs to the migration itself."""
    return name == project.plan.base or name.startswith(f"{project.plan.branch_prefix}/")


def remote_branches(project: Project) -> dict[str, Oid]:
    """The branches of the remote that are not the migration's own."""
    prefix = f"refs/remotes/{project.plan.remote}/"
    found = {ref.removeprefix(prefix): oid for ref, oid in read_refs(project.repository, prefix).items()}
    return {name: oid for name, oid in found.items() if name != "HEAD" and not is_own(project, name)}


def check_ours(context: Context, branch: str, now: Oid | None) -> None:
    """Raise `RefusedError` when somebody worked on the branch to which another one is carried."""
    project = context.project
    if now is None:
        return
    journal = read_journal(project.repository, project.names, context.snapshot.refs.get(project.names.journal))
    given = [update.new for entry in own(journal) for update in entry.refs if update.ref == BRANCH + branch]
    if given[-1:] != [now]:
        raise RefusedError(
            f"{branch} is there, and it is not as carry left it",
            advice=f"git branch -m {branch} NAME keeps it under another name; then run the command again",
        )


def alike(project: Project, done: Carried, now: Oid) -> bool:
    """Whether a branch holds just the commits that were carried, made at another time."""
    there = read_history(project.repository, [now], [done.world.target], changes=False)
    new = read_history(project.repository, [done.tip], [done.world.target], changes=False)
    return [(c.tree, c.message, c.authorship) for c in there.values()] == [
        (c.tree, c.message, c.authorship) for c in new.values()
    ] and bool(there)
