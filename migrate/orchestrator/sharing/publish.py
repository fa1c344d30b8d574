"""Pushing what a sync gives: at once where the remote can do that, and else in an order that is sound at every step."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby

from migrate.errors import RefusedError, RepositoryError
from migrate.git.fetch import list_refs
from migrate.git.objects import CommitId
from migrate.git.paths import folders_of_paths, parents
from migrate.git.push import Folder, NotAtomicError, PushAnswer, RefPush, push_refs
from migrate.git.refs import AT_ONCE, RefUpdate, exactly, read_refs
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.ref_values import RefAction, RefRole
from migrate.orchestrator.sharing.remote_state import RemoteState, tracking_of
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.stack.project import Project

FEW = 50
"""Up to so many refs of the archive are pushed by their names."""
LIMIT = 1000
"""So many refs, of up to 255 bytes each and named twice, are on one command line: Linux holds 2 MB."""
FIRST = (0, 0)
"""The place of what nothing else speaks of."""


@dataclass(frozen=True)
class Published:
    """What was pushed and what was not, and what the remote said of that, or the error when it said nothing."""

    pushed: tuple[RefPush, ...]
    left: tuple[RefPush, ...] = ()
    answer: PushAnswer = field(default_factory=PushAnswer)
    error: RefusedError | None = None


@dataclass(frozen=True)
class PushStep:
    """One ref to push. What has the same `place` goes together, lower ones first."""

    place: tuple[int, int]
    push: RefPush


def publish(
    project: Project, steps: Sequence[PushStep], told: Callable[[str], None], folder: Folder | None = None
) -> Published:
    """Push all of it or nothing; one step after the other where the remote cannot do that, which is told.

    Those of a `folder` that the remote lacks go by its name.
    """
    repository, remote = project.repository, project.plan.remote
    pushes = tuple(step.push for step in steps)
    done: list[RefPush] = []
    try:
        for together in batches(steps, folder):
            answer = push_refs(repository, remote, together, atomic=True, folder=folder)
            if answer.rejected:
                done += accepted_pushes(project, together)
                return Published(tuple(done), tuple(each for each in pushes if each not in done), answer)
            done += together
    except NotAtomicError:
        told(f"{remote} cannot take several branches at once; they are pushed one by one, the journal last.")
    else:
        return Published(pushes)
    pushed: list[RefPush] = []
    for _, group in groupby(steps, key=lambda step: step.place):
        together = [step.push for step in group]
        try:
            answer = push_refs(repository, remote, together, atomic=False, folder=folder)
        except RefusedError as error:
            return Published(tuple(pushed), pushes[len(pushed) :], error=error)
        pushed += [each for each in together if each.ref not in answer.rejected]
        if answer.rejected:
            return Published(tuple(pushed), tuple(each for each in pushes if each not in pushed), answer)
    return Published(tuple(pushed))


def batches(steps: Sequence[PushStep], folder: Folder | None) -> list[list[RefPush]]:
    """What is pushed at once: all of it, unless a command line cannot name it.

    Then what nothing else speaks of goes first, so much at a time.
    """
    first = [step for step in steps if step.place == FIRST and not (folder and folder.stands_for(step.push))]
    if len(first) <= LIMIT:
        return [[step.push for step in steps]]
    early = {step.push.ref for step in first}
    rest = [step.push for step in steps if step.push.ref not in early]
    parts = [[step.push for step in first[at : at + LIMIT]] for at in range(0, len(first), LIMIT)]
    return [*parts, *([rest] if rest else [])]


def accepted_pushes(project: Project, pushes: Sequence[RefPush]) -> tuple[RefPush, ...]:
    """What a remote took though it said that it did not: a git that is killed there stops when some refs have moved.

    Nothing, where the remote cannot be asked.
    """
    with suppress(RepositoryError):
        names = [each.ref for each in pushes]
        # A command line has an end.
        there = list_refs(project.repository, project.plan.remote, *(names if len(names) <= AT_ONCE else ()))
        return tuple(each for each in pushes if each.old != each.new and there.get(each.ref) == each.new)
    return ()


def push_refusal(project: Project, published: Published, again: str = "migrate sync") -> RefusedError:
    """The error for what the remote did not take; `again` is what to type then."""
    remote, answer = project.plan.remote, published.answer
    pushed, left = (", ".join(short_ref(each.ref) for each in pushes) for pushes in (published.pushed, published.left))
    if published.error is not None:
        done = f"pushed: {pushed or 'nothing'}; perhaps pushed: {left}"
        return RefusedError(f"{published.error.message}; {done}", advice=published.error.advice)
    done = f"pushed: {pushed}; not pushed: {left}" if pushed else "nothing was pushed"
    if answer.locks:
        return RefusedError(
            f"{remote} has what a git that works there, or was killed there, left ({', '.join(answer.locks)}): {done}",
            advice=f"wait for it; if none works there, on {remote}: rm {' '.join(answer.locks)}; then: {again}",
        )
    if answer.is_race:
        names = ", ".join(map(short_ref, answer.causes))
        return RefusedError(
            f"somebody else pushed to {remote} meanwhile ({names}): {done}",
            advice="migrate sync takes it and pushes again",
        )
    causes = ", ".join(f"{short_ref(ref)} ({why})" for ref, why in answer.causes.items())
    output = f"; it said: {answer.output}" if answer.output else ""
    return RefusedError(f"{remote} refused {causes}{output}: {done}", advice=f"fix that; then: {again}")


def short_ref(ref: str) -> str:
    """A ref as people name it."""
    return ref.removeprefix(BRANCH).removeprefix("refs/")


def push_steps(project: Project, exchange: SyncPlan, remote_state: RemoteState) -> list[PushStep]:
    """What is pushed once everything has moved here, in an order in which an interruption leaves something sound.

    First what nothing else speaks of, then the branches, bottom first, each with what is known of its phase, then the
    receipts and the journal, which speak of all the rest.
    """
    names = project.names
    archive = read_refs(project.repository, names.archive_prefix)
    folders = folders_of_paths(remote_state.refs)
    # git has no ref below another one: what others put in the way there is not pushed.
    free = (ref for ref in archive if ref not in folders and remote_state.refs.keys().isdisjoint([ref, *parents(ref)]))
    missing = {ref: archive[ref] for ref in free}
    found = [PushStep(FIRST, RefPush(ref, remote_state.strange.get(ref), oid)) for ref, oid in missing.items()]
    found += [PushStep(FIRST, RefPush(ref, oid, None)) for ref, oid in exchange.pruned.items()]
    order = {each.ref_values.phase: i for i, each in enumerate(exchange.having(*RefAction, role=RefRole.BRANCH))}
    for each in exchange.having(RefAction.PUSH, RefAction.MERGE, RefAction.DELETE):
        role = each.ref_values.role
        last = {RefRole.RECEIPTS: (2, 0), RefRole.RESOLUTIONS: (2, 1)}
        place = {RefRole.MADE: (1, order.get(each.ref_values.phase, 0)), **last}.get(role, FIRST)
        if role is RefRole.BRANCH:
            place = (1, order[each.ref_values.phase])
        new = exchange.merged if each.action is RefAction.MERGE else each.ref_values.local
        found.append(
            PushStep(place, RefPush(each.ref, each.ref_values.remote or remote_state.strange.get(each.ref), new))
        )
    tip = read_refs(project.repository, names.journal).get(names.journal)
    # Whoever pushes into the archive pushes the journal, too: its lease holds for both.
    if tip is not None and (tip != exchange.journals.remote_tip or len(missing) > FEW):
        there = exchange.journals.remote_tip or remote_state.strange.get(names.journal)
        found.append(PushStep((3, 0), RefPush(names.journal, there, tip)))
    return sorted(found, key=lambda step: step.place)


def archive_folder(project: Project, remote_state: RemoteState, steps: Sequence[PushStep]) -> Folder | None:
    """What stands for the archive, where many of its refs are to be pushed, and few of those that are here are not."""
    archive = read_refs(project.repository, project.names.archive_prefix)
    pushed = {step.push.ref for step in steps if step.push.new is not None} & archive.keys()
    besides = [ref for ref, oid in archive.items() if ref not in pushed and remote_state.refs.get(ref) != oid]
    if len(pushed) <= FEW or len(besides) > FEW:
        return None
    return Folder(project.names.archive_prefix, tuple(besides))


def after_push(project: Project, pushed: Sequence[RefPush]) -> list[RefUpdate]:
    """What is noted when some refs were pushed: the remote has them now."""
    plan, names = project.plan, project.names
    branches = f"{BRANCH}{plan.branch('')}"
    noted: dict[str, CommitId | None] = {}
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
