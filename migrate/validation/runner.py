"""Running one validation in a slot."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import signal
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO

from migrate.execution.command import Command
from migrate.execution.environment import command_env
from migrate.execution.log import log_lines, opened_log
from migrate.execution.output import most_relevant_line, output_tail
from migrate.execution.process import GRACE, Finished, NotStartedError, OnLine, run_command
from migrate.execution.redaction import shared_text
from migrate.execution.slots import Slot
from migrate.plan.validation import Validation
from migrate.validation.baseline import BaselineError, select_problems
from migrate.validation.outcome import Outcome, RunVerdict

NOT_FOUND = 127
"""The exit code by which a shell says that there is no such program (POSIX, XCU 2.8.2)."""

SHELL_SIGNAL = 128
"""What a shell adds to the number of the signal that killed a command."""

MISSING = re.compile(r"(?:^|[\s:])(?P<program>[^\s:]+): (?:command )?not found$")
"""The English words of dash, bash and busybox for that."""


def is_program_installed(program: str, env: Mapping[str, str], place: Slot) -> bool:
    """Whether a command in a slot would find a program on PATH."""
    # A relative or empty entry of PATH counts from the folder in which the command runs.
    folders = os.pathsep.join(str(place.path / folder) for folder in env["PATH"].split(os.pathsep))
    return shutil.which(program, path=folders) is not None


def without_running(spec: Validation, place: Slot) -> RunVerdict | None:
    """The verdict on a validation that cannot run: a gate, or a required program is missing; None when it can."""
    if spec.manual is not None:
        return RunVerdict(Outcome.WAITING, reason=spec.manual)
    env = command_env(place, dict(spec.env))
    missing = next((program for program in spec.requires if not is_program_installed(program, env, place)), None)
    return RunVerdict(Outcome.UNAVAILABLE, reason=f"{missing} is not installed") if missing else None


def run_validation(
    spec: Validation, place: Slot, *, log: Path, on_line: OnLine | None = None, grace: float = GRACE
) -> RunVerdict:
    """Run a validation in a slot that holds the commit; the whole output goes to `log`.

    The baseline only selects the problems here; it does not compare them. Raises `RepositoryError` when the log cannot
    be written.
    """
    verdict = without_running(spec, place)
    if verdict is not None:
        return verdict
    assert spec.run is not None
    with opened_log(log) as file:
        run = Run(spec, place, log, file, on_line, grace)
        if spec.probe is not None:
            verdict = run.step(spec.probe)
            if verdict.outcome is not Outcome.PASSED:
                return replace(verdict, outcome=Outcome.UNAVAILABLE, problems=())
        for setup in (spec.prepare, spec.setup):
            if setup is not None:
                verdict = run.step(setup, is_setup=True)
                if verdict.outcome is not Outcome.PASSED:
                    return verdict
        return run.step(spec.run)


@dataclass(frozen=True)
class Run:
    """A running validation: its probe, the setups, then its command, with one log and one time limit."""

    spec: Validation
    place: Slot
    log: Path
    file: IO[bytes]
    on_line: OnLine | None
    grace: float
    began: float = field(default_factory=time.monotonic)

    def step(self, command: Command, *, is_setup: bool = False) -> RunVerdict:
        """Run one of the commands."""
        self.file.write(f"$ {command if isinstance(command, str) else shlex.join(command)}\n".encode())
        self.file.flush()
        start = self.file.tell()
        try:
            done = self._run(command)
        except NotStartedError as error:
            outcome = Outcome.UNAVAILABLE if error.is_missing else Outcome.FAILED
            before = "setup failed: " if is_setup and not error.is_missing else ""
            return RunVerdict(outcome, self._elapsed(), log=self.log, reason=f"{before}{error}")
        took = self._elapsed()  # Reading its output does not count as its time.
        return replace(self._verdict(done.code, start, is_setup=is_setup), seconds=took, log=self.log)

    def _verdict(self, code: int | None, start: int, *, is_setup: bool) -> RunVerdict:
        if code == 0:
            return RunVerdict(Outcome.PASSED, code=0)
        last = output_tail(self.log, start)
        if code == NOT_FOUND and (missing := self._program_not_found(last)):
            return RunVerdict(Outcome.UNAVAILABLE, code=code, reason=f"{missing} is not installed")
        failed = RunVerdict(Outcome.FAILED, code=code, tail=last)
        if code is None:
            what = "setup timed out" if is_setup else "timed out"
            return replace(failed, reason=f"{what} after {self.spec.timeout:g} s")
        reason = self._why(code, start, last)
        if is_setup:
            return replace(failed, reason=f"setup failed: {reason}")
        try:
            return replace(failed, reason=reason, problems=() if killed_by(code) else self._problems(start))
        except BaselineError as error:
            return replace(failed, reason=str(error))

    def _run(self, command: Command) -> Finished:
        env = command_env(self.place, dict(self.spec.env))
        left = None if self.spec.timeout is None else max(0.0, self.spec.timeout - self._elapsed())
        try:
            done = run_command(
                command,
                cwd=self.place.path,
                env=env,
                log=self.file,
                timeout=left,
                held=(self.place.lock,),
                on_line=self._report,
                grace=self.grace,
            )
        except NotStartedError:
            raise
        except BaseException:
            self.place.mark_dirty()
            raise
        if done.code is None or killed_by(done.code):
            self.place.mark_dirty()
        return done

    def _program_not_found(self, last: Sequence[str]) -> str | None:
        named = named_before_last_colon(last)
        if named is not None and not is_program_installed(
            named, command_env(self.place, dict(self.spec.env)), self.place
        ):
            return named
        return program_not_found(last)

    def _report(self, _seconds: float, line: str) -> None:
        if self.on_line is not None:
            self.on_line(self._elapsed(), line)

    def _elapsed(self) -> float:
        return time.monotonic() - self.began

    def _problems(self, start: int) -> tuple[str, ...]:
        if self.spec.baseline is None:
            return ()
        return tuple(map(shared_text, select_problems(self.spec.baseline, log_lines(self.log, start), self.place.path)))

    def _why(self, code: int, start: int, last: Sequence[str]) -> str:
        if killer := killed_by(code):
            return f"killed by {killer}"
        said = most_relevant_line(self.log, start, last).replace(f"{self.place.path}/", "")
        return shared_text(said) or f"exit code {code}"


def killed_by(code: int) -> str:
    """The name of the signal that an exit code stands for; empty for a command that ended by itself.

    A shell adds 128 to the number of the signal that killed its command (POSIX, XCU 2.8.2).
    """
    number = -code if code < 0 else code - SHELL_SIGNAL
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}" if code < 0 or signal.SIGRTMIN < number < signal.SIGRTMAX else ""


def program_not_found(last: Sequence[str]) -> str | None:
    """The program that a shell did not find on PATH. A missing path is not one: it belongs to the tree."""
    for line in reversed(last):
        if found := MISSING.search(line):
            return found["program"] if "/" not in found["program"] else None
    return None


def named_before_last_colon(last: Sequence[str]) -> str | None:
    """The name that a shell reports as missing, in any language: `sh: 1: NAME: …` (also `NAME : …`, and quoted)."""
    fields = re.split(r"\s*:\s+", last[-1]) if last else []
    name = fields[-2].strip("'\"`‘’«»“”„") if len(fields) > 1 else ""
    return name if re.fullmatch(r"[^\s/]+", name) else None
