"""Pushing what a sync gives: at once where the remote can do that, and else in an order that is sound at every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from migrate.errors import RefusedError, RepositoryError
from migrate.git.fetch import list_refs
from migrate.git.objects import Oid
from migrate.git.paths import folders_of, parents
from migrate.git.push import Answer, NotAtomicError, Push, push
from migrate.git.refs import RefUpdate, exactly, read_refs
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import Action, Role
from migrate.orchestrator.sharing.remote_state import Heard, tracking_of
from migrate.orchestrator.sharing.sync_plan import Exchange
from migrate.stack.project import Project


@dataclass(frozen=True)
class Published:
    """What was pushed and what was not, and what the remote said of that, or the error when it said nothing."""

    pushed: tuple[Push, ...]
    left: tuple[Push, ...] = ()
    answer: Answer = field(default_factory=Answer)
    error: RefusedError | None = None


@dataclass(frozen=True)
class Step:
    """One ref to push. What has the same `place` goes together, lower ones first."""

    place: tuple[int, int]
    push: Push


def publish(project: Project, steps: Sequence[Step], told: Callable[[str], None]) -> Published:
    """Push all of it or nothing; one step after the other where the remote cannot do that, which is told."""
    repository, remote = project.repository, project.plan.remote
    pushes = tuple(step.push for step in steps)
    try:
        answer = push(repository, remote, pushes, atomic=True)
    except NotAtomicError:
        told(f"{remote} cannot take several branches at once; they go one by one, the journal last.")
    else:
        if not answer.rejected:
            return Published(pushes)
        there = taken(project, pushes)
        return Published(there, tuple(each for each in pushes if each not in there), answer)
    pushed: list[Push] = []
    for _, group in groupby(steps, key=lambda step: step.place):
        together = [step.push for step in group]
        try:
            answer = push(repository, remote, together, atomic=False)
        except RefusedError as error:
            return Published(tuple(pushed), pushes[len(pushed) :], error=error)
        pushed += [each for each in together if each.ref not in answer.rejected]
        if answer.rejected:
            return Published(tuple(pushed), tuple(each for each in pushes if each not in pushed), answer)
    return Published(tuple(pushed))


def taken(project: Project, pushes: Sequence[Push]) -> tuple[Push, ...]:
    """What a remote took though it said that it did not: a git that is killed there stops when some refs have moved.

    Nothing, where the remote cannot be asked.
    """
    with suppress(RepositoryError):
        there = list_refs(project.repository, project.plan.remote, *(each.ref for each in pushes))
        return tuple(each for each in pushes if each.old != each.new and there.get(each.ref) == each.new)
    return ()


def refusal(project: Project, published: Published, again: str = "migrate sync") -> RefusedError:
    """The error for what the remote did not take; `again` is what to type then."""
    remote, answer = project.plan.remote, published.answer
    pushed, left = (", ".join(short(each.ref) for each in pushes) for pushes in (published.pushed, published.left))
    if published.error is not None:
        done = f"pushed: {pushed or 'nothing'}; not known to be pushed: {left}"
        return RefusedError(f"{published.error.message}; {done}", advice=published.error.advice)
    done = f"pushed: {pushed}; not pushed: {left}" if pushed else "nothing was pushed"
    if answer.locks:
        return RefusedError(
            f"{remote} has what a git that works there, or was killed there, left ({', '.join(answer.locks)}): {done}",
            advice=f"wait for it; if none works there, on {remote}: rm {' '.join(answer.locks)}; then: {again}",
        )
    if answer.is_race:
        names = ", ".join(map(short, answer.causes))
        return RefusedError(
            f"somebody pushed to {remote} in between ({names}): {done}",
            advice="migrate sync takes that, and pushes again",
        )
    causes = ", ".join(f"{short(ref)} ({why})" for ref, why in answer.causes.items())
    said = f"; it said: {answer.said}" if answer.said else ""
    return RefusedError(f"{remote} refused {causes}{said}: {done}", advice=f"see to that; then: {again}")


def short(ref: str) -> str:
    """A ref as people name it."""
    return ref.removeprefix(BRANCH).removeprefix("refs/")


def steps(project: Project, exchange: Exchange, heard: Heard) -> list[Step]:
    """What is pushed once everything has moved here, in an order in which an interruption leaves something sound.

    First what nothing else speaks of, then the branches, bottom first, each with what is known of its phase, then the
    receipts and the journal, which speak of all the rest.
    """
    names = project.names
    archive = read_refs(project.repository, names.archive_prefix)
    folders = folders_of(heard.refs)
    # git has no ref below another one: what others put in the way there is not pushed.
    free = (ref for ref in archive if ref not in folders and heard.refs.keys().isdisjoint([ref, *parents(ref)]))
    missing = {ref: archive[ref] for ref in free}
    found = [Step((0, 0), Push(ref, heard.strange.get(ref), oid)) for ref, oid in missing.items()]
    found += [Step((0, 0), Push(ref, oid, None)) for ref, oid in exchange.pruned.items()]
    order = {each.sides.phase: i for i, each in enumerate(exchange.having(*Action, role=Role.BRANCH))}
    for each in exchange.having(Action.PUSH, Action.MERGE, Action.DELETE):
        role = each.sides.role
        last = {Role.RECEIPTS: (2, 0), Role.RESOLUTIONS: (2, 1)}
        place = {Role.MADE: (1, order.get(each.sides.phase, 0)), **last}.get(role, (0, 0))
        if role is Role.BRANCH:
            place = (1, order[each.sides.phase])
        new = exchange.merged if each.action is Action.MERGE else each.sides.ours
        found.append(Step(place, Push(each.ref, each.sides.theirs or heard.strange.get(each.ref), new)))
    tip = read_refs(project.repository, names.journal).get(names.journal)
    if tip is not None and tip != exchange.journals.theirs:
        there = exchange.journals.theirs or heard.strange.get(names.journal)
        found.append(Step((3, 0), Push(names.journal, there, tip)))
    return sorted(found, key=lambda step: step.place)


def after_push(project: Project, pushed: Sequence[Push]) -> list[RefUpdate]:
    """What is noted when some refs were pushed: the remote has them now."""
    plan, names = project.plan, project.names
    branches = f"{BRANCH}{plan.branch('')}"
    noted: dict[str, Oid | None] = {}
    for each in pushed:
        if not each.ref.startswith(names.archive_prefix):
            noted[names.synced(plan.remote, each.ref)] = each.new
        tracking = tracking_of(plan, each.ref)
        if tracking is not None:
            noted[tracking] = each.new
        if each.ref.startswith(branches):
            noted[names.withdrawn(each.ref.removeprefix(branches))] = None
    before = exactly(project.repository, *noted)
    return [RefUpdate(ref, before.get(ref), oid) for ref, oid in noted.items() if before.get(ref) != oid]
