"""What a person sees while phases run: one line a step, and one that changes while a step takes its time."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.cli.output import Output, Styled
from migrate.cli.stack_table import current_place, failure_lines
from migrate.execution.log import opened_log
from migrate.phase.runner import Applied
from migrate.plan.phase_source import PhaseSource
from migrate.plan.validation import Validation
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Project
from migrate.text import duration, encode, plural
from migrate.validation.outcome import Outcome, RunVerdict
from migrate.validation.receipt import Receipt
from migrate.validation.session import log_file

COLORS = {Outcome.PASSED: "green", Outcome.FAILED: "red"}
OUTCOME_COLUMNS, TIME_COLUMNS, REASON_COLUMNS = 13, 8, 15
"""The widths of what stands behind the dots; a reason without a time has the columns of the time too."""


class Passing:
    """Shows which phase runs, in a line that what comes next takes the place of."""

    def __init__(self, out: Output) -> None:
        self._out = out

    def phase_started(self, source: PhaseSource) -> None:
        """Name the phase."""
        self._out.live(f"{source.id} · {source.title} …")

    def applied(self, applied: Applied, seconds: float) -> None:
        """Leave the line: the next phase, or the result, takes its place."""


class Lines:
    """Reports transitions on standard error."""

    def __init__(self, out: Output, project: Project) -> None:
        self._out = out
        self._project = project
        self._longest = len("apply")

    def phase_started(self, source: PhaseSource) -> None:
        """Name the phase."""
        self.begun(f"{source.id} · {source.title}", self._project.plan.validations_of(source))
        self._out.live("  apply …")

    def begun(self, title: str, validations: Iterable[Validation]) -> None:
        """Name what is looked at, and leave room for the names of its validations."""
        self._longest = max(len(name) for name in ("apply", *(spec.name for spec in validations)))
        self._out.say(title, bold=True)

    def applied(self, applied: Applied, seconds: float) -> None:
        """Say what it did, and what it noted."""
        done = f"  {'apply':<{self._longest}}  {applied.counts.sentence()}"
        self._out.say(f"{done:<{self._column + 1 + OUTCOME_COLUMNS}}{duration(seconds):>{TIME_COLUMNS}}")
        for note in applied.notes:
            self._out.say(f"  {'note':<{self._longest}}  {note}")
        if applied.details:
            log = log_file(self._project.repository.state_dir, applied.source.id, "notes")
            with opened_log(log) as file:
                file.write(encode("".join(f"{line}\n" for line in applied.details)))
            self._out.say(f"  {'':<{self._longest}}  all of them: {self._out.path(log)}")

    def started(self, name: str) -> None:
        """A validation begins."""
        self.update(name, 0.0, "")

    def update(self, name: str, seconds: float, last_line: str) -> None:
        """Show how long it has been running, and what it said last."""
        self._out.live(f"  {name:<{self._longest}}  {duration(seconds):>6}  {last_line}")

    def finished(self, name: str, verdict: RunVerdict) -> None:
        """Say how it ended; a failure shows the end of its output."""
        self._outcome(name, verdict.outcome, verdict.seconds, verdict.reason)
        if verdict.outcome is Outcome.FAILED:
            for line in verdict.tail:
                self._out.say(f"    {line}")

    def kept(self, receipt: Receipt) -> None:
        """Say how it went when it last ran on this tree."""
        self._outcome(receipt.validation, receipt.outcome, receipt.seconds, receipt.reason, again=False)

    def phase_finished(self, phase: PhaseState) -> None:
        """Say where the phase stands."""
        if phase.state is State.FAILED:
            for line in failure_lines(self._out, phase, self._project.repository):
                self._out.say(line)
        else:
            tip = f" ({phase.tip.oid[:7]})" if phase.tip else ""
            edits = f" with {plural(len(phase.hand_edits), 'hand edit')}" if phase.hand_edits else ""
            self._out.say(f"{current_place(phase)} on {phase.present_branch}{tip}{edits}.")

    @property
    def _column(self) -> int:
        return max(self._longest + 5, self._out.prose_width - 1 - OUTCOME_COLUMNS - TIME_COLUMNS - REASON_COLUMNS)

    def _outcome(self, name: str, outcome: Outcome, seconds: float, reason: str, *, again: bool = True) -> None:
        ran = outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.NO_WORSE)
        word = "ok" if outcome is Outcome.PASSED else str(outcome)
        dots = f"  {name} ".ljust(self._column, ".")
        fits = self._column + 1 + OUTCOME_COLUMNS + len(reason) <= self._out.prose_width
        rest = f"{duration(seconds):>{TIME_COLUMNS}}" if ran else reason if fits else ""
        rest += "" if again else "  as before"
        padding = " " * (OUTCOME_COLUMNS - len(word)) if rest else ""
        self._out.say(f"{dots} ", Styled(word, COLORS.get(outcome, "yellow")), padding, rest)
        if outcome is Outcome.NO_WORSE or not (ran or fits):
            self._out.say(f"    {reason}")
