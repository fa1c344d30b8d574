"""`migrate plan`"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import indent

import click

from migrate.cli.failure import keep, tell
from migrate.cli.output import Output
from migrate.cli.settings import Settings, options, settings
from migrate.describe.foresight import SYMBOLS, PhaseForesight, foresee, patch
from migrate.errors import Exit
from migrate.git.process import decode
from migrate.orchestrator.foresee import Foreseen, run_pending
from migrate.orchestrator.replay.regenerating import Redone
from migrate.orchestrator.replay.stopping import StoppedAtError
from migrate.project import Project
from migrate.stack import State
from migrate.text import plural, printable


@click.command(name="plan", short_help="Show what every pending phase would do.")
@click.option("--diff", "with_diff", is_flag=True, help="Show what changes in every file, as a patch for git apply.")
@options
@click.pass_context
def command(context: click.Context, with_diff: bool) -> int:
    """Show what every pending phase would do, computed for real and in memory."""
    chosen = settings(context)
    project = chosen.project()
    foreseen = run_pending(project)
    phases = [foresee(applied) for applied in foreseen.applied]
    out = chosen.output
    if chosen.json:
        out.json(as_json(foreseen, phases, diffs(project, foreseen, binary=True) if with_diff else {}))
    else:
        apart = with_diff and out.is_read_by_a_person
        show(out, foreseen, phases, diffs(project, foreseen, binary=False) if apart else {})
        if with_diff and not apart and foreseen.applied:
            # git takes no patch of several steps that renames a file twice.
            out.patch(patch(project.repository, foreseen.applied, binary=True))
        conclude(chosen, foreseen)
    if foreseen.error is not None:
        return tell(chosen, foreseen.error) if chosen.json else keep(chosen, foreseen.error)
    return Exit.DONE if phases or foreseen.redone else Exit.NOTHING_LEFT


def diffs(project: Project, foreseen: Foreseen, *, binary: bool) -> dict[str, bytes]:
    """The patch of every pending phase."""
    return {a.source.id: patch(project.repository, [a], binary=binary) for a in foreseen.applied}


def show(out: Output, foreseen: Foreseen, phases: Sequence[PhaseForesight], patches: Mapping[str, bytes]) -> None:
    """Print phase by phase what would happen."""
    used = set()
    for redone in foreseen.redone:
        out.result(f"{redone.source.id}   runs again: {again(redone, foreseen)}", bold=True)
        for edit in redone.carried:
            out.result(f'  + hand edit {edit.oid[:7]} "{edit.subject}" is carried over')
        for edit in redone.dropped:
            out.result(f'  - hand edit {edit.oid[:7]} "{edit.subject}" changes nothing any more')
    if foreseen.redone:
        out.result("")
    for phase in phases:
        out.result(f"{phase.id}   {phase.title}", bold=True)
        for symbol, text in phase.lines:
            used.add(symbol)
            out.result(f"  {symbol} {printable(text)}")
        if phase.id in patches:
            out.patch(patches[phase.id])
    if foreseen.error is not None and foreseen.stopped_at is not None:
        used.add("!")
        out.result(f"{foreseen.stopped_at.id}   {foreseen.stopped_at.title}", bold=True)
        # A line that stood at the left could be taken for a part of a patch.
        out.result(indent(f"! {foreseen.error}", "  "), fg="red")
        if foreseen.error.advice:
            out.result(indent(foreseen.error.advice, "    "))
    if used:
        out.result("\n" + "  ".join(f"{symbol} {word}" for symbol, word in SYMBOLS.items() if symbol in used) + "\n")


def again(redone: Redone, foreseen: Foreseen) -> str:
    """Why a phase runs again, and what comes of it."""
    stale = redone.old.reason if redone.old.state is State.STALE else ""
    why = stale or ("it has no branch yet" if redone.old.tip is None else "the base has moved")
    outcome = "the same files" if redone.source.id in foreseen.same else redone.applied.counts.sentence()
    return f"{why}; {outcome}"


def conclude(chosen: Settings, foreseen: Foreseen) -> None:
    """Print the summary line and the next command."""
    out = chosen.output
    command, why = following(foreseen)
    if foreseen.redone and foreseen.error is None:
        out.result(f"Restack: {plural(len(foreseen.redone), 'phase')} to run again, {len(foreseen.same)} unchanged.")
    elif not foreseen.applied and foreseen.error is None:
        out.result("Nothing is pending.")
    else:
        total = foreseen.counts
        out.result(
            f"Plan: {plural(len(foreseen.applied), 'phase')}, {plural(total.moved, 'file')} to move, "
            f"{total.rewritten:,} to rewrite, {total.written:,} to write, {total.deleted:,} to delete. "
            f"{plural(0 if foreseen.error is None else 1, 'problem')}."
        )
    if command is None:
        out.say(f"Next: fix the problem, then {chosen.typed}")
    else:
        out.next(command, why)


def following(foreseen: Foreseen) -> tuple[str | None, str]:
    """The command to type next, and why that one; None when the problem keeps everything from being done."""
    error = foreseen.error
    if isinstance(error, StoppedAtError) and foreseen.is_stopped:
        return "continue", "when the conflict is resolved; or: migrate abort"
    if isinstance(error, StoppedAtError):
        return "restack", "stops at the conflict, for you to resolve it"
    if foreseen.blocked or (error is not None and not foreseen.applied and not foreseen.redone):
        return None, ""
    if foreseen.redone:
        return "restack", "the problem comes later" if error is not None else ""
    if foreseen.applied:
        first = foreseen.applied[0].source.id
        return "next", f"{first}; the problem comes later" if error is not None else first
    return "status", ""


def as_json(foreseen: Foreseen, phases: Sequence[PhaseForesight], patches: Mapping[str, bytes]) -> dict[str, object]:
    """The plan for programs."""
    command, _ = following(foreseen)
    return {
        "restack": [
            {"id": r.source.id, "same": r.source.id in foreseen.same, "carried": [c.oid for c in r.carried]}
            for r in foreseen.redone
        ],
        "phases": [
            {**phase.as_json(), **({"diff": decode(patches[phase.id])} if phase.id in patches else {})}
            for phase in phases
        ],
        "problem": None
        if foreseen.error is None
        else {"phase": foreseen.stopped_at and foreseen.stopped_at.id, "message": str(foreseen.error)},
        "next": None if command in (None, "status") else f"migrate {command}",
    }
