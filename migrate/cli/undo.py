"""`migrate undo`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next, say_where
from migrate.cli.failure import declined
from migrate.cli.output import Output
from migrate.cli.settings import Settings, options, settings_of
from migrate.errors import Exit
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.undo import UndoPlan, carry_out_undo
from migrate.stack.entries import EntryKind
from migrate.stack.next_step import next_step_of
from migrate.stack.project import Project


@click.command(name="undo", short_help="Take back what the last command moved.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Take back what the last command moved: its branches go back to where they were.

    Only refs that `migrate` moved go back, only if nobody has moved them since, and never on a remote. What is removed
    stays in the archive, and `migrate redo` brings it back.
    """
    return turn_back(settings_of(context), EntryKind.UNDO)


def turn_back(settings: Settings, kind: EntryKind) -> int:
    """Undo or redo, and print what happened."""
    project = settings.project()
    out = settings.output

    def agree(decided: UndoPlan) -> bool:
        announce_undo(out, project, decided)
        return settings.confirm("Continue?")

    done = carry_out_undo(project, kind, agree)
    if done is None:
        raise declined()
    if settings.json:
        out.json(
            {
                str(kind): done.decided.command.title,
                "operation": done.number,
                "refs": [{"ref": u.ref, "old": u.old, "new": u.new} for u in done.decided.updates],
            }
        )
    say_where(out, done.switched)
    next_step = next_step_of(done.stack)
    out.say(f"migrate {EntryKind.REDO if kind is EntryKind.UNDO else EntryKind.UNDO} takes that back.")
    say_next(out, next_step)
    return Exit.DONE


def announce_undo(out: Output, project: Project, decided: UndoPlan) -> None:
    """Say exactly what will happen."""
    out.say(f'{"Undoing" if decided.kind is EntryKind.UNDO else "Redoing"} "{decided.command.title}":')
    shown = [update for update in decided.updates if update.ref.startswith(BRANCH)] or list(decided.updates)
    width = max((len(undo_ref_name(update)) for update in shown), default=0)
    for update in shown:
        out.say(f"  {undo_ref_name(update):<{width}}  {becomes(update)}")
    noted = project.names.withdrawn("")
    for update in decided.updates:
        if update.ref.startswith(noted) and update.new is not None:
            branch = project.plan.branch(update.ref.removeprefix(noted))
            remote = project.plan.remote
            out.say(f"{remote} has {branch} at {update.new[:7]}; the next migrate sync deletes it there.")


def undo_ref_name(update: RefUpdate) -> str:
    """A ref as people name it."""
    return update.ref.removeprefix(BRANCH)


def becomes(update: RefUpdate) -> str:
    """What becomes of a ref, in words."""
    if update.new is None:
        return f"{(update.old or '')[:7]} will be deleted; its commits stay in the archive"
    return f"{update.old[:7]} → {update.new[:7]}" if update.old else f"will be back at {update.new[:7]}"
