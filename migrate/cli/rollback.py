"""`migrate rollback`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next, say_where
from migrate.cli.failure import declined, keep_document
from migrate.cli.options import no_validate, phase_argument
from migrate.cli.output import Output
from migrate.cli.progress import Lines
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit, ValidationFailedError
from migrate.orchestrator.rollback import RollbackPlan, roll_back
from migrate.plan.model import Plan
from migrate.stack.next_step import next_step_of
from migrate.stack.phase_state import PhaseState, State
from migrate.text import plural


@click.command(name="rollback", short_help="Take back a phase and the phases above it.")
@phase_argument
@click.option(
    "--withdraw", is_flag=True, help="Also remove published branches; the next sync deletes them on the remote."
)
@no_validate("Run no validation on a revert branch.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, withdraw: bool, no_validate: bool) -> int:
    """Take back PHASE and the phases above it. Default: the failed phase.

    What is removed stays in the archive. A published or landed phase is undone by a new branch with a revert commit.
    With --withdraw, the branches of published phases are removed instead: here now, and on the remote by the next sync.
    """
    settings = settings_of(context)
    project = settings.project()
    out = settings.output

    def agree(decided: RollbackPlan, number: int) -> bool:
        announce_rollback(out, project.plan, decided, number)
        return settings.confirm("Continue?", *(() if phase is not None else (decided.phase.id,)))

    reporter = Lines(out, project)
    done = roll_back(project, phase, agree, reporter, validate=not no_validate, withdraw=withdraw)
    if done is None:
        raise declined()
    if settings.json:
        out.json(
            {
                "removed": [p.id for p in (*done.decided.removed, *done.decided.merged)],
                "reverted": [p.id for p in done.decided.reverted],
                "withdrawn": [p.id for p, _ in done.decided.withdrawn],
                "left": [p.id for p in done.decided.left],
                "branch": done.decided.checkout_after,
                "operation": done.number,
            }
        )
    say_where(out, done.switched)
    if done.failed:
        advice = f"fix it there, or delete it: git branch -D {done.decided.checkout_after}"
        out.say(f"It failed its validations: {advice}")
        keep_document(
            settings, ValidationFailedError(f"{done.decided.checkout_after} failed its validations", advice=advice)
        )
    say_next(out, next_step_of(done.stack))
    return Exit.FAILED if done.failed else Exit.DONE


def announce_rollback(out: Output, plan: Plan, decided: RollbackPlan, number: int) -> None:
    """Say exactly what will happen."""
    phase = decided.phase
    if decided.removed:
        why = f" ({phase.reason.partition(': ')[0]})" if phase.state is State.FAILED else ""
        out.say(
            f"Rolling back {phase.id}{why}. {branch_words(len(decided.removed))} in "
            f"refs/migrate/{plan.name}/archive/{number}:"
        )
        width = max(len(phase.branch) for phase in decided.removed)
        for gone in decided.removed:
            edits = f"   +{plural(len(gone.hand_edits), 'hand edit')}" if gone.hand_edits else ""
            out.say(f"  {gone.branch:<{width}}   {gone.tip.oid[:7] if gone.tip else ''}{edits}")
    for gone, there in decided.withdrawn:
        out.say(f"{plan.remote} has {gone.branch} at {there[:7]}; the next migrate sync deletes it there.")
    for merged in decided.merged:
        out.say(f"  {merged.id}, which was {merged.reason}")
    if decided.revert_branch is not None:
        one = len(decided.reverted) == 1
        names = ", ".join(phase.id for phase in decided.reverted) + (" is" if one else " are")
        out.say(f"{names} {branch_place(plan, phase)}; it can be reverted:")
        undone = ", ".join(phase.commit.oid[:7] for phase in reversed(decided.reverted) if phase.commit)
        undo = "that undoes" if one else "that undo"
        out.say(f"  new branch {decided.revert_branch} with {plural(len(decided.reverted), 'commit')} {undo} {undone}")
    if decided.left:
        names = ", ".join(left.id for left in decided.left)
        stay = "is" if len(decided.left) == 1 else "are"
        out.say(f"{names} {stay} on {plan.remote} and stay{'s' if len(decided.left) == 1 else ''}.")
    out.say(f"You will be on {decided.checkout_after}.")


def branch_words(count: int) -> str:
    """What happens to the branches that go."""
    if count == 1:
        return "This branch will be deleted; its commits stay"
    return "These branches will be deleted; their commits stay"


def branch_place(plan: Plan, phase: PhaseState) -> str:
    """Where others can see a phase, and what follows from it."""
    if phase.state is State.LANDED:
        return f"part of {plan.base}. What has landed is not rewritten"
    return f"on {plan.remote}. This does not rewrite a published branch (--withdraw removes it)"
