"""`validate` and `approve`: receipts for the trees of the stack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from migrate.errors import GitFailedError, PlanError, RefusedError
from migrate.git.commit_signing import signs
from migrate.git.refs import RefUpdate
from migrate.git.writer import CommitWriter, commit_identity
from migrate.journal.record import Operation, carry_out, prepare
from migrate.orchestrator.reporter import Reporter
from migrate.orchestrator.transition import transition
from migrate.plan.validation import Validation
from migrate.stack.checked_out import ApartCommit, apart_from_phases, phases_at
from migrate.stack.entries import EntryKind
from migrate.stack.evaluation import states_of, validated_state, validation_names
from migrate.stack.model import Stack
from migrate.stack.phase_state import State, ValidationState
from migrate.stack.project import Context, Project
from migrate.stack.snapshot import signers_of
from migrate.stack.unknown_history import missing_history, no_phase
from migrate.text import did_you_mean, printable
from migrate.validation.progress import ValidationProgress
from migrate.validation.receipt import Receipt, Signature, approval_receipt, shareable
from migrate.validation.receipts import Receipts
from migrate.validation.session import ValidationTarget, validate_target
from migrate.validation.signatures import check_signatures, with_signature


@dataclass(frozen=True)
class Judgement:
    """What the validations of a commit of no phase make of it, and why."""

    validations: tuple[ValidationState, ...]
    state: State
    reason: str


@dataclass(frozen=True)
class Validated:
    """What was validated, and the state then: phases, or the commit of none that is checked out."""

    stack: Stack
    phases: tuple[str, ...] = ()
    apart: ApartCommit | None = None
    judgement: Judgement | None = None


def validation_failure(stack: Stack, name: str) -> str:
    """Why a phase failed, be it stale or not; nothing where it did not."""
    state, reason = validated_state(stack.get(name).validations, strict=stack.plan.strict)
    return reason if state is State.FAILED else ""


def validation_targets(context: Context, name: str | None, *, everything: bool) -> list[str]:
    """The phases to validate: all, the one named, the one whose branch is checked out, the failed one, the highest.

    Raises `RefusedError` when there is none.
    """
    stack = context.stack
    made = [phase for phase in stack if phase.exists]
    if everything:
        chosen = made
    elif name is not None:
        wanted = context.project.plan.phase(name).id
        chosen = [phase for phase in made if phase.id == wanted]
        if not chosen:
            raise no_branch(stack, wanted, "validate")
    else:
        failed = [phase for phase in made if phase.state is State.FAILED]
        chosen = list(phases_at(stack, context.snapshot.head)) or failed or made[-1:]
    if not chosen and any(phase.state is State.LANDED for phase in stack):
        raise RefusedError("what was made has landed, so there is nothing to validate", advice="migrate status")
    if not chosen:
        raise no_phase(stack)
    return [phase.id for phase in chosen]


def find_apart(context: Context) -> ApartCommit | None:
    """What is checked out, where that is of no phase that stands."""
    project, snapshot = context.project, context.snapshot
    remote = snapshot.published(project.plan.remote, project.plan.base)
    bases = [snapshot.base, *([remote] if remote is not None else [])]
    is_ancestor = project.repository.is_ancestor
    return apart_from_phases(context.stack, snapshot.head, lambda oid: any(is_ancestor(oid, base) for base in bases))


def validate(
    project: Project,
    name: str | None,
    reporter: Reporter,
    seen: Callable[[Stack, ApartCommit | None], None],
    *,
    everything: bool,
    again: bool,
) -> Validated:
    """Validate phases, bottom first, or what is checked out, where that is of no phase and none is named.

    A phase that fails does not keep the others from being looked at. `seen` is told the state before anything runs, and
    the commit of no phase. Raises `RefusedError` when there is nothing to validate.
    """
    with transition(project, "migrate validate"):
        context = project.look()
        found = find_apart(context) if name is None and not everything else None
        seen(context.stack, found)
        if found is not None:
            stack, judgement = validate_tree(context, found, reporter, again=again)
            return Validated(stack, apart=found, judgement=judgement)
        wanted = validation_targets(context, name, everything=everything)
        for phase in wanted:
            context = validate_announced(context, phase, reporter, again=again)
        return Validated(context.stack, tuple(wanted))


def validate_tree(
    context: Context, found: ApartCommit, progress: ValidationProgress, *, again: bool = False
) -> tuple[Stack, Judgement]:
    """Run the validations that concern a commit of no phase; the caller holds the lock."""
    project = context.project
    tree = project.repository.tree_of(found.commit)
    name = (found.branch or found.commit[:12]).removeprefix(f"{project.plan.branch_prefix}/")
    target = ValidationTarget(name, found.commit, tree, found.moved)
    receipts = run_and_record(context, target, found.validations, progress, again=again)
    context = project.look(before=context.snapshot, receipts=receipts)
    phases = validation_names(*(project.plan.phase(name) for name in (*found.takes_back, *filter(None, [found.phase]))))
    states = states_of(context.snapshot.receipts, found.validations, tree, context.stack.base_tree, phases)
    return context.stack, Judgement(states, *validated_state(states, strict=project.plan.strict))


def no_branch(stack: Stack, name: str, verb: str) -> RefusedError:
    """The error for a phase that was named and has no branch of its own, of which a command wants to do something."""
    phase = next((phase for phase in stack if phase.id == name), None)
    if phase is not None and phase.into:
        return RefusedError(
            f"{name} was merged into {phase.into} and no longer has a branch of its own",
            advice=f"name {phase.into}: it stands for both",
        )
    if phase is not None and phase.state is State.LANDED:
        return RefusedError(f"{name} has landed, so there is no branch to {verb}", advice="migrate status")
    hidden = phase is not None and phase.state is State.UNKNOWN
    advice = missing_history(stack.plan.remote) if hidden else f"migrate run --to {name} makes it"
    return RefusedError(f"{name} has no branch to {verb}" + (" here" if hidden else ""), advice=advice)


def validate_announced(context: Context, name: str, reporter: Reporter, *, again: bool = False) -> Context:
    """Validate one phase and tell how it begins and ends; the state then."""
    phase = context.stack.get(name)
    if not phase.exists:
        raise RefusedError(f"{name} lost its branch in the meantime", advice="migrate status")
    reporter.phase_started(phase.source)
    context = validate_phase(context, name, reporter, again=again)
    reporter.phase_finished(context.stack.get(name))
    return context


def validate_phase(context: Context, name: str, progress: ValidationProgress, *, again: bool = False) -> Context:
    """Run what has no good receipt on a phase's tree, and record the outcomes; the state then."""
    stack = context.stack
    phase = stack.get(name)
    assert phase.tip is not None
    moves = stack.moves_up_to((phase, *stack.merged(name))[-1])
    names = validation_names(phase.source, *(each.source for each in stack.merged(name)))
    target = ValidationTarget(phase.id, phase.tip.oid, phase.tip.tree, moves, names)
    specs = [validation.spec for validation in phase.validations]
    receipts = run_and_record(context, target, specs, progress, again=again)
    if receipts is context.snapshot.receipts:
        return context
    return context.project.look(before=context.snapshot, receipts=receipts)


def run_and_record(
    context: Context,
    target: ValidationTarget,
    specs: Sequence[Validation],
    progress: ValidationProgress,
    *,
    again: bool = False,
) -> Receipts:
    """Validate one target and record its receipts in one operation, also those that an interrupt leaves.

    All receipts that there are then: those of the snapshot themselves where none came.
    """
    project, stack = context.project, context.stack
    if not specs:
        return context.snapshot.receipts
    who = person_of(project)
    made: list[Receipt] = []
    tree_of = project.repository.tree_of
    try:
        base = ValidationTarget("base", stack.root(), tree_of(stack.root()))
    except GitFailedError:  # A shallow clone may end above what the stack stands on.
        base = ValidationTarget("base", stack.base, tree_of(stack.base))
    try:
        validate_target(
            project.repository,
            target,
            specs,
            base=base,
            receipts=context.snapshot.receipts,
            who=who,
            force=again,
            progress=progress,
            signed=receipt_signer(context) if project.plan.signed.receipts else lambda receipt: receipt,
            on_receipt=made.append,
        )
    finally:
        receipts = keep_receipt(context, f"validate {target.name}", made, EntryKind.FACT)
    return receipts


def approve(project: Project, phase_name: str, gate: str, note: str) -> tuple[Stack, Receipt]:
    """Record that a person confirmed a gate on a phase's present tree. The note of an approval before is kept.

    Raises `PlanError` for an unknown gate, `RefusedError` for a phase without a branch.
    """
    with transition(project, "migrate approve"):
        context = project.look()
        phase = context.stack.get(project.plan.phase(phase_name).id)
        gates = {spec.name: spec for spec in project.plan.validations_of(phase.source) if spec.manual}
        if gate not in gates:
            known = f"its gates: {', '.join(gates)}" if gates else "it has none"
            raise PlanError(f'{phase.id} has no gate "{printable(gate)}"{did_you_mean(gate, gates)}', advice=known)
        if phase.tip is None:
            raise RefusedError(f"{phase.id} has no branch, so there is nothing to approve", advice="migrate next")
        tip = phase.tip
        earlier = context.snapshot.receipts.of(tip.tree, gates[gate], base=None, phases=validation_names(phase.source))
        who = person_of(project)
        said = approval_receipt(gates[gate], tip.tree, tip.oid, who=who, note=note, phase=phase.id, earlier=earlier)
        receipt = shareable(said)  # As it is kept: what is reported, and signed, is that.
        if project.plan.signed.approvals or signs(project.repository):
            receipt = receipt_signer(context)(receipt)
        keep_receipt(context, f"approve {phase.id} {gate}", [receipt], EntryKind.DONE)
        return project.look().stack, receipt


def receipt_signer(context: Context) -> Callable[[Receipt], Receipt]:
    """What signs a receipt as the person who runs this, for a plan that may say whose keys are good.

    It raises `GitFailedError` when git cannot sign, `RefusedError` where the plan wants signatures and does not allow
    this one: nobody would take it.
    """
    plan, repository = context.project.plan, context.project.repository
    allowed = signers_of(repository, plan, context.snapshot.base)

    def sign(receipt: Receipt) -> Receipt:
        made = with_signature(repository, plan.name, receipt)
        wanted = plan.signed.approvals if made.phase else plan.signed.receipts
        if wanted and check_signatures(repository, plan.name, [made], allowed)[made] is not Signature.SIGNED:
            raise RefusedError(
                f"{plan.allowed_signers} on {context.snapshot.base_branch} does not allow your key to sign for "
                f"{made.who}, so nothing was recorded",
                advice=f"git config user.signingkey sets your key; the keys that may sign are listed on {plan.base}",
            )
        return made

    return sign


def approved_before(project: Project, phase_name: str, gate: str) -> str:
    """Who confirmed a gate that waits on an earlier commit of its phase, as a sentence; nothing where nobody did."""
    phase = project.look().stack.get(project.plan.phase(phase_name).id)
    return next((validation.before for validation in phase.validations if validation.spec.name == gate), "")


def keep_receipt(context: Context, title: str, receipts: Sequence[Receipt], kind: EntryKind) -> Receipts:
    """Record receipts in one operation; all that there are then."""
    project, snapshot = context.project, context.snapshot
    if not receipts:
        return snapshot.receipts
    added = snapshot.receipts.with_added(receipts)
    with CommitWriter(project.repository, commit_identity(project.repository)) as writer:
        notes = added.write(writer, project.repository)
        update = RefUpdate(project.names.receipts, snapshot.receipts.tip, notes)
        prepared = prepare(context, Operation(title, (update,), kind), writer)
    carry_out(project, prepared)
    return added.written(notes) if notes is not None else added


def person_of(project: Project) -> str:
    """Who does this, as `Name <mail>`."""
    return commit_identity(project.repository).author.rpartition(">")[0] + ">"
