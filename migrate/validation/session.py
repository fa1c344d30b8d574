"""Validating one phase: validations without a good receipt run in a slot, and every outcome becomes a receipt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from migrate.execution.output import TAIL
from migrate.execution.process import OnLine
from migrate.execution.slots import Slot, take_slot
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.plan.validation import Validation
from migrate.text import plural
from migrate.tree.moves import MoveMap
from migrate.validation.baseline import new_problems
from migrate.validation.outcome import Outcome, RunVerdict
from migrate.validation.progress import SilentProgress, ValidationProgress
from migrate.validation.receipt import Receipt, receipt_of
from migrate.validation.receipts import Receipts
from migrate.validation.runner import run_validation, without_running

OnReceipt = Callable[[Receipt], None]
Signing = Callable[[Receipt], Receipt]
"""Signs a receipt if the plan demands it."""


@dataclass(frozen=True)
class ValidationTarget:
    """What is validated: a commit and its tree; `name` is used for its logs.

    `moved` holds all moves of the migration from the base up to this commit.
    """

    name: str
    commit: CommitId
    tree: TreeId
    moved: MoveMap = field(default_factory=MoveMap)
    phases: tuple[str, ...] = ()
    """The present and former names of the phase."""


def log_file(state_dir: Path, target: str, validation: str) -> Path:
    """The file with the whole output of a validation, kept until it runs again."""
    target, validation = (re.sub(r"[^\w.-]", "_", name) for name in (target, validation))
    return state_dir / "logs" / target / f"{validation}.log"


def validate_target(
    repository: Repository,
    target: ValidationTarget,
    specs: Sequence[Validation],
    *,
    base: ValidationTarget,
    receipts: Receipts,
    who: str,
    force: bool = False,
    progress: ValidationProgress | None = None,
    signed: Signing = lambda receipt: receipt,
    on_receipt: OnReceipt = lambda _: None,
) -> list[Receipt]:
    """Run every validation that has no good receipt on the target's tree, or all of them with `force`.

    Returns the new receipts, including those that a comparison made for the base. Each is passed to `signed` and then
    to `on_receipt` at once, so that an interrupt loses none. Gates get no receipts here. Raises `GitFailedError` or
    `RepositoryError` when there is no slot to run in.
    """
    with take_slot(repository) as place:
        session = ValidationSession(
            repository, place, base, receipts, who, progress or SilentProgress(), signed, on_receipt
        )
        for spec in specs:
            session.validate(target, spec, force=force)
    return session.made


@dataclass
class ValidationSession:
    """Runs validations one after the other in one slot."""

    repository: Repository
    place: Slot
    base: ValidationTarget
    receipts: Receipts
    who: str
    progress: ValidationProgress
    signed: Signing
    on_receipt: OnReceipt
    made: list[Receipt] = field(default_factory=list)

    def validate(self, target: ValidationTarget, spec: Validation, *, force: bool) -> None:
        """Run one validation unless its receipt is good."""
        known = self.receipts.of(target.tree, spec, base=self.base.tree, phases=target.phases)
        if known is not None and known.outcome.is_good and (not force or spec.run is None):
            self.progress.kept(known)
            return
        self.progress.started(spec.name)
        verdict = without_running(spec, self.place) or self._run(target, spec, "")
        compared: TreeId | Literal[""] = ""
        if verdict.problems:
            verdict = self._compare(target, spec, verdict)
            compared = self.base.tree
        if verdict.outcome is not Outcome.WAITING:
            self._record(target, spec, verdict, compared)
        self.progress.finished(spec.name, verdict)

    def _run(self, target: ValidationTarget, spec: Validation, prefix: str) -> RunVerdict:
        self.place.checkout(target.commit, target.moved)
        log = log_file(self.repository.state_dir, target.name, spec.name)
        return run_validation(spec, self.place, log=log, on_line=self._reporter(spec, prefix))

    def _reporter(self, spec: Validation, prefix: str) -> OnLine:
        return lambda seconds, line: self.progress.update(spec.name, seconds, prefix + line)

    def _record(
        self, target: ValidationTarget, spec: Validation, verdict: RunVerdict, compared: TreeId | Literal[""] = ""
    ) -> None:
        receipt = receipt_of(verdict, spec, tree=target.tree, commit=target.commit, who=self.who, base=compared)
        receipt = self.signed(receipt)
        self.receipts = self.receipts.with_added([receipt])
        self.made.append(receipt)
        self.on_receipt(receipt)

    def _compare(self, target: ValidationTarget, spec: Validation, verdict: RunVerdict) -> RunVerdict:
        """The verdict on a failure compared with the base: no worse when the base fails alike with all its problems."""
        problems, code = self._failure_of_base(spec)
        new = new_problems(problems, verdict.problems, target.moved)
        if not new and code == verdict.code:
            same = plural(len(verdict.problems), "line")
            return replace(verdict, outcome=Outcome.NO_WORSE, reason=f"fails as it does on the base ({same})")
        if not new:
            return replace(verdict, reason=f"exited with {verdict.code}, and with {code} on the base")
        first = tuple(new[:TAIL])
        rest = tuple(line for line in verdict.tail if line not in first)
        return replace(verdict, reason=new[0].strip(), tail=(first + rest)[:TAIL])

    def _failure_of_base(self, spec: Validation) -> tuple[Sequence[str], int | None]:
        """The problems of the base and its exit code; no problems when the base does not fail."""
        known = self.receipts.of(self.base.tree, spec, base=None)
        if known is not None and (known.outcome is Outcome.PASSED or (known.problems and known.code is not None)):
            return known.problems, known.code
        verdict = self._run(self.base, spec, "on the base: ")
        self._record(self.base, spec, verdict)
        return verdict.problems, verdict.code
