"""One receipt: the outcome of a validation on a tree, as one JSON object on a line of a note."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Literal

from migrate import limits
from migrate.execution.redaction import shared_text
from migrate.git.objects import CommitId, TreeId
from migrate.plan.validation import Validation
from migrate.text import decode, encode, printable, shortened
from migrate.validation.outcome import Outcome, RunVerdict

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
LONGEST = 1e9
"""In seconds, some thirty years: no validation took longer."""
FIRST_YEAR, LAST_YEAR = 2005, 2999
"""The years that a receipt may name: from the first year of git to one that no wrong clock shows by accident."""


@dataclass(frozen=True)
class Receipt:
    """The recorded outcome of one validation on one tree.

    `key` is the key of the validation at that time; `when` is ISO 8601 in UTC; `commit` is the commit on which it ran.
    For an approved gate, `note` is what the person wrote, and `phase` the phase that they approved. `problems` are the
    lines of output that the validation's `baseline` selects, `base` is the tree with which they were compared, and
    `code` the exit code of a command that failed by itself. `signature` is the signature in the form that git uses.
    """

    tree: TreeId
    validation: str
    key: str
    outcome: Outcome
    seconds: float
    when: str
    who: str
    commit: CommitId
    reason: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()
    base: TreeId | Literal[""] = ""
    phase: str = ""
    code: int | None = None
    signature: str = ""


class Signature(StrEnum):
    """What the signature of a receipt is worth. Only `SIGNED` counts where the plan wants signatures."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    UNKNOWN = "signer unknown"
    """It could not be checked here, or it is good but by an unknown key."""
    WRONG = "wrongly signed"
    """It is about something else, or by a key that may not sign for this person."""


ReceiptSlot = tuple[str, str, str]
"""A tree has one receipt for each of these: the name of a validation, its key, and for a gate the phase."""

CLAIMS = (Outcome.WAITING, Outcome.UNAVAILABLE, Outcome.PASSED, Outcome.NO_WORSE, Outcome.FAILED)
"""Of receipts that were made independently, the one whose outcome comes last here counts."""


def receipt_of(
    verdict: RunVerdict, spec: Validation, *, tree: TreeId, commit: CommitId, who: str, base: TreeId | Literal[""] = ""
) -> Receipt:
    """The receipt for a validation that ran just now."""
    return Receipt(
        tree=tree,
        validation=spec.name,
        key=spec.key(),
        outcome=verdict.outcome,
        seconds=round(verdict.seconds, 3),
        when=current_moment(),
        who=who,
        commit=commit,
        reason=shortened(verdict.reason, limits.REASON_CHARACTERS),
        problems=tuple(verdict.problems),
        base=base,
        code=verdict.code if verdict.outcome is Outcome.FAILED else None,
    )


def shareable(receipt: Receipt) -> Receipt:
    """A receipt without secrets."""
    problems = tuple(map(shared_text, receipt.problems))
    return replace(receipt, reason=shared_text(receipt.reason), note=shared_text(receipt.note), problems=problems)


def approval_receipt(
    spec: Validation,
    tree: TreeId,
    commit: CommitId,
    *,
    who: str,
    note: str = "",
    phase: str = "",
    earlier: Receipt | None = None,
) -> Receipt:
    """The receipt of a gate that a person approves on a phase.

    It replaces an `earlier` one on the same tree, and repeats what that said.
    """
    passed = receipt_of(RunVerdict(Outcome.PASSED), spec, tree=tree, commit=commit, who=who)
    return replace(passed, note=with_earlier(printable(note), who, earlier), phase=phase)


def with_earlier(note: str, who: str, earlier: Receipt | None) -> str:
    """The note of an approval, with who approved before and their note."""
    if earlier is None:
        return note
    if who == earlier.who and note in ("", earlier.note):
        return earlier.note
    name = earlier.who.partition(" <")[0]
    before = f"approved before by {name} on {earlier.when[:10]}" + (f": {earlier.note}" if earlier.note else "")
    return f"{note}; {before}" if note else before


def current_moment() -> str:
    """The current time in UTC, as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_moment(when: str) -> datetime:
    """The time in a receipt, ISO 8601 with a time zone. Raises `ValueError` for anything else."""
    found = datetime.fromisoformat(when) if TIME.fullmatch(when) else None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(when)
    return found.astimezone(UTC)


def slot_of(receipt: Receipt) -> ReceiptSlot:
    """The slot of a receipt: receipts of one slot replace each other on a tree."""
    return receipt.validation, receipt.key, receipt.phase


def prevailing(receipts: Sequence[Receipt]) -> Receipt:
    """Of receipts of one slot that were made independently, the one that claims least.

    Of several that claim the same, the latest by its own clock: nothing depends on that.
    """
    if len(receipts) == 1:
        return receipts[0]
    return max(
        receipts, key=lambda receipt: (CLAIMS.index(receipt.outcome), parse_moment(receipt.when), receipt_line(receipt))
    )


def is_same_receipt(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts are about the same validation with the same key."""
    return slot_of(one) == slot_of(other)


def receipt_lines(content: bytes) -> Sequence[bytes]:
    """The lines of a note that are not empty."""
    return [line for line in content.split(b"\n") if line.strip()]


def receipt_line(receipt: Receipt) -> bytes:
    """A receipt as one JSON object, without empty fields and without the tree, to which the note belongs."""
    values = {name: value for name, value in asdict(receipt).items() if name != "tree" and value not in ("", (), None)}
    return encode(json.dumps(values, ensure_ascii=False))


def parse_receipt(tree: TreeId, line: bytes) -> Receipt | None:
    """Read one line of a note; None when it is not a receipt."""
    try:
        values = json.loads(decode(line))
        known = {f.name: values[f.name] for f in fields(Receipt) if f.name in values}
        problems, code = known.pop("problems", []), known.pop("code", None)
        seconds, outcome = known.pop("seconds"), Outcome(known.pop("outcome"))
        if not isinstance(problems, list) or not all(isinstance(text, str) for text in [*known.values(), *problems]):
            return None
        if code is not None and type(code) is not int:
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST:
            return None
        texts = {**known, "tree": tree}
        parse_moment(texts["when"])
        return Receipt(**texts, seconds=float(seconds), outcome=outcome, problems=tuple(problems), code=code)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
