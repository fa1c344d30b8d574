"""What is known of the validations of phases that landed, from the receipts of what they were then."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from migrate.describe.log import LandedAs
from migrate.git.objects import CommitId, TreeId
from migrate.git.worktrees import BRANCH
from migrate.plan.validation import Validation
from migrate.stack.entries import JournalEntry
from migrate.stack.evaluation import state_of, validation_names
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.stack.project import Context
from migrate.stack.snapshot import with_signatures
from migrate.validation.receipts import Receipts


def landed_validations(context: Context, journal: Sequence[JournalEntry]) -> dict[str, LandedAs]:
    """By landed phase what came of its validations: on what the base got, else as they ran before it landed."""
    plan, repository = context.project.plan, context.project.repository
    landed = [phase for phase in context.stack if phase.state is State.LANDED]
    trees = {phase.id: trees_of_phases(context, journal, phase) for phase in landed}
    every = {tree for found in trees.values() for tree in found}
    receipts = with_signatures(repository, plan, context.snapshot.base, context.snapshot.receipts, every)
    return {
        phase.id: LandedAs(
            trees[phase.id][0],
            tuple(
                state_on(receipts, spec, trees[phase.id], validation_names(phase.source))
                for spec in plan.validations_of(phase.source)
            ),
        )
        for phase in landed
        if trees[phase.id]
    }


def trees_of_phases(context: Context, journal: Sequence[JournalEntry], phase: PhaseState) -> list[TreeId]:
    """The trees that a landed phase had: what the base got, then the other one of its commit there and its branch."""
    repository = context.project.repository
    found = [phase.commit.tree] if phase.commit is not None else []
    tip = last_tip(context, journal, phase)
    tree = repository.objects.trees_of([tip]).get(tip) if tip is not None else None
    if tip is None or tree is None:
        return found
    return [tree, *found] if repository.is_ancestor(tip, context.snapshot.base) else [*found, tree]


def last_tip(context: Context, journal: Sequence[JournalEntry], phase: PhaseState) -> CommitId | None:
    """The last commit that the branch of a phase named: as it is still, or as the journal tells."""
    branch = context.project.plan.branch(phase.id)
    still = context.snapshot.branch(branch) or context.snapshot.published(context.project.plan.remote, branch)
    moved = (update for entry in reversed(journal) for update in entry.refs if update.ref == BRANCH + branch)
    return still or next((update.new or update.old for update in moved), None)


def state_on(receipts: Receipts, spec: Validation, trees: Sequence[TreeId], phases: Collection[str]) -> ValidationState:
    """What is known of one validation on the first of some trees that has a receipt for it.

    A failure that was no worse than on the base was compared with the base of then.
    """
    names = tuple(phases)
    found = [
        state_of(receipts, spec, tree, base, names)
        for tree in trees
        for base in dict.fromkeys([*(receipt.base or None for receipt in receipts.on([tree])), None])
    ]
    return next((state for state in found if state.receipt is not None), found[0])
