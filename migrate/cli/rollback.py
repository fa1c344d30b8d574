"""`migrate rollback`"""

from __future__ import annotations

import click

from migrate.cli.app import Exit
from migrate.cli.output import Output
from migrate.cli.progress import Lines
from migrate.cli.settings import options, settings
from migrate.conclusion import conclude
from migrate.orchestrator.rollback import Rollback, roll_back
from migrate.stack import PhaseState
from migrate.text import plural, printable


@click.command(name="rollback")
@click.argument("phase", required=False)
@click.option("--no-validate", is_flag=True, help="Run no validation on a revert branch.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, no_validate: bool) -> int:
    """Take back a phase and those on top of it: the failed one when none is named.

    What goes stays in the archive. A phase that is published or has landed is not rewritten: a new branch with a revert
    commit undoes it.
    """
    chosen = settings(context)
    project = chosen.project()
    out = chosen.output

    def agree(decided: Rollback, number: int) -> bool:
        announce(out, project.plan.name, decided, number)
        return chosen.confirm("Go on?")

    reporter = Lines(out, project)
    done = roll_back(project, phase, agree, reporter, validate=not no_validate)
    if done is None:
        out.say("Nothing was changed.")
        return Exit.DONE
    if chosen.json:
        out.json(
            {
                "removed": [p.id for p in done.decided.removed],
                "reverted": [p.id for p in done.decided.reverted],
                "branch": done.decided.land_on,
                "operation": done.number,
            }
        )
    where = (
        f"You are on {done.decided.land_on}." if done.switched.done else f"You are where you were: {done.switched.why}."
    )
    out.say(where)
    if done.decided.revert_branch is not None:
        out.next(f"pr {done.decided.phase.id} --revert", "the description of the revert")
    else:
        said = conclude(done.stack)
        if said.command is not None:
            out.next(said.command, said.why)
    return Exit.FAILED if done.failed else Exit.DONE


def announce(out: Output, migration: str, decided: Rollback, number: int) -> None:
    """Say exactly what will happen."""
    why = f" ({printable(decided.phase.reason)})" if decided.phase.reason else ""
    if decided.removed:
        out.say(
            f"Rolling back {decided.phase.id}{why}. These branches go; their commits stay in "
            f"refs/migrate/{migration}/archive/{number}:"
        )
        width = max(len(phase.branch) for phase in decided.removed)
        for phase in decided.removed:
            edits = f"   +{plural(len(phase.hand_edits), 'hand edit')}" if phase.hand_edits else ""
            out.say(f"  {phase.branch:<{width}}   {phase.tip.oid[:7] if phase.tip else ''}{edits}")
    if decided.revert_branch is not None:
        for phase in decided.reverted:
            out.say(f"{phase.id} {place(phase)}. It is not rewritten; it can be reverted:")
        undone = ", ".join(
            commit.oid[:7] for phase in reversed(decided.reverted) if (commit := phase.tip or phase.commit)
        )
        count = plural(len(decided.reverted), "commit")
        out.say(f"  new branch {decided.revert_branch} with {count} undoing {undone}")
    out.say(f"You will be on {decided.land_on}.")


def place(phase: PhaseState) -> str:
    """Where others can see a phase."""
    return "is on the remote" if phase.published else "has landed in the base"
