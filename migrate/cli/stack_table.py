"""The picture of a stack: one line a phase. Words carry everything; symbols and colour only help the eye."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass

from migrate.cli.checkout_message import entering
from migrate.cli.output import Output, Styled
from migrate.git.repository import Repository
from migrate.stack.model import Stack
from migrate.stack.phase_state import OPEN, PhaseState, State, ValidationState, enabling
from migrate.text import duration, plural
from migrate.validation.outcome import Outcome

SYMBOLS = {
    State.PASSED: ("✓", "green"),
    State.FAILED: ("✗", "red"),
    State.WAITING: ("…", "yellow"),
    State.STALE: ("~", "yellow"),
    State.LANDED: ("=", "cyan"),
    State.PENDING: (" ", "white"),
    State.UNVALIDATED: ("?", "yellow"),
    State.MERGED: ("=", "cyan"),
    State.REVERTED: ("↶", "yellow"),
    State.UNKNOWN: ("?", "yellow"),
}


BELOW = 6
"""Columns before what stands below a phase."""


@dataclass(frozen=True)
class StackRow:
    """One phase in the picture."""

    symbol: str
    color: str
    phase: str
    where: str
    """Its commit, or its state when it has none."""
    files: str
    validations: str
    remark: str


def stack_rows(stack: Stack) -> list[StackRow]:
    """The lines of a stack."""
    return [stack_row(stack, phase) for phase in stack]


def stack_row(stack: Stack, phase: PhaseState) -> StackRow:
    """The line of one phase."""
    symbol, color = SYMBOLS[phase.state]
    tip = phase.tip or phase.commit
    if phase.state in OPEN:
        gates = [spec.name for spec in stack.plan.validations_of(phase.source) if spec.manual]
        remark = phase.reason or (f"gate: {', '.join(gates)}" if gates else "")
        return StackRow(symbol, color, phase.id, str(phase.state), "", "", remark)
    remarks = [f"+{plural(len(phase.hand_edits), 'hand edit')}"] if phase.hand_edits else []
    remarks += [f"+{plural(len(phase.merges), 'merge')}"] if phase.merges else []
    if phase.state in (State.STALE, State.LANDED, State.UNVALIDATED):
        remarks.append(f"{phase.state}: {phase.reason}" if phase.source.problem is not None else str(phase.state))
    if phase.state in (State.MERGED, State.UNKNOWN):
        remarks.append(phase.reason)
    if phase.is_bare:
        remarks.append("no branch here")
    elif stack.is_shared and not phase.is_merged:
        remarks.append(phase.remote.words(stack.plan.remote) or ("not pushed" if phase.exists else ""))
    return StackRow(
        symbol,
        color,
        phase.id,
        tip.oid[:7] if tip else str(phase.state),
        phase.counts.sentence() if phase.commit and phase.commit.changes else "",
        "  ".join(validation_words(validation) for validation in phase.validations),
        "  ".join(filter(None, remarks)),
    )


def validation_words(validation: ValidationState) -> str:
    """`build 2.1s`, `vet failed 1.9s`, `docker-up unavailable`, `smoke waiting`, `smoke approved, unsigned`."""
    name, receipt = validation.spec.name, validation.receipt
    if receipt is None:
        before = f" ({validation.before})" if validation.before else ""
        return f"{name} {validation.word.replace('-', ' ')}{before}"
    if validation.spec.manual:
        return f"{name} approved, {validation.signed}"
    time = duration(receipt.seconds)
    if receipt.outcome is Outcome.PASSED:
        return f"{name} {time}"
    if receipt.outcome is Outcome.NO_WORSE:
        return f"{name} as on the base {time}"
    return f"{name} {receipt.outcome} {time}" if receipt.outcome is Outcome.FAILED else f"{name} {receipt.outcome}"


def render_stack(out: Output, lines: list[StackRow]) -> None:
    """Print the picture on standard output: a table that fits the terminal, plain columns when piped."""
    if sys.stdout.isatty() or out.colored(sys.stdout):
        draw_stack(out, lines)
        return
    widths = [max(len(line.phase) for line in lines), max(len(line.where) for line in lines)]
    files = max(len(line.files) for line in lines)
    for line in lines:
        text = f"  {line.symbol} {line.phase:<{widths[0]}}  {line.where:<{widths[1]}}  {line.files:<{files}}"
        out.result("  ".join(part for part in (text, line.validations, line.remark) if part).rstrip())


def draw_stack(out: Output, lines: list[StackRow]) -> None:
    """The picture as a rich table: what ran breaks between its items, or stands below where no item fits beside."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    left = [
        max(len(cell) + 2 for cell in column)
        for column in zip(*((r.phase, r.where, r.files) for r in lines), strict=True)
    ]
    room = out.width - len("  ✓ ") - sum(left) - 2
    if room < max(len(item) for line in lines for item in line.validations.split("  ")):
        narrow(out, lines)
        return
    grid = Table.grid(padding=(0, 2, 0, 0))
    for no_wrap in (True, True, True, False):
        grid.add_column(no_wrap=no_wrap)
    for line in lines:
        dim = "dim" if line.where == "pending" else ""
        rest = Text(wrapped("  ".join(part for part in (line.validations, line.remark) if part), room))
        rest.highlight_words([line.remark] if line.remark else [], "yellow")
        grid.add_row(
            Text.assemble((f"  {line.symbol} ", f"bold {line.color}"), (line.phase, dim or "bold")),
            Text(line.where, style=dim or "cyan"),
            Text(line.files),
            rest,
        )
    color = out.colored(sys.stdout)
    drawing = io.StringIO()
    Console(file=drawing, width=out.width, no_color=not color, force_terminal=color, highlight=False).print(grid)
    out.drawn(drawing.getvalue())


def narrow(out: Output, lines: list[StackRow]) -> None:
    """The picture on a terminal that has no room for columns: what a phase did and what ran stands below it."""
    for line in lines:
        out.result("  ", Styled(line.symbol, line.color), f" {line.phase}  ", Styled(line.where, "cyan"))
        below = "  ".join(part for part in (line.files, line.validations, line.remark) if part)
        for text in wrapped(below, out.width - BELOW).split("\n") if below else ():
            out.result(" " * BELOW + text)


def wrapped(text: str, columns: int) -> str:
    """`text` broken between its items, which two spaces part, so that `vet 2.1s` is not torn apart."""
    lines = [""]
    for item in text.split("  "):
        longer = f"{lines[-1]}  {item}".lstrip()
        if len(longer) <= columns or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(item)
    return "\n".join(lines)


def current_place(phase: PhaseState) -> str:
    """`p03-core passed`, `p08-validation waiting (gate: smoke test)`."""
    return f"{phase.id} {phase.state}" + (f" ({phase.reason})" if phase.reason else "")


def failure_lines(out: Output, phase: PhaseState, repository: Repository) -> list[str]:
    """What to say of a failed phase: why, the log, and the three ways on."""
    from migrate.validation.session import log_file

    failed = [v for v in phase.validations if v.outcome is Outcome.FAILED]
    logs = [log_file(repository.state_dir, phase.id, v.spec.name) for v in failed]
    retry, able = out.again(f"validate {phase.id}"), enabling(phase.validations)
    if able:
        fix = f"  fix it   {able}, then: {retry}"
        return [f"{phase.id} {phase.reason}", fix, f"  or       {out.again('rollback')}"]
    return [
        f"{phase.id} {phase.reason}",
        *(f"  log      {out.path(log)}" for log in logs if log.exists()),
        f"  fix it   {entering(repository, phase.present_branch)}, commit, then: {out.again('validate')}",
        f"  retry    {retry}   (if it may be flaky)",
        f"  or       {out.again('rollback')}",
    ]
