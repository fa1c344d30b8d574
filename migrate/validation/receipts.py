"""Receipts: what became of validations, as git notes on the trees that they ran on.

A tree keeps its receipts when its commit is rewritten, and another clone that fetches the notes need not run anything
again. `git notes --ref=migrate/NAME show TREE` prints them: one JSON object a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime
from enum import StrEnum

from migrate.git.notes import Notes, read_notes, write_notes
from migrate.git.objects import Oid
from migrate.git.process import decode, encode
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter
from migrate.redaction import shared
from migrate.text import printable
from migrate.validation.outcome import Outcome, Verdict
from migrate.validation.spec import Validation

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
FIRST_YEAR, LAST_YEAR = 2005, 2999
"""Between the first year of git and one that no clock shows by mistake alone."""
TIME_COLUMNS = 40
"""So much is shown of a time that is none."""


@dataclass(frozen=True)
class Receipt:
    """The recorded outcome of one validation on one tree.

    `key` is the validation's as it was then; `when` is ISO 8601 in UTC; `commit` the commit it ran on; `note` what a
    person wrote who confirmed a gate, and `phase` the phase on which they did; `problems` the lines of output that the
    validation's `baseline` selects; `base` the tree that they were compared with; `code` the exit code of a command
    that failed by itself; `signature` is who made it in the form that git signs with.
    """

    tree: Oid
    validation: str
    key: str
    outcome: Outcome
    seconds: float
    when: str
    who: str
    commit: Oid
    reason: str = ""
    note: str = ""
    problems: tuple[str, ...] = ()
    base: Oid = ""
    phase: str = ""
    code: int | None = None
    signature: str = ""


class Signature(StrEnum):
    """What the signature of a receipt is worth. Only `SIGNED` counts where the plan wants signatures."""

    UNSIGNED = "unsigned"
    SIGNED = "signed"
    UNKNOWN = "signer unknown"
    """It could not be checked here, or is good and nobody says whose key it is."""
    WRONG = "wrongly signed"
    """It is of something else, or of a key that may not sign for this person."""


@dataclass(frozen=True)
class Wanted:
    """What a plan wants to be signed."""

    approvals: bool = False
    receipts: bool = False

    def of(self, validation: Validation) -> bool:
        """Whether what is said of a validation counts only when it is signed."""
        return self.approvals if validation.manual else self.receipts


Slot = tuple[str, str, str]
"""What a tree has one receipt of: a validation, by name, as it was defined at one time, by key; a gate by phase."""

CLAIMS = (Outcome.WAITING, Outcome.UNAVAILABLE, Outcome.PASSED, Outcome.NO_WORSE, Outcome.FAILED)
"""Of receipts that know nothing of each other the last of these counts."""


@dataclass(frozen=True)
class Receipts:
    """All receipts of a migration, with those that are not written yet.

    `warnings` name the notes that could not be understood; they are left as they are.
    """

    notes: Notes = field(default_factory=Notes)
    by_tree: Mapping[Oid, tuple[Receipt, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unwritten: Mapping[Oid, bytes] = field(default_factory=dict)
    """The new note of each tree that got a receipt since."""
    signatures: Mapping[Receipt, Signature] = field(default_factory=dict)
    """What the signatures are worth that were checked."""
    wanted: Wanted = Wanted()

    @property
    def tip(self) -> Oid | None:
        """The notes commit that they were read from."""
        return self.notes.tip

    @property
    def compare(self) -> bool:
        """Whether one of them says how a tree does beside that of a base."""
        return any(receipt.base for receipts in self.by_tree.values() for receipt in receipts)

    @property
    def has_signatures(self) -> bool:
        """Whether one of them is signed."""
        return any(receipt.signature for receipts in self.by_tree.values() for receipt in receipts)

    def of(
        self, tree: Oid, validation: Validation, *, base: Oid | None, phases: Collection[str] = ()
    ) -> Receipt | None:
        """The latest receipt of a validation, as it is defined now, on a tree.

        `base` is the tree of the base now: that a failure is no worse than on another one says nothing. `phases` are
        the names of the phase that is looked at: a gate was confirmed on one of them, or it was not.
        """
        found = self._fitting(tree, validation, base, phases)
        if self.wanted.of(validation):
            found = [r for r in found if self.signature(r) is Signature.SIGNED]
        return prevailing(found) if found else None

    def doubted(
        self, tree: Oid, validation: Validation, *, base: Oid | None, phases: Collection[str] = ()
    ) -> Receipt | None:
        """A receipt that would count if it were signed as the plan wants it."""
        found = self._fitting(tree, validation, base, phases) if self.wanted.of(validation) else []
        found = [r for r in found if self.signature(r) is not Signature.SIGNED]
        return prevailing(found) if found else None

    def signature(self, receipt: Receipt) -> Signature:
        """What the signature of a receipt is worth."""
        unchecked = Signature.UNKNOWN if receipt.signature else Signature.UNSIGNED
        return self.signatures.get(receipt, unchecked)

    def on(self, trees: Collection[Oid]) -> list[Receipt]:
        """All receipts of some trees."""
        return [receipt for tree in trees for receipt in self.by_tree.get(tree, ())]

    def _fitting(self, tree: Oid, validation: Validation, base: Oid | None, phases: Collection[str]) -> list[Receipt]:
        key = validation.key()
        found = [r for r in self.by_tree.get(tree, ()) if (r.validation, r.key) == (validation.name, key)]
        if validation.manual:
            # What an older version recorded names no phase; where signatures are wanted it must name one.
            anyway = () if self.wanted.approvals else ("",)
            return [r for r in found if r.phase in (*anyway, *phases)]
        return [r for r in found if r.outcome is not Outcome.NO_WORSE or (base is not None and r.base == base)]

    def earlier(self, validation: Validation, phase: str) -> Receipt | None:
        """The latest confirmation of a gate, as it is defined now, on any tree that a phase had."""
        key = validation.key()
        found = [
            receipt
            for receipts in self.by_tree.values()
            for receipt in receipts
            if (receipt.validation, receipt.key, receipt.phase) == (validation.name, key, phase)
            and (not self.wanted.of(validation) or self.signature(receipt) is Signature.SIGNED)
        ]
        return max(found, key=lambda receipt: moment(receipt.when), default=None)

    def with_added(self, receipts: Iterable[Receipt]) -> Receipts:
        """These receipts and new ones; a new one takes the place of the last of the same validation and key."""
        by_tree, unwritten, signatures = dict(self.by_tree), dict(self.unwritten), dict(self.signatures)
        for receipt in map(shareable, receipts):
            tree = receipt.tree
            content = unwritten.get(tree, self.notes.contents.get(tree, b""))
            unwritten[tree] = with_line(content, receipt)
            by_tree[tree] = (*(r for r in by_tree.get(tree, ()) if not is_same(r, receipt)), receipt)
            if receipt.signature:  # It was signed just now, by who runs this.
                signatures[receipt] = Signature.SIGNED
        return replace(self, by_tree=by_tree, unwritten=unwritten, signatures=signatures)

    def write(self, writer: CommitWriter, repository: Repository, message: str = "Record validations") -> Oid | None:
        """Write the new notes commit, for the caller to move the ref from `tip` to; None when nothing is new."""
        if not self.unwritten:
            return None
        return write_notes(writer, repository, self.notes, message, self.unwritten)


def notes_ref(migration: str) -> str:
    """The ref of a migration's receipts."""
    return f"refs/notes/migrate/{migration}"


def read_receipts(repository: Repository, migration: str, tip: Oid | None) -> Receipts:
    """Read all receipts at once from a notes commit, None when there is none yet.

    What is no receipt becomes a warning and is kept.
    """
    notes = read_notes(repository, tip)
    by_tree: dict[Oid, tuple[Receipt, ...]] = {}
    warnings = []
    for tree, content in notes.contents.items():
        found = [parse(tree, line) for line in lines_of(content)]
        by_tree[tree] = tuple(receipt for receipt in found if receipt is not None)
        if None in found:
            why = next(filter(None, (unreadable(tree, line) for line in lines_of(content))))
            shown = f"git notes --ref=migrate/{migration} show {tree}"
            warnings.append(f"a note on {tree} {why}: {shown}")
    return Receipts(notes, by_tree, tuple(warnings))


def receipt_of(verdict: Verdict, spec: Validation, *, tree: Oid, commit: Oid, who: str, base: Oid = "") -> Receipt:
    """The receipt for a validation that ran just now."""
    return Receipt(
        tree=tree,
        validation=spec.name,
        key=spec.key(),
        outcome=verdict.outcome,
        seconds=round(verdict.seconds, 3),
        when=now(),
        who=who,
        commit=commit,
        reason=verdict.reason,
        problems=tuple(verdict.problems),
        base=base,
        code=verdict.code if verdict.outcome is Outcome.FAILED else None,
    )


def shareable(receipt: Receipt) -> Receipt:
    """A receipt without what is hidden from others."""
    problems = tuple(map(shared, receipt.problems))
    return replace(receipt, reason=shared(receipt.reason), note=shared(receipt.note), problems=problems)


def approval(
    spec: Validation,
    tree: Oid,
    commit: Oid,
    *,
    who: str,
    note: str = "",
    phase: str = "",
    earlier: Receipt | None = None,
) -> Receipt:
    """The receipt of a gate that a person confirms on a phase.

    It takes the place of an `earlier` one on the same tree, and says what that said.
    """
    passed = receipt_of(Verdict(Outcome.PASSED), spec, tree=tree, commit=commit, who=who)
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


def now() -> str:
    """This moment in UTC as ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def moment(when: str) -> datetime:
    """The moment that a receipt names, ISO 8601 with a time zone. Raises `ValueError` for anything else."""
    found = datetime.fromisoformat(when) if TIME.fullmatch(when) else None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise ValueError(when)
    return found.astimezone(UTC)


def unreadable(tree: Oid, line: bytes) -> str:
    """Why a line of a note is no receipt, nothing where it is one."""
    if parse(tree, line) is not None:
        return ""
    with suppress(ValueError, TypeError, RecursionError):
        values = json.loads(decode(line))
        if isinstance(values, dict) and parse(tree, encode(json.dumps({**values, "when": now()}))) is not None:
            when = printable(str(values.get("when", ""))[:TIME_COLUMNS])
            return f'is skipped, because its time "{when}" is none'
    return "is no receipt"


def slot_of(receipt: Receipt) -> Slot:
    """Which receipts take each other's place on a tree."""
    return receipt.validation, receipt.key, receipt.phase


def prevailing(receipts: Sequence[Receipt]) -> Receipt:
    """Of receipts of one slot that know nothing of each other the one that claims least.

    Of several that claim the same the latest by its own clock: nothing depends on that.
    """
    return max(receipts, key=lambda receipt: (CLAIMS.index(receipt.outcome), moment(receipt.when), line_of(receipt)))


def is_same(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts are of one validation as it was defined at one time."""
    return slot_of(one) == slot_of(other)


def with_line(content: bytes, receipt: Receipt) -> bytes:
    """A note with one more receipt. Lines that are no receipt stay."""
    kept = []
    for line in lines_of(content):
        old = parse(receipt.tree, line)
        if old is None or not is_same(old, receipt):
            kept.append(line)
    return b"".join(line + b"\n" for line in (*kept, line_of(receipt)))


def lines_of(content: bytes) -> Sequence[bytes]:
    """The lines of a note that are not empty."""
    return [line for line in content.split(b"\n") if line.strip()]


def line_of(receipt: Receipt) -> bytes:
    """A receipt as one JSON object, without what is empty and without the tree, which the note stands on."""
    values = {name: value for name, value in asdict(receipt).items() if name != "tree" and value not in ("", (), None)}
    return encode(json.dumps(values, ensure_ascii=False))


def parse(tree: Oid, line: bytes) -> Receipt | None:
    """Read one line of a note; None when it is no receipt."""
    try:
        values = json.loads(decode(line))
        known = {f.name: values[f.name] for f in fields(Receipt) if f.name in values}
        problems, code = known.pop("problems", []), known.pop("code", None)
        seconds, outcome = known.pop("seconds"), Outcome(known.pop("outcome"))
        if not isinstance(problems, list) or not all(isinstance(text, str) for text in [*known.values(), *problems]):
            return None
        if code is not None and type(code) is not int:
            return None
        texts = {**known, "tree": tree}
        moment(texts["when"])
        return Receipt(**texts, seconds=float(seconds), outcome=outcome, problems=tuple(problems), code=code)
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
