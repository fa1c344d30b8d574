"""One phase in detail: what `status PHASE` prints."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from migrate.cli.checkout_message import say_unseen
from migrate.cli.output import Output
from migrate.cli.phase_json import phase_json, validation_json
from migrate.cli.settings import Settings
from migrate.cli.stack_table import failure_lines
from migrate.describe.change_rows import move_rows
from migrate.errors import Exit, RefusedError
from migrate.git.history import Commit
from migrate.plan.model import Plan
from migrate.stack.model import Stack
from migrate.stack.next_step import NextStep, before_approving
from migrate.stack.phase_state import PhaseState, State, ValidationState
from migrate.stack.project import Context
from migrate.stack.unknown_history import unseen_json
from migrate.text import duration, plural, printable
from migrate.tree.changes import FileChange
from migrate.validation.outcome import Outcome

LABEL = 10
"""Columns of what a line is about."""


def named_phase(stack: Stack, plan: Plan, name: str) -> PhaseState:
    """The state of a phase by its name. Raises `PlanError` for an unknown one, `RefusedError` for one without work."""
    wanted = plan.phase(name).id
    found = next((phase for phase in stack if phase.id == wanted), None)
    if found is None:
        raise RefusedError(f"{wanted} has nothing left to do", advice="migrate status lists the phases")
    return found


def show_one(settings: Settings, context: Context, said: NextStep, name: str) -> Exit:
    """Print one phase, and what to do next."""
    project, stack = context.project, context.stack
    phase, out = named_phase(stack, project.plan, name), settings.output
    if settings.json:
        following = None if said.command is None else f"migrate {said.command}"
        out.json({**detail_json(phase), **unseen_json(stack), "next": following})
        return Exit.DONE
    show_detail(out, stack, phase)
    say_unseen(out, stack)
    out.result("")
    if phase.state is State.FAILED:
        for line in failure_lines(out, phase, project.repository):
            out.result(line)
    else:
        out.result(said.sentence if said.command is None else out.following(said.command, said.why))
    return Exit.DONE


def show_detail(out: Output, stack: Stack, phase: PhaseState) -> None:
    """Print everything that is known of a phase."""
    out.result(f"{phase.id}   {phase.source.title}", bold=True)
    for label, text in facts(stack, phase):
        out.result(f"  {label:<{LABEL}}{text}")
    longest = max((len(state.spec.name) for state in phase.validations), default=0)
    for title, lines in (
        ("moved", list(move_lines_of(phase))),
        ("files", [f"{symbol(file)} {file.path}" for file in phase.files if not file.is_moved or file.is_rewritten]),
        (
            "validations",
            [line for state in phase.validations for line in commands_run(out, stack, phase, state, longest)],
        ),
        ("hand edits", [edit(commit) for commit in reversed(phase.hand_edits)]),
        ("notes", list(phase.trailers.notes) if phase.trailers else []),
    ):
        if lines:
            out.result(f"\n{title}")
        for line in lines:
            out.result(f"  {printable(line)}")


def facts(stack: Stack, phase: PhaseState) -> Iterator[tuple[str, str]]:
    """What is said of a phase in one line each."""
    yield "state", f"{phase.state}" + (f": {phase.reason}" if phase.reason else "")
    yield "module", phase.source.label
    is_here = phase.remote.is_here or phase.former is not None
    yield "branch", phase.present_branch + ("" if is_here else "   (not here)")
    tip, commit = phase.tip or phase.commit, phase.commit
    if tip is not None:
        yield "commit", written(tip)
    if commit is not None and tip is not None and commit.oid != tip.oid:
        yield "made as", written(commit)
    if commit is not None and commit.parents:
        yield "parent", f"{commit.parents[0][:7]}{phase_below(stack, phase, commit)}"
    if commit is not None:
        yield "changes", phase.counts.sentence() + ("; amended by hand" if phase.is_amended else "")
    if phase.published:
        yield "published", f"on {stack.plan.remote}"


def phase_below(stack: Stack, phase: PhaseState, commit: Commit) -> str:
    """The name of what a phase stands on, where it still is there."""
    under = stack.below(phase.id)
    name, tip = (under.id, under.tip.oid if under.tip else "") if under else (stack.base_branch, stack.base)
    return f"   {name}" if commit.parents[:1] == (tip,) else ""


def written(commit: Commit) -> str:
    """A commit, when it was written and by whom."""
    return f"{commit.oid[:7]}   {minutes(commit.date)}, {commit.author}"


def move_lines_of(phase: PhaseState) -> Iterator[str]:
    """What was moved, folders first."""
    for row in move_rows(phase.moves, phase.files):
        count = row["files"]
        assert isinstance(count, int)
        files = f"   {plural(count, 'file')}" if row["is_folder"] else ""
        yield f"{row['old']} → {row['new']}{files}"


def symbol(file: FileChange) -> str:
    """What happened to a file, as `plan` shows it."""
    return "+" if file.is_written else "-" if file.is_deleted else "~"


def commands_run(out: Output, stack: Stack, phase: PhaseState, state: ValidationState, longest: int) -> Iterator[str]:
    """One validation: its outcome, how long it took, when and for whom it ran; then why, or what to do."""
    spec, receipt = state.spec, state.receipt
    if receipt is None:
        yield f"{spec.name:<{longest}}  {state.word.replace('-', ' ')}" + (f": {spec.manual}" if spec.manual else "")
        if state.before:
            yield f"    {state.before}"
        if spec.manual and phase.exists and phase.state is not State.STALE and before_approving(stack) is None:
            yield f"    {out.again(f'approve {phase.id} {shlex.quote(spec.name)}')}"
        return
    outcome = "approved" if spec.manual and receipt.outcome is Outcome.PASSED else str(receipt.outcome)
    took = f" in {duration(receipt.seconds)}" if spec.run and receipt.outcome is not Outcome.UNAVAILABLE else ""
    yield f"{spec.name:<{longest}}  {outcome}{took}, {minutes(receipt.when)} by {receipt.who}, {state.signed}"
    for said in (receipt.reason, receipt.note):
        if said:
            yield f"    {said}"


def edit(commit: Commit) -> str:
    """A commit that a person added."""
    return f'{commit.oid[:7]} "{commit.subject}", {minutes(commit.date)}, {commit.author}'


def minutes(when: str) -> str:
    """`2026-11-22T20:59:59.667Z` → `2026-11-22 20:59`."""
    return when[:16].replace("T", " ")


def detail_json(phase: PhaseState) -> dict[str, object]:
    """The phase as `status --json` has it, with all that is known of it."""
    return {
        **phase_json(phase),
        "module": phase.source.label,
        "made": phase.commit.oid if phase.commit else None,
        "amended": phase.is_amended,
        "moves": [{"from": row["old"], "to": row["new"]} for row in move_rows(phase.moves, phase.files)],
        "changes": [
            {"change": outcome_word(file), "path": file.path, "from": file.old_path if file.is_moved else None}
            for file in phase.files
        ],
        "commits": [
            {"commit": each.oid, "subject": each.subject, "author": each.author, "date": each.date}
            for each in reversed(phase.hand_edits)
        ],
        "notes": list(phase.trailers.notes) if phase.trailers else [],
        "validations": [validation_detail_json(state) for state in phase.validations],
    }


def validation_detail_json(state: ValidationState) -> dict[str, object]:
    """One validation with who ran or approved it, and when; null for what has not run."""
    receipt = state.receipt
    return {
        **validation_json(state),
        "when": receipt.when if receipt else None,
        "who": receipt.who if receipt else None,
        "note": (receipt.note or None) if receipt else None,
    }


def outcome_word(file: FileChange) -> str:
    """What happened to a file, in one word; `moved` when nothing else did."""
    if file.is_written:
        return "written"
    if file.is_deleted:
        return "deleted"
    return "rewritten" if file.is_rewritten else "moved"
