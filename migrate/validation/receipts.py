"""Receipts: what became of validations, as git notes on the trees that they ran on.

A tree keeps its receipts when its commit is rewritten, and another clone that fetches the notes need not run anything
again. `git notes --ref=migrate/NAME show TREE` prints them: one JSON object a line.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import UTC, datetime

from migrate.git.notes import Notes, read_notes, write_notes
from migrate.git.objects import Oid
from migrate.git.process import decode, encode
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter
from migrate.text import printable
from migrate.validation.outcome import Outcome, Verdict
from migrate.validation.spec import Validation

LONGEST = 1e9
"""Seconds, some thirty years: more, or what is no number, can be no time that a validation took."""


@dataclass(frozen=True)
class Receipt:
    """The recorded outcome of one validation on one tree.

    `key` is the validation's as it was then; `when` is ISO 8601 in UTC; `commit` the commit it ran on; `note` what a
    person wrote who confirmed a gate, and `phase` the phase on which they did; `problems` the lines of output that the
    validation's `baseline` selects; `base` the tree that they were compared with.
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

    @property
    def tip(self) -> Oid | None:
        """The notes commit that they were read from."""
        return self.notes.tip

    def of(self, tree: Oid, validation: Validation, *, base: Oid | None = None) -> Receipt | None:
        """The latest receipt of a validation, as it is defined now, on a tree.

        With `base` a comparison with the tree of another base does not count.
        """
        key = validation.key()
        found = [r for r in self.by_tree.get(tree, ()) if (r.validation, r.key) == (validation.name, key)]
        if base is not None:
            found = [r for r in found if r.base in ("", base)]
        return max(found, key=lambda receipt: receipt.when, default=None)

    def earlier(self, validation: Validation, phase: str) -> Receipt | None:
        """The latest confirmation of a gate, as it is defined now, on any tree that a phase had."""
        key = validation.key()
        found = [
            receipt
            for receipts in self.by_tree.values()
            for receipt in receipts
            if (receipt.validation, receipt.key, receipt.phase) == (validation.name, key, phase)
        ]
        return max(found, key=lambda receipt: receipt.when, default=None)

    def with_added(self, receipts: Iterable[Receipt]) -> Receipts:
        """These receipts and new ones; a new one takes the place of the last of the same validation and key."""
        by_tree, unwritten = dict(self.by_tree), dict(self.unwritten)
        for receipt in receipts:
            tree = receipt.tree
            content = unwritten.get(tree, self.notes.contents.get(tree, b""))
            unwritten[tree] = with_line(content, receipt)
            by_tree[tree] = (*(r for r in by_tree.get(tree, ()) if not is_same(r, receipt)), receipt)
        return replace(self, by_tree=by_tree, unwritten=unwritten)

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
    warnings, see = [], f"git notes --ref=migrate/{migration}"
    for tree, content in notes.contents.items():
        found = [parse(tree, line) for line in lines_of(content)]
        by_tree[tree] = tuple(receipt for receipt in found if receipt is not None)
        if None in found:
            warnings.append(f"a note on {tree} is no receipt: {see} show {tree}   (edit, in place of show, changes it)")
    warnings += [f"a note on {tree} is too large, and is passed over: {see} remove {tree}" for tree in notes.too_large]
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
    )


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


def is_same(one: Receipt, other: Receipt) -> bool:
    """Whether two receipts are of one validation as it was defined at one time."""
    return (one.validation, one.key) == (other.validation, other.key)


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
    values = {name: value for name, value in asdict(receipt).items() if name != "tree" and value not in ("", ())}
    return encode(json.dumps(values, ensure_ascii=False))


def parse(tree: Oid, line: bytes) -> Receipt | None:
    """Read one line of a note; None when it is no receipt."""
    try:
        values = json.loads(decode(line))
        known = {f.name: values[f.name] for f in fields(Receipt) if f.name in values}
        problems = known.pop("problems", [])
        seconds, outcome = known.pop("seconds"), Outcome(known.pop("outcome"))
        texts = [*known.values(), *problems]
        if not isinstance(problems, list) or not all(isinstance(text, str) for text in texts):
            return None
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= LONGEST:
            return None
        return Receipt(**{**known, "tree": tree}, seconds=float(seconds), outcome=outcome, problems=tuple(problems))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
