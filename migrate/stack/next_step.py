"""One conclusion over a whole stack, and the command to type next: a pure function that every command prints from."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from migrate.errors import Exit
from migrate.plan import builtin_phase
from migrate.stack.model import Stack
from migrate.stack.phase_state import OPEN, OrphanState, PhaseState, State, unable
from migrate.stack.revert_branches import Progress, RevertBranch
from migrate.stack.tracking import Place
from migrate.stack.unknown_history import UNSHALLOW, following
from migrate.text import plural
from migrate.validation.outcome import Outcome

NEEDS_HISTORY = frozenset({"next", "restack", "land", "finish", "pr"})
"""The commands that are not advised where a shallow clone hides what landed: all but `pr` are refused there."""
RUNS_PHASES = frozenset({"next", "restack"})
"""The commands that are refused while it is doubted whether a phase landed."""


@dataclass(frozen=True)
class Conclusion:
    """A sentence, the next command without the program's name, and why that one."""

    sentence: str
    command: str | None
    why: str = ""
    failed: str | None = None
    """The phase that failed."""


def conclude(stack: Stack) -> Conclusion:
    """What to say of a stack.

    The first of: a conflict pending, failed, not here, stale, not validated, to be made, waiting for a gate, done.
    While it is doubted whether a phase landed, `land` comes before what runs phases. In a shallow clone no command is
    next that needs to know what landed.
    """
    said = concluded(stack)
    if stack.doubted and first_word(said) in RUNS_PHASES:
        said = Conclusion(said.sentence, "land", f"first: looks closer whether {stack.doubted[0]} has landed")
    if stack.may_have_been_made and first_word(said) in RUNS_PHASES:
        unknown = f"This clone fetches no branch of a phase, so what {stack.plan.remote} has of them is not known"
        return Conclusion(f"{unknown}: {following(stack)} brings that.", None)
    if not stack.is_shallow or first_word(said) not in NEEDS_HISTORY:
        return said
    return Conclusion(f"{said.sentence} What comes next depends on what landed: {UNSHALLOW} brings that.", None)


def first_word(said: Conclusion) -> str:
    """The name of the command that is next."""
    return (said.command or "").partition(" ")[0]


def concluded(stack: Stack) -> Conclusion:
    """The same, as if all history were here and nothing were doubted."""
    if stack.stopped is not None:
        return Conclusion(f"{stack.stopped.sentence}.", "continue", "when it is settled; or: migrate abort")
    away = next((phase for phase in stack if phase.needs_sync), None)
    if away is not None:
        return not_here(stack, away)
    withdrawn = [phase.id for phase in stack if phase.remote.place is Place.WITHDRAWN]
    if withdrawn:
        remote = stack.plan.remote
        return Conclusion(
            f"{', '.join(withdrawn)} {'was' if len(withdrawn) == 1 else 'were'} taken back here; {remote} still has "
            f"{'it' if len(withdrawn) == 1 else 'them'}.",
            "sync",
            f"deletes {'it' if len(withdrawn) == 1 else 'them'} on {remote}",
        )
    failed = stack.first(State.FAILED)
    if failed is not None and stack.reverted_by(failed.id) is None:
        return has_failed(failed)
    revert = next((each for each in stack.reverts if each.is_waiting), None)
    if revert is not None:
        return to_be_reverted(stack, revert)
    late = next((p for p in stack if p.id == builtin_phase.ID and p.state is State.PENDING), None)
    if late is not None:
        return Conclusion(f"{late.reason}.", "restack", "takes them to where they belong")
    stale = stack.first(State.STALE)
    broken = next((p for p in stack if p.state is State.STALE and p.source.problem is not None), None)
    if broken is not None:
        return cannot_run(broken)
    if stale is not None and stale.commit is None and may_be_known(stack, stale):
        return Conclusion(f"{stale.id}: {stale.reason}.", "sync", "brings what the phase made")
    if stale is not None and stale.commit is None:
        return Conclusion(
            f"{stale.id}: {stale.reason}. Give it another name.", "next", f"after git branch -m {stale.branch} NAME"
        )
    if stale is not None and stack.stranded is not None:
        said = f"{stranded(stack, stack.stranded)}; {stale.id} cannot run again before somebody says whose they are"
        return Conclusion(f"{said}: {whose(stack, stack.stranded)}.", None)
    if stale is not None:
        return to_be_restacked(stack, stale)
    unrun = unvalidated(stack)
    if unrun:
        return not_validated(stack, unrun)
    return to_be_made(stack) or all_made(stack)


def not_here(stack: Stack, phase: PhaseState) -> Conclusion:
    """What to say of a phase of which the remote has more than this clone: it comes here, unless it was ended here."""
    remote = stack.plan.remote
    if stack.is_ended:
        said = f"{stack.plan.name} was finished here, and {remote} still has some of it."
        return Conclusion(said, "finish --abandon", f"deletes that on {remote}, too")
    where = phase.remote.words(remote)
    return Conclusion(f"{phase.id} is {where}; this clone does not have that.", "sync", "brings it here")


def exit_code(stack: Stack) -> Exit:
    """How `status --exit-code` ends: done when every phase passed, or is part of the base or of a phase that did."""
    if stack.stopped is not None:
        return Exit.CONFLICT
    if any(phase.state is State.FAILED or phase.failed for phase in stack):
        return Exit.FAILED
    done = all(phase.state in (State.PASSED, State.LANDED, State.MERGED) for phase in stack)
    return Exit.DONE if done else Exit.INCOMPLETE


def has_failed(phase: PhaseState) -> Conclusion:
    """What to say of a phase that failed: no commit fixes what could not run."""
    missing = unable(phase.validations)
    following = (f"validate {phase.id}", f"when {missing} can run here") if missing else ("rollback", phase.id)
    return Conclusion(f"{phase.id} {phase.reason}", *following, failed=phase.id)


def to_be_reverted(stack: Stack, revert: RevertBranch) -> Conclusion:
    """What to say where a branch takes phases back: it must get to the remote, and be merged there."""
    failed = next((phase for phase in stack if phase.id in revert.phases and phase.state is State.FAILED), None)
    why = f"{failed.id} {failed.reason}. " if failed else ""
    what = f"{why}{revert.branch} takes back {', '.join(revert.phases)}"
    if revert.progress is Progress.UNPUSHED and stack.is_shared:
        return Conclusion(f"{what}; it is not on {stack.plan.remote} yet.", "sync", "pushes it")
    return Conclusion(f"{what}; it waits to be merged.", f"pr {revert.phases[0]} --revert", "its pull request")


def stranded(stack: Stack, orphan: OrphanState) -> str:
    """What is wrong with a branch of no phase that holds what a person did."""
    where, edits = orphan.where(stack.plan.remote), plural(len(orphan.hand_edits), "hand edit")
    return f"{orphan.branch} ({where}) is the branch of no phase of the plan, and holds {edits}"


def whose(stack: Stack, orphan: OrphanState) -> str:
    """What to do about it."""
    away = f"git branch -m {orphan.branch} NAME"
    if orphan.orphan.here is None:
        away = f"git push {stack.plan.remote} --delete {orphan.branch}"
    name = orphan.orphan.name.shown
    said = f'write formerly=("{name}",) into the PHASE of the phase that it is now'
    return f"{said}; or, when none is to have them: {away}"


def to_be_restacked(stack: Stack, stale: PhaseState) -> Conclusion:
    """What to say of a phase that must run again: where its module may be older here than on the remote, that first."""
    said = f"{stale.id} is stale: {stale.reason}."
    if stack.remote_newer and stale.trailers is not None and not stale.source.is_made_from(stale.trailers.source):
        return Conclusion(said, "restack --fetch", f"runs it again as {stack.plan.remote} has it, which is ahead")
    return Conclusion(said, "restack", "runs it again, with what stands on it")


def may_be_known(stack: Stack, phase: PhaseState) -> bool:
    """Whether the remote may tell which commit of a branch is the phase's: this clone has not asked it yet."""
    return phase.published and not stack.has_journal


def advice_without_commit(stack: Stack, phase: PhaseState, command: str) -> str:
    """What to do about a branch that holds no commit of its phase, so that a command can be typed again."""
    if may_be_known(stack, phase):
        return f"migrate sync brings what the phase made; then: migrate {command}"
    return f"git branch -m {phase.branch} NAME keeps that branch under another name; then: migrate {command}"


def to_be_made(stack: Stack) -> Conclusion | None:
    """What to say where a phase can be made."""
    phase = stack.first(State.UNKNOWN, *OPEN)
    if phase is None:
        return None
    if phase.state is State.UNKNOWN:
        return Conclusion(f"{phase.id}: {phase.reason}.", "next")
    if phase.source.problem is not None:
        return cannot_run(phase)
    done = sum(each.exists or each.state in (State.LANDED, State.MERGED) for each in stack)
    if phase.state is State.REVERTED:
        return Conclusion(f"{phase.id} was {phase.reason}.", "next", "makes it again")
    return Conclusion(f"{done} of {plural(len(stack.phases), 'phase')} done.", "next", phase.id)


def all_made(stack: Stack) -> Conclusion:
    """What to say of a stack in which nothing is left to make."""
    if all(phase.state is State.LANDED for phase in stack):
        finishing = ("finish", "removes what was kept of the migration") if stack.has_journal else (None,)
        return Conclusion(f"{every(stack, 'has', 'have')} landed.", *finishing)
    for phase in stack:
        for validation in phase.validations:
            if validation.outcome is Outcome.WAITING:
                return to_be_approved(stack, phase, validation.spec.name)
    return Conclusion(all_passed(stack), "pr --all --out pull-requests", "the descriptions")


def to_be_approved(stack: Stack, phase: PhaseState, gate: str) -> Conclusion:
    """What to say of a gate that waits: an approval is of a tree, so what gives the phase another one comes first."""
    said = f"{every(stack, 'is', 'are')} made; {phase.id} waits for the gate {gate}"
    first = before_approving(stack)
    if first is not None:
        why = "do this first: it drops approvals that were given before"
        return Conclusion(f"{said}, and {stack.plan.base} has moved on.", first, why)
    return Conclusion(f"{said}.", f"approve {phase.id} {shlex.quote(gate)}", "when a person has done it")


def before_approving(stack: Stack) -> str | None:
    """The command that brings the stack onto commits that the base has since; None where it stands on all of them."""
    if stack.stranded is not None or not (stack.newer or stack.remote_newer):
        return None
    return "restack --fetch" if stack.remote_newer else "restack"


def cannot_run(phase: PhaseState) -> Conclusion:
    """What to say of the phase that is to run next, when its module is broken."""
    return Conclusion(f"{phase.id} cannot run: {phase.source.trouble}.", "plan", "when that is fixed")


def unvalidated(stack: Stack) -> tuple[PhaseState, ...]:
    """The phases with a validation that has not run on their present tree: it was interrupted, or left out."""
    return tuple(phase for phase in stack if any(v.outcome is None for v in phase.validations))


def not_validated(stack: Stack, phases: tuple[PhaseState, ...]) -> Conclusion:
    """What to say of phases whose validations have not run."""
    if len(phases) > 1:
        made = sum(phase.exists for phase in stack)
        which = f"{len(phases)} of the {made}" if len(phases) < made else f"The {made}"
        return Conclusion(f"{which} phases made are not validated.", "validate --all")
    names = [v.spec.name for v in phases[0].validations if v.outcome is None]
    return Conclusion(
        f"{phases[0].id} is made, but not validated: {', '.join(names)} did not run.", f"validate {phases[0].id}"
    )


def all_passed(stack: Stack) -> str:
    """The sentence for a stack with nothing left to do; what could not run is not called passed."""
    states = [validation for phase in stack for validation in phase.validations]
    missing = dict.fromkeys(v.spec.name for v in states if v.outcome is Outcome.UNAVAILABLE)
    but = f"; {', '.join(missing)} could not run" if missing else ""
    if all(phase.state is State.PASSED for phase in stack):
        return f"{every(stack)} passed{but}."
    counted = ((state, sum(phase.state is state for phase in stack)) for state in State)
    counts = ", ".join(f"{count} {state}" for state, count in counted if count)
    return f"{every(stack, 'is', 'are')} made: {counts}{but}."


def every(stack: Stack, one: str = "", many: str = "") -> str:
    """The subject of a sentence about the whole stack, with its verb in the right number."""
    total = len(stack.phases)
    return f"The one phase {one}".rstrip() if total == 1 else f"All {total} phases {many}".rstrip()
