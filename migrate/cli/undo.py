"""`migrate undo`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next, say_where
from migrate.cli.failure import declined
from migrate.cli.output import Output
from migrate.cli.settings import Settings, options, settings_of
from migrate.errors import Exit
from migrate.forges.base import Action, Edit
from migrate.git.refs import RefUpdate
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.undo import UndoPlan, carry_out_undo
from migrate.stack.entries import EntryKind
from migrate.stack.next_step import next_step_of
from migrate.stack.project import Project
from migrate.text import plural


@click.command(name="undo", short_help="Take back what the last command moved.")
@options
@click.pass_context
def command(context: click.Context) -> int:
    """Take back what the last command moved: its branches go back to where they were.

    Only refs that `migrate` moved go back, only if nobody has moved them since, and never on a remote. What is removed
    stays in the archive, and `migrate redo` brings it back. After `submit` its requests change back: the ones that it
    opened are closed, and titles, texts and bases are restored if nobody has changed them since.
    """
    settings = settings_of(context)
    code = take_back_requests(settings)
    return turn_back(settings, EntryKind.UNDO) if code is None else code


def take_back_requests(settings: Settings) -> int | None:
    """Undo a submit where that was the last command, and print what happened; None where it was another one."""
    project = settings.project()
    from migrate.orchestrator.submit.take_back import TakeBack, last_submit, take_back_submit

    entry = last_submit(project)
    if entry is None:
        return None
    out = settings.output

    def agree(proposal: TakeBack) -> bool:
        out.say(f'Undoing "{entry.title}" on {proposal.place.web}, {plural(len(proposal.calls), "call")}:')
        for action in proposal.actions:
            out.say(f"  {back_words(action, proposal.place.sign)}")
        for sentence in proposal.kept:
            out.say(f"  {sentence}")
        out.say(f"{project.plan.remote} keeps the branches.")
        return settings.confirm("Continue?")

    done = take_back_submit(project, entry, agree, out.say)
    if done is None:
        raise declined()
    if settings.json:
        out.json({"undo": entry.title, "calls": [{"method": c.method, "path": c.path} for _, c in done.calls]})
    out.say("migrate submit does it again.")
    say_next(out, next_step_of(project.look().stack))
    return Exit.DONE


def back_words(action: Action, sign: str) -> str:
    """What one change back does; `sign` stands before the number of a request."""
    assert isinstance(action, Edit)
    if "state" in action.changes:
        return f"close {sign}{action.request.number} ({action.request.branch})"
    return f"restore {', '.join(action.changes)} of {sign}{action.request.number} ({action.request.branch})"


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
