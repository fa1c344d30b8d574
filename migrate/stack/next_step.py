"""One conclusion over a whole stack, and the command to type next: a pure function that every command prints from."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from migrate.errors import Exit
from migrate.plan import builtin_phase
from migrate.stack.model import Stack
from migrate.stack.phase_state import OPEN, OrphanState, PhaseState, State, unable
from migrate.stack.revert_branches import RevertBranch, RevertProgress
from migrate.stack.tracking import BranchPlace
from migrate.stack.unknown_history import command_that_fetches, unshallow
from migrate.text import plural
from migrate.validation.outcome import Outcome

NEEDS_HISTORY = frozenset({"next", "restack", "land", "finish", "pr"})
"""The commands that are not advised where a shallow clone hides what landed: all but `pr` are refused there."""
RUNS_PHASES = frozenset({"next", "restack"})
"""The commands that are refused while it is doubted whether a phase landed."""


@dataclass(frozen=True)
class NextStep:
    """A sentence, the next command without the program's name, and why that one."""

    sentence: str
    command: str | None
    why: str = ""
    failed: str | None = None
    """The phase that failed."""


def next_step_of(stack: Stack) -> NextStep:
    """What to say of a stack.

    The first of: a conflict pending, failed, not here, stale, not validated, to be made, waiting for a gate, done.
    While it is doubted whether a phase landed, `land` comes before what runs phases. In a shallow clone no command is
    next that needs to know what landed.
    """
    step = next_step_with_history(stack)
    if stack.doubted and first_word(step) in RUNS_PHASES:
        step = NextStep(step.sentence, "land", f"first, to check whether {stack.doubted[0]} has landed")
    if stack.may_have_been_made and first_word(step) in RUNS_PHASES:
        unknown = f"This clone fetches no phase branches, so what {stack.plan.remote} has is not known"
        return NextStep(f"{unknown}: {command_that_fetches(stack)} brings that.", None)
    if not stack.is_shallow or first_word(step) not in NEEDS_HISTORY:
        return step
    fetches = f"{unshallow(stack.plan.remote)} fetches it"
    return NextStep(f"{step.sentence} The next step depends on what landed: {fetches}.", None)


def first_word(step: NextStep) -> str:
    """The name of the command that is next."""
    return (step.command or "").partition(" ")[0]


def next_step_with_history(stack: Stack) -> NextStep:
    """The same, as if all history were here and nothing were doubted."""
    if stack.pending_conflict is not None:
        return NextStep(f"{stack.pending_conflict.sentence}.", "continue", "when it is resolved; or: migrate abort")
    away = next((phase for phase in stack if phase.needs_sync), None)
    if away is not None:
        return step_when_not_here(stack, away)
    withdrawn = [phase.id for phase in stack if phase.remote.place is BranchPlace.WITHDRAWN]
    if withdrawn:
        remote = stack.plan.remote
        return NextStep(
            f"{', '.join(withdrawn)} {'was' if len(withdrawn) == 1 else 'were'} taken back here; {remote} still has "
            f"{'it' if len(withdrawn) == 1 else 'them'}.",
            "sync",
            f"deletes {'it' if len(withdrawn) == 1 else 'them'} on {remote}",
        )
    failed = stack.first(State.FAILED)
    if failed is not None and stack.reverted_by(failed.id) is None:
        return step_after_failure(failed)
    revert = next((each for each in stack.reverts if each.is_waiting), None)
    if revert is not None:
        return step_for_revert(stack, revert)
    late = next((p for p in stack if p.id == builtin_phase.ID and p.state is State.PENDING), None)
    if late is not None:
        return NextStep(f"{late.reason}.", "restack", "moves them to where they belong")
    stale = stack.first(State.STALE)
    broken = next((p for p in stack if p.state is State.STALE and p.source.problem is not None), None)
    if broken is not None:
        return step_when_unable(broken)
    if stale is not None and stale.commit is None and may_be_known(stack, stale):
        return NextStep(f"{stale.id}: {stale.reason}.", "sync", "brings what the phase made")
    if stale is not None and stale.commit is None:
        return NextStep(
            f"{stale.id}: {stale.reason}. Give it another name.", "next", f"after git branch -m {stale.branch} NAME"
        )
    if stale is not None and stack.stranded is not None:
        step = f"{stranded(stack, stack.stranded)}; {stale.id} cannot run again before somebody says whose they are"
        return NextStep(f"{step}: {whose_step(stack, stack.stranded)}.", None)
    if stale is not None:
        return step_for_restack(stack, stale)
    unrun = step_when_unvalidated(stack)
    if unrun:
        return step_for_validation(stack, unrun)
    return step_for_pending(stack) or step_when_all_made(stack)


def step_when_not_here(stack: Stack, phase: PhaseState) -> NextStep:
    """What to say of a phase of which the remote has more than this clone: it comes here, unless it was ended here."""
    remote = stack.plan.remote
    if stack.is_ended:
        step = f"{stack.plan.name} was finished here, but {remote} still has some of it."
        return NextStep(step, "finish --abandon", f"deletes it on {remote}, too")
    where = phase.remote.words(remote)
    return NextStep(f"{phase.id} is {where}; this clone does not have it.", "sync", "brings it here")


def exit_code_of(stack: Stack) -> Exit:
    """How `status --exit-code` ends: done when every phase passed, or is part of the base or of a phase that did."""
    if stack.pending_conflict is not None:
        return Exit.CONFLICT
    if any(phase.state is State.FAILED or phase.failed for phase in stack):
        return Exit.FAILED
    done = all(phase.state in (State.PASSED, State.LANDED, State.MERGED) for phase in stack)
    return Exit.DONE if done else Exit.INCOMPLETE


def step_after_failure(phase: PhaseState) -> NextStep:
    """What to say of a phase that failed: no commit fixes what could not run."""
    missing = unable(phase.validations)
    following = (f"validate {phase.id}", f"when {missing} can run here") if missing else ("rollback", phase.id)
    return NextStep(f"{phase.id} {phase.reason}", *following, failed=phase.id)


def step_for_revert(stack: Stack, revert: RevertBranch) -> NextStep:
    """What to say where a branch takes phases back: it must get to the remote, and be merged there."""
    failed = next((phase for phase in stack if phase.id in revert.phases and phase.state is State.FAILED), None)
    why = f"{failed.id} {failed.reason}. " if failed else ""
    what = f"{why}{revert.branch} takes back {', '.join(revert.phases)}"
    if revert.progress is RevertProgress.UNPUSHED and stack.is_shared:
        return NextStep(f"{what}; it is not on {stack.plan.remote} yet.", "sync", "pushes it")
    return NextStep(f"{what}; it waits to be merged.", f"pr {revert.phases[0]} --revert", "its pull request")


def stranded(stack: Stack, orphan: OrphanState) -> str:
    """What is wrong with a branch of no phase that holds what a person did."""
    where, edits = orphan.where(stack.plan.remote), plural(len(orphan.hand_edits), "hand edit")
    return f"{orphan.branch} ({where}) belongs to no phase of the plan, and holds {edits}"


def whose_step(stack: Stack, orphan: OrphanState) -> str:
    """What to do about it."""
    away = f"git branch -m {orphan.branch} NAME"
    if orphan.orphan.here is None:
        away = f"git push {stack.plan.remote} --delete {orphan.branch}"
    name = orphan.orphan.name.shown
    step = f'write formerly=("{name}",) into the PHASE of the phase that it is now'
    return f"{step}; or, if no phase should have them: {away}"


def step_for_restack(stack: Stack, stale: PhaseState) -> NextStep:
    """What to say of a phase that must run again: where its module may be older here than on the remote, that first."""
    step = f"{stale.id} is stale: {stale.reason}."
    if stack.remote_newer and stale.trailers is not None and not stale.source.is_made_from(stale.trailers.source):
        return NextStep(step, "restack --fetch", f"runs it again as {stack.plan.remote} has it, which is ahead")
    return NextStep(step, "restack", "runs it again, with the phases above it")


def may_be_known(stack: Stack, phase: PhaseState) -> bool:
    """Whether the remote may tell which commit of a branch is the phase's: this clone has not asked it yet."""
    return phase.published and not stack.has_journal


def advice_without_commit(stack: Stack, phase: PhaseState, command: str) -> str:
    """What to do about a branch that holds no commit of its phase, so that a command can be typed again."""
    if may_be_known(stack, phase):
        return f"migrate sync brings what the phase made; then: migrate {command}"
    return f"git branch -m {phase.branch} NAME keeps that branch under another name; then: migrate {command}"


def step_for_pending(stack: Stack) -> NextStep | None:
    """What to say where a phase can be made."""
    phase = stack.first(State.UNKNOWN, *OPEN)
    if phase is None:
        return None
    if phase.state is State.UNKNOWN:
        return NextStep(f"{phase.id}: {phase.reason}.", "next")
    if phase.source.problem is not None:
        return step_when_unable(phase)
    done = sum(each.exists or each.is_merged for each in stack)
    if phase.state is State.REVERTED:
        return NextStep(f"{phase.id} was {phase.reason}.", "next", "makes it again")
    return NextStep(f"{done} of {plural(len(stack.phases), 'phase')} done.", "next", phase.id)


def step_when_all_made(stack: Stack) -> NextStep:
    """What to say of a stack in which nothing is left to make."""
    if all(phase.state is State.LANDED for phase in stack):
        finishing = ("finish", "deletes the data of the migration") if stack.has_journal else (None,)
        return NextStep(f"{all_names(stack, 'has', 'have')} landed.", *finishing)
    for phase in stack:
        for validation in phase.validations:
            if validation.outcome is Outcome.WAITING:
                return step_for_gate(stack, phase, validation.spec.name)
    if stack.plan.forge.is_given:
        return NextStep(step_when_all_passed(stack), "submit", "opens the pull requests, or updates them")
    return NextStep(step_when_all_passed(stack), "pr --all --out pull-requests", "the descriptions")


def step_for_gate(stack: Stack, phase: PhaseState, gate: str) -> NextStep:
    """What to say of a gate that waits: an approval is of a tree, so what gives the phase another one comes first."""
    step = f"{all_names(stack, 'is', 'are')} made; {phase.id} waits for the gate {gate}"
    first = before_approving(stack)
    if first is not None:
        why = "do this first: it invalidates earlier approvals"
        return NextStep(f"{step}, and {stack.plan.base} has newer commits.", first, why)
    return NextStep(f"{step}.", f"approve {phase.id} {shlex.quote(gate)}", "when a person has done it")


def before_approving(stack: Stack) -> str | None:
    """The command that brings the stack onto commits that the base has since; None where it stands on all of them."""
    if stack.stranded is not None or not (stack.newer or stack.remote_newer):
        return None
    return "restack --fetch" if stack.remote_newer else "restack"


def step_when_unable(phase: PhaseState) -> NextStep:
    """What to say of the phase that is to run next, when its module is broken."""
    return NextStep(f"{phase.id} cannot run: {phase.source.trouble}.", "plan", "when that is fixed")


def step_when_unvalidated(stack: Stack) -> tuple[PhaseState, ...]:
    """The phases with a validation that has not run on their present tree: it was interrupted, or left out."""
    return tuple(phase for phase in stack if any(v.outcome is None for v in phase.validations))


def step_for_validation(stack: Stack, phases: tuple[PhaseState, ...]) -> NextStep:
    """What to say of phases whose validations have not run."""
    if len(phases) > 1:
        made = sum(phase.exists for phase in stack)
        which = f"{len(phases)} of the {made}" if len(phases) < made else f"The {made}"
        return NextStep(f"{which} phases made are not validated.", "validate --all")
    names = [v.spec.name for v in phases[0].validations if v.outcome is None]
    return NextStep(
        f"{phases[0].id} is made, but not validated: {', '.join(names)} did not run.", f"validate {phases[0].id}"
    )


def step_when_all_passed(stack: Stack) -> str:
    """The sentence for a stack with nothing left to do; what could not run is not called passed."""
    states = [validation for phase in stack for validation in phase.validations]
    missing = dict.fromkeys(v.spec.name for v in states if v.outcome is Outcome.UNAVAILABLE)
    but = f"; {', '.join(missing)} could not run" if missing else ""
    if all(phase.state is State.PASSED for phase in stack):
        return f"{all_names(stack)} passed{but}."
    counted = ((state, sum(phase.state is state for phase in stack)) for state in State)
    counts = ", ".join(f"{count} {state}" for state, count in counted if count)
    return f"{all_names(stack, 'is', 'are')} made: {counts}{but}."


def all_names(stack: Stack, one: str = "", many: str = "") -> str:
    """The subject of a sentence about the whole stack, with its verb in the right number."""
    total = len(stack.phases)
    return f"The one phase {one}".rstrip() if total == 1 else f"All {total} phases {many}".rstrip()
