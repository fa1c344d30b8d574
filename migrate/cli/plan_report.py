"""What `plan` prints: phase by phase what would happen, a summary, and the command to type next."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import indent

from migrate.cli.output import Output
from migrate.describe.preview import SYMBOLS, PhasePreview, preview_phase
from migrate.orchestrator.preview import PlanPreview
from migrate.orchestrator.replay.conflict import DoesNotFitError
from migrate.orchestrator.replay.rebuild import RerunPhase
from migrate.stack.phase_state import State
from migrate.text import decode, plural, printable


def show_plan(out: Output, preview: PlanPreview, patches: Mapping[str, bytes], *, alone: bool, advice: str) -> None:
    """Print phase by phase what would happen; of one that stands `alone` also what it does when it runs again.

    `advice` is what to do about the problem, if there is one.
    """
    used: set[str] = set()
    for rerun in preview.rerun:
        show_rerun(out, rerun, preview)
        if alone:
            used |= show_phase_lines(out, preview_phase(rerun.applied))
    if preview.rerun:
        out.result("")
    for phase in map(preview_phase, preview.applied):
        out.result(f"{phase.id}   {phase.title}", bold=True)
        used |= show_phase_lines(out, phase)
        if phase.id in patches:
            out.patch(patches[phase.id])
    if preview.error is not None and preview.failed_phase is not None:
        used.add("!")
        out.result(f"{preview.failed_phase.id}   {preview.failed_phase.title}", bold=True)
        # A line that stood at the left could be taken for a part of a patch.
        out.result(indent(f"! {preview.error}", "  "), fg="red")
        if advice:
            out.result(indent(advice, "    "))
    if used:
        out.result("\n" + "  ".join(f"{symbol} {word}" for symbol, word in SYMBOLS.items() if symbol in used) + "\n")


def show_rerun(out: Output, rerun: RerunPhase, preview: PlanPreview) -> None:
    """Print why a phase runs again, what comes of it, and what becomes of the hand edits on it."""
    out.result(f"{rerun.source.id}   runs again: {rerun_lines(rerun, preview)}", bold=True)
    for edit in rerun.carried:
        out.result(f'  + hand edit {edit.oid[:7]} "{edit.subject}" is carried over')
    for edit in rerun.dropped:
        out.result(f'  - hand edit {edit.oid[:7]} "{edit.subject}" no longer changes anything')


def show_phase_lines(out: Output, phase: PhasePreview) -> set[str]:
    """Print what a phase does to files, and return the symbols for it."""
    for symbol, text in phase.lines:
        out.result(f"  {symbol} {printable(text)}")
    return {symbol for symbol, _ in phase.lines}


def rerun_lines(rerun: RerunPhase, preview: PlanPreview) -> str:
    """Why a phase runs again, and what comes of it."""
    stale = rerun.old.reason if rerun.old.state is State.STALE else ""
    why = stale or ("it has no branch yet" if rerun.old.tip is None else "the base has moved")
    outcome = "the same files" if rerun.source.id in preview.same else rerun.applied.counts.sentence()
    return f"{why}; {outcome}"


def plan_summary(preview: PlanPreview, to: str | None) -> str:
    """What would happen, in one line."""
    if preview.rerun and preview.error is None:
        return f"Restack: {plural(len(preview.rerun), 'phase')} to run again, {len(preview.same)} unchanged."
    if not preview.applied and preview.error is None:
        made = f"{to} is {preview.stack.get(to).state}: there is nothing to run." if to is not None else ""
        return made or "Nothing is pending."
    total = preview.counts
    return (
        f"Plan: {plural(len(preview.applied), 'phase')}, {plural(total.moved, 'file')} to move, "
        f"{total.rewritten:,} to rewrite, {total.written:,} to write, {total.deleted:,} to delete. "
        f"{plural(0 if preview.error is None else 1, 'problem')}."
    )


def plan_next_step(preview: PlanPreview, *, to: str | None, fetch: bool) -> tuple[str | None, str]:
    """The command to type next, and why that one; None when the problem keeps everything from being done."""
    error = preview.error
    restack = "restack --fetch" if fetch else "restack"
    later = "the problem comes later" if error is not None else ""
    if preview.stack.pending_conflict is not None:
        return "continue", "when the conflict is resolved; or: migrate abort"
    if preview.stack.may_have_been_made:
        return "status", "says how to fetch what others may have made"
    if isinstance(error, DoesNotFitError):
        return restack, "stops at the conflict, for you to resolve it"
    if preview.blocked or (error is not None and not preview.applied and not preview.rerun):
        return None, ""
    if preview.rerun:
        return restack, later
    if preview.base is not None:
        return restack, later or f"brings {preview.stack.plan.base} here first"
    if not preview.applied:
        return f"status {to}" if to is not None else "status", ""
    first, last = preview.applied[0].source.id, preview.applied[-1].source.id
    if to is None or first == last:
        return "next", f"{first}; {later}" if later else first
    return f"run --to {last}", later


def plan_json_of(preview: PlanPreview, patches: Mapping[str, bytes], command: str | None) -> dict[str, object]:
    """The plan for programs."""
    return {
        "restack": [
            {"id": r.source.id, "same": r.source.id in preview.same, "carried": [c.oid for c in r.carried]}
            for r in preview.rerun
        ],
        "phases": [
            {**phase.as_json(), **({"diff": decode(patches[phase.id])} if phase.id in patches else {})}
            for phase in map(preview_phase, preview.applied)
        ],
        "problem": None
        if preview.error is None
        else {"phase": preview.failed_phase and preview.failed_phase.id, "message": str(preview.error)},
        "next": None if command is None or command.startswith("status") else f"migrate {command}",
    }
