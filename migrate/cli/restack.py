"""`migrate restack`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next
from migrate.cli.failure import failed_validation
from migrate.cli.options import fetch, run_options
from migrate.cli.output import Output
from migrate.cli.progress import Lines
from migrate.cli.settings import Settings, options, settings_of
from migrate.cli.status import status_json
from migrate.errors import Exit
from migrate.git.refs import RefUpdate
from migrate.orchestrator.replay.rebuild import RerunPhase
from migrate.orchestrator.replay.restack import restack
from migrate.stack.conflict_state import Attempt, Stoppable
from migrate.stack.model import Stack
from migrate.stack.next_step import next_step_of
from migrate.stack.run_options import RunOptions
from migrate.text import plural


@click.command(name="restack", short_help="Run out-of-date phases again, on the current base.")
@fetch()
@run_options
@options
@click.pass_context
def command(context: click.Context, how: RunOptions) -> int:
    """Run phases again that are out of date: the base has moved, or a module or the plan has changed.

    The lowest out-of-date phase and all phases above it run again. Commits that people added on a branch are carried
    over. All branches move together, or none does.
    """
    return restack_again(settings_of(context), Attempt(Stoppable("restack", how)))


def restack_again(settings: Settings, attempt: Attempt) -> int:
    """Restack, and print what happened."""
    project = settings.project()
    out = settings.output
    done = restack(project, Lines(out, project), attempt)
    next_step = next_step_of(done.stack)
    say_base(out, done.stack, done.base)
    for rerun in done.rerun:
        out.say(restack_line(rerun))
    if settings.json:
        out.json({"restacked": [restack_row(rerun) for rerun in done.rerun], **status_json(done.stack, next_step)})
    for merged in done.merged:
        why = merged.kept and f"stays: {merged.kept}"
        out.say(f"{merged.branch} {why or f'was deleted: {merged.host} holds all of it'}")
    for branch in done.restored:
        out.say(f"{branch} is here again: a branch above holds it")
    if done.switched is not None and not done.switched.done:
        out.say(f"{done.switched.branch} moved, but your work tree was left on the old commit: {done.switched.why}.")
    if done.failed is not None:
        return failed_validation(settings, project, done.stack, done.failed)
    if not done.rerun:
        out.say("Every phase is up to date.")
    say_next(out, next_step)
    return Exit.NOTHING_LEFT if done.is_nothing else Exit.DONE


def say_base(out: Output, stack: Stack, base: RefUpdate | None) -> None:
    """Say how the base branch followed what was fetched, and what puts a stack on it that does not stand there."""
    if base is not None and base.old and base.new:
        behind = stack.newer and stack.top() and not stack.stranded
        then = f"   ({out.again('restack')} puts the stack on it)" if behind else ""
        out.say(f"{stack.plan.base}  {base.old[:7]} → {base.new[:7]}, as on {stack.plan.remote}{then}")


def restack_line(rerun: RerunPhase) -> str:
    """One phase that ran again, in words."""
    was = rerun.old.tip or rerun.old.commit
    parts = [f"{rerun.source.id}  {was.oid[:7] if was else 'new'} → {rerun.tip[:7]}"]
    parts += [rerun.old.reason] if rerun.old.into else []
    if rerun.carried:
        parts.append(f"{plural(len(rerun.carried), 'hand edit')} carried over")
    parts += [f'left out, because it no longer changes anything: {c.oid[:7]} "{c.subject}"' for c in rerun.dropped]
    if rerun.doubt is not None:
        kept = "that was not carried over, and is kept in the archive"
        parts.append(f"{rerun.doubt.oid[:7]} may have been amended by hand; {kept}")
    return ", ".join(parts)


def restack_row(rerun: RerunPhase) -> dict[str, object]:
    """One phase that ran again, for programs."""
    return {
        "id": rerun.source.id,
        "before": rerun.old.tip.oid if rerun.old.tip else None,
        "after": rerun.tip,
        "carried": [commit.oid for commit in rerun.carried],
        "dropped": [commit.oid for commit in rerun.dropped],
        "doubt": rerun.doubt.oid if rerun.doubt is not None else None,
    }
