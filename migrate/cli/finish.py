"""`migrate finish`"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from migrate.cli.failure import declined
from migrate.cli.output import Output
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.finish import FinishPlan, finish
from migrate.plan.model import Plan
from migrate.stack.trailers import Trailers
from migrate.text import plural


@click.command(name="finish", short_help="End a migration: delete its data, here and on the remote.")
@click.option("--abandon", is_flag=True, help="End it even if phases have not landed.")
@click.option("--keep-remote", is_flag=True, help="Delete nothing on the remote.")
@click.option("--log", metavar="FILE", help="File for the log. Default: migration-NAME.md.")
@options
@click.pass_context
def command(context: click.Context, abandon: bool, keep_remote: bool, log: str | None) -> int:
    """End a migration: its branches, refs, receipts and work trees are removed, here and on the remote.

    The log stays as a file. A branch with commits that exist nowhere else stays, and is listed. This cannot be undone.
    """
    settings = settings_of(context)
    project = settings.project()
    out = settings.output

    def agree(ending: FinishPlan) -> bool:
        announce_finish(out, project.plan, ending)
        return settings.confirm("Continue?")

    file = Path(log) if log is not None else None
    done = finish(project, agree, out.say, abandon=abandon, keep_remote=keep_remote, log=file)
    if done is None:
        raise declined()
    if settings.json:
        out.json(finish_row(done))
    if done.is_empty:
        for line in kept_lines_of(project.plan, done):
            out.say(line)
        out.say(f"Nothing is left of {project.plan.name}.")
        return Exit.NOTHING_LEFT
    out.say(f"{project.plan.name} is finished. Its log is in {done.log}.")
    if done.silent:
        out.say(in_silence(project.plan, done.silent))
    else:
        out.say(f"{project.plan.path.name} and the phases are yours: delete them when you like.")
    return Exit.DONE


def announce_finish(out: Output, plan: Plan, ending: FinishPlan) -> None:
    """Say exactly what is removed, and what stays."""
    tools = [update for update in ending.local if not update.ref.startswith(BRANCH)]
    out.say(f"Finishing {plan.name}. This will be deleted here, and cannot be undone:")
    for update in ending.local:
        if update.ref.startswith(BRANCH):
            out.say(f"  {update.ref.removeprefix(BRANCH)}   {(update.old or '')[:7]}")
    if tools:
        out.say(f"  {plural(len(tools), 'ref')} with the journal, the archive and the receipts")
    for path in ending.slots:
        out.say(f"  {path}   a work tree for commands")
    if ending.remote:
        out.say(f"This will be deleted on {plan.remote}:")
        for each in ending.remote:
            if each.ref.startswith(BRANCH):
                out.say(f"  {each.ref.removeprefix(BRANCH)}   {(each.old or '')[:7]}")
        own = sum(not each.ref.startswith(BRANCH) for each in ending.remote)
        if own:
            out.say(f"  {plural(own, 'ref')} with the journal, the archive and the receipts")
    for line in kept_lines_of(plan, ending):
        out.say(line)
    out.say(f"The log is kept in {ending.log}.")


def kept_lines_of(plan: Plan, ending: FinishPlan) -> list[str]:
    """The branches that stay, and why."""
    return [
        f"{each.ref.removeprefix(BRANCH)}{f' on {plan.remote}' if each.on_remote else ''} stays: {each.why}"
        for each in ending.kept
    ]


def in_silence(plan: Plan, silent: Sequence[Trailers]) -> str:
    """What to say of phases of which another clone will not know that they landed."""
    said = ", ".join(f"{each.phase} in {each.landed[:7]}" for each in silent)
    return (
        f"The base does not say what landed so: {said}. This clone remembers it, and others see "
        f"{'it' if len(silent) == 1 else 'them'} as pending until you delete {plan.path.name} and the phases."
    )


def finish_row(done: FinishPlan) -> dict[str, object]:
    """The end for programs."""
    return {
        "log": None if done.is_empty else str(done.log),
        "removed": [update.ref for update in done.local],
        "removed_on_remote": [each.ref for each in done.remote],
        "kept": [{"ref": each.ref, "on_remote": each.on_remote, "why": each.why} for each in done.kept],
        "remembered": [{"phase": each.phase, "commit": each.landed} for each in done.silent],
        "slots": [str(path) for path in done.slots],
    }
