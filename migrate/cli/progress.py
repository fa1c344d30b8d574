"""What a person sees while phases run: one line a step, and one that changes while a validation runs."""

from __future__ import annotations

import sys
from pathlib import Path

from migrate.cli.output import Output, duration
from migrate.cli.picture import failure_lines
from migrate.phase import PhaseSource
from migrate.running import Applied
from migrate.stack import PhaseState, State
from migrate.text import printable
from migrate.validation.outcome import Outcome, Verdict
from migrate.validation.receipts import Receipt

COLORS = {Outcome.PASSED: "green", Outcome.FAILED: "red"}
CLEAR_LINE = "\r\x1b[K"


class Lines:
    """Reports transitions on standard error."""

    def __init__(self, out: Output, state_dir: Path) -> None:
        self._out = out
        self._state_dir = state_dir
        self._live = sys.stderr.isatty()

    def phase_started(self, source: PhaseSource) -> None:
        """Name the phase."""
        self._out.say(printable(f"{source.id} · {source.title}"), bold=True)

    def applied(self, applied: Applied, seconds: float) -> None:
        """Say what it did, and what it noted."""
        self._line("apply", f" {applied.counts.sentence()} ", "", seconds)
        for note in applied.notes:
            self._out.say(f"  note: {printable(note)}")

    def started(self, name: str) -> None:
        """A validation begins."""
        self.update(name, 0.0, "")

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """Show how long it has been running, and what it said last."""
        if self._live:
            text = f"  {printable(name)} … {duration(seconds)}  {last_line}"
            sys.stderr.write(CLEAR_LINE + text[: self._out.width - 1])
            sys.stderr.flush()

    def finished(self, name: str, verdict: Verdict) -> None:
        """Say how it ended; a failure shows the end of its output."""
        if self._live:
            sys.stderr.write(CLEAR_LINE)
        self._outcome(name, verdict.outcome, verdict.seconds, verdict.reason)
        if verdict.outcome is Outcome.FAILED:
            for line in verdict.tail:
                self._out.say(f"    {line}")

    def kept(self, receipt: Receipt) -> None:
        """Say how it went when it last ran on this tree."""
        self._outcome(receipt.validation, receipt.outcome, receipt.seconds, receipt.reason or "as before")

    def _outcome(self, name: str, outcome: Outcome, seconds: float, reason: str) -> None:
        ran = outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.NO_WORSE)
        word = "ok" if outcome is Outcome.PASSED else str(outcome)
        self._line(printable(name), " ", word, seconds if ran else None, COLORS.get(outcome, "yellow"), reason)

    def phase_finished(self, phase: PhaseState) -> None:
        """Say where the phase stands."""
        if phase.state is State.FAILED:
            for line in failure_lines(self._out, phase, self._state_dir):
                self._out.say(line)
        else:
            tip = f" ({phase.tip.oid[:7]})" if phase.tip else ""
            why = f", {printable(phase.reason)}" if phase.reason else ""
            self._out.say(f"{phase.id} {phase.state}{why} on {phase.branch}{tip}.")

    def _line(
        self, name: str, text: str, word: str, seconds: float | None, color: str | None = None, reason: str = ""
    ) -> None:
        time = duration(seconds) if seconds is not None else ""
        left = f"  {name}{text if text.strip() else ' '}"
        dots = "." * max(2, self._out.width - len(left) - len(word) - 12)
        shown = self._out.style(word, sys.stderr, fg=color) if color else word
        self._out.say(f"{left}{dots} {shown}{time:>8}".rstrip() + (f"  {printable(reason)}" if reason else ""))
