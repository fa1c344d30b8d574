"""`migrate carry`"""

from __future__ import annotations

from collections.abc import Sequence

import click

from migrate.cli.checkout_message import entering
from migrate.cli.complete import complete_branches
from migrate.cli.options import everything
from migrate.cli.output import Output
from migrate.cli.settings import Settings, options, settings_of
from migrate.errors import Exit
from migrate.orchestrator.carry.command import CarryOutcome, carry_branch, carry_branches, unfetched_branches
from migrate.stack.conflict_state import Attempt, Stoppable
from migrate.text import plural


@click.command(name="carry", short_help="Bring a colleague's branch across the migration.")
@click.argument("branch", required=False, shell_complete=complete_branches)
@everything("Every branch of the remote.")
@options
@click.pass_context
def command(context: click.Context, branch: str | None, everything: bool) -> int:
    """Bring BRANCH across the migration: the phases run on every commit of it.

    The result is a new branch on the tip of the stack, or on the base when all phases have landed. BRANCH does not
    change. It conflicts where it would have conflicted without the migration, and nowhere else.
    """
    if (branch is None) != everything:
        raise click.UsageError("give a BRANCH or --all", context)
    settings = settings_of(context)
    return (
        carry_one(settings, Attempt(Stoppable("carry", branch=branch))) if branch is not None else carry_every(settings)
    )


def carry_one(settings: Settings, attempt: Attempt) -> int:
    """Carry one branch, and print what became of it."""
    project = settings.project()
    outcome = carry_branch(project, attempt)
    out = settings.output
    if settings.json:
        out.json(carry_row(outcome))
    out.say(carry_sentence(outcome))
    assert outcome.carried is not None
    for commit in outcome.carried.dropped:
        out.say(f'  left out: {commit.oid[:7]} "{commit.subject}"')
    out.say(f"Next: {entering(project.repository, outcome.branch)}   ({outcome.name} stays as it was)")
    return Exit.NOTHING_LEFT if outcome.is_same else Exit.DONE


def carry_every(settings: Settings) -> int:
    """Carry every branch of the remote, and print a table."""
    out = settings.output
    project = settings.project()
    outcomes = carry_branches(project, lambda outcome: out.live(f"{outcome.name} …"))
    if settings.json:
        out.json([carry_row(outcome) for outcome in outcomes])
    else:
        carry_table(out, outcomes)
    blocked = [outcome for outcome in outcomes if outcome.conflicts]
    more = unfetched_branches(project)
    if more:
        out.say(more)
    elif not outcomes:
        out.say("The remote has no branch except the base and the branches of the migration.")
    if blocked:
        out.next(f"carry {blocked[0].name}", "stops at its conflict, for you to resolve it")
    else:
        out.next("status")
    return Exit.CONFLICT if blocked else Exit.DONE


def carry_table(out: Output, outcomes: Sequence[CarryOutcome]) -> None:
    """One line a branch."""
    width = max((len(outcome.name) for outcome in outcomes), default=0)
    for outcome in outcomes:
        out.result(f"{outcome.name:<{width}}  {carry_word(outcome):<9}  {carry_remark(outcome)}")


def carry_word(outcome: CarryOutcome) -> str:
    """What became of a branch, in one word."""
    if outcome.carried is not None:
        return "the same" if outcome.is_same else "carried"
    return "conflicts" if outcome.conflicts else "stays"


def carry_remark(outcome: CarryOutcome) -> str:
    """What to add to that."""
    if outcome.carried is None:
        return ", ".join(outcome.conflicts) or outcome.why.removeprefix(f"{outcome.name} ")
    left_out = f", {len(outcome.carried.dropped)} left out" if outcome.carried.dropped else ""
    return f"{plural(len(outcome.carried.commits), 'commit')}{left_out} → {outcome.branch}"


def carry_sentence(outcome: CarryOutcome) -> str:
    """What became of one branch."""
    assert outcome.carried is not None
    count = plural(len(outcome.carried.commits), "commit")
    if outcome.is_same:
        return f"{outcome.branch} has all of {outcome.name} already: {count}."
    return f"{outcome.name} is carried to {outcome.branch} ({outcome.carried.tip[:7]}): {count}."


def carry_row(outcome: CarryOutcome) -> dict[str, object]:
    """One branch for programs."""
    done = outcome.carried
    return {
        "name": outcome.name,
        "branch": outcome.branch,
        "outcome": carry_word(outcome).replace("the same", "same"),
        "commits": [commit.oid for commit in done.commits] if done else [],
        "dropped": [commit.oid for commit in done.dropped] if done else [],
        "conflicts": list(outcome.conflicts),
        "why": outcome.why or None,
    }
