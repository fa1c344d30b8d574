"""What a phase that has been run is: whether it is stale, and what its validations say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from migrate.git.objects import CommitId, TreeId
from migrate.plan.model import Plan
from migrate.plan.phase_source import PhaseSource
from migrate.plan.validation import Validation
from migrate.stack.branches import phase_commit
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.stack.snapshot import Snapshot
from migrate.stack.trailers import trailers_of
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import Signature
from migrate.validation.receipts import Receipts


def evaluate_phase(
    plan: Plan, snapshot: Snapshot, phase: PhaseState, base: TreeId | None, expected: CommitId | None, broken: str
) -> PhaseState:
    """A phase that has been run, with its state and the reason for it; `base` is the tree that it is compared with."""
    position = next(index for index, source in enumerate(plan.sources) if source.id == phase.id)
    held = phase.held
    higher = plan.sources[position + 1 :] if held else ()
    merged = [source for source in higher if phase_commit(plan, source, held) is not None]
    phase = with_validations(plan, snapshot, phase, base, merged)
    why = stale_because(snapshot, phase, expected, broken) or merged_stale_because(plan, phase, merged)
    if why:
        return replace(phase, state=State.STALE, reason=why)
    state, reason = validated_state(phase.validations, strict=plan.strict)
    return replace(phase, state=state, reason=reason)


def with_validations(
    plan: Plan, snapshot: Snapshot, phase: PhaseState, base: TreeId | None, merged: Sequence[PhaseSource] = ()
) -> PhaseState:
    """A phase with what is known of its validations, and of those of phases merged into it, on its branch's tip."""
    assert phase.tip is not None
    phases = validation_names(phase.source, *merged)
    specs = plan.validations_of(phase.source, *merged)
    return replace(phase, validations=states_of(snapshot.receipts, specs, phase.tip.tree, base, phases))


def validation_names(*sources: PhaseSource) -> tuple[str, ...]:
    """All names that phases have and had: on one of them a gate was confirmed."""
    return tuple(name for source in sources for name in (source.id, *source.declaration.formerly))


def states_of(
    receipts: Receipts, specs: Iterable[Validation], tree: TreeId, base: TreeId | None, phases: Sequence[str]
) -> tuple[ValidationState, ...]:
    """What is known of validations on a tree that some phases have; `base` is the tree that it is compared with."""
    return tuple(state_of(receipts, spec, tree, base, phases) for spec in specs)


def state_of(
    receipts: Receipts, spec: Validation, tree: TreeId, base: TreeId | None, phases: Sequence[str]
) -> ValidationState:
    """What is known of one validation."""
    found = receipts.of(tree, spec, base=base, phases=phases)
    if found is not None:
        return ValidationState(spec, found, signature=receipts.signature(found))
    earlier = receipts.earlier(spec, phases[0]) if spec.manual and phases else None
    doubted = receipts.doubted(tree, spec, base=base, phases=phases)
    doubt = receipts.signature(doubted) if doubted is not None else Signature.UNSIGNED
    return ValidationState(spec, None, earlier, doubted=doubted, doubt=doubt)


def validated_state(states: Sequence[ValidationState], *, strict: str) -> tuple[State, str]:
    """What the validations of a phase make of it, and why.

    One that could not run is a failure where `strict` says why it is, and none where that is empty.
    """
    for validation in states:
        said = validation.receipt.reason if validation.receipt else ""
        if validation.outcome is Outcome.FAILED:
            return State.FAILED, f"failed {validation.spec.name}" + (f": {said}" if said else "")
        if validation.outcome is Outcome.UNAVAILABLE and strict:
            why = f"could not run {validation.spec.name}, and {strict}"
            return State.FAILED, why + (f": {said}" if said else "")
    open_gates = [v.spec.name for v in states if v.outcome is Outcome.WAITING]
    unrun = [v.spec.name for v in states if v.outcome is None]
    if open_gates or unrun:
        parts = [f"gate: {', '.join(open_gates)}"] if open_gates else []
        parts += [f"not run: {', '.join(unrun)}"] if unrun else []
        parts += [f"{v.spec.name}: {v.before}" for v in states if v.doubted is not None]
        return State.WAITING, "; ".join(parts)
    if any(v.outcome is not None and v.outcome.is_good for v in states):
        return State.PASSED, ""
    missing = ", ".join(v.spec.name for v in states)
    return State.UNVALIDATED, f"could not run: {missing}" if missing else "the plan has no validation for it"


def stale_because(snapshot: Snapshot, phase: PhaseState, expected: CommitId | None, broken: str) -> str:
    """Why a phase no longer says what its commit says, or nothing."""
    assert phase.commit is not None
    assert phase.trailers is not None
    parent = phase.commit.parents[0] if phase.commit.parents else None
    if phase.former is not None:
        return f"it was {phase.former.name.shown} when it ran"
    if phase.lost_trailers:
        return "its commit was amended and lost its trailers; running it again puts them back"
    if phase.source.problem is not None:
        return phase.source.trouble
    if broken:
        return broken
    if expected is None and parent in snapshot.commits and not snapshot.is_cut:
        return "a phase below it has landed"
    if expected is not None and parent != expected:
        return "the branch that it stands on has moved"
    if not phase.source.is_made_from(phase.trailers.source):
        return "its module changed since it ran"
    return ""


def merged_stale_because(plan: Plan, phase: PhaseState, merged: Sequence[PhaseSource]) -> str:
    """Why a phase no longer is what the phases are that were merged into its branch, or nothing."""
    for source in merged:
        commit = phase_commit(plan, source, phase.held)
        trailers = trailers_of(commit.message, plan.name, source.id) if commit is not None else None
        if trailers is not None and not source.is_made_from(trailers.source):
            return f"the module of {source.id}, merged into it, changed since it ran"
    return ""
