"""Receipts: what became of validations, as git notes on the trees that they ran on.

A tree keeps its receipts when its commit is rewritten, and another clone that fetches the notes need not run anything
again. `git notes --ref=migrate/NAME show TREE` prints them: one JSON object a line.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace

from migrate.git.notes import Notes, read_notes, write_notes
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter
from migrate.plan.validation import Validation, WantedReceipts
from migrate.text import decode, encode, printable
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import (
    Receipt,
    Signature,
    current_moment,
    is_same_receipt,
    parse_moment,
    parse_receipt,
    prevailing,
    receipt_line,
    receipt_lines,
    shareable,
)

TIME_COLUMNS = 40
"""So much is shown of a time that is none."""


@dataclass(frozen=True)
class Receipts:
    """All receipts of a migration, with those that are not written yet.

    `warnings` name the notes that could not be understood; they are left as they are.
    """

    notes: Notes = field(default_factory=Notes)
    by_tree: Mapping[TreeId, tuple[Receipt, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unwritten: Mapping[TreeId, bytes] = field(default_factory=dict)
    """The new note of each tree that got a receipt since."""
    signatures: Mapping[Receipt, Signature] = field(default_factory=dict)
    """What the signatures are worth that were checked."""
    wanted: WantedReceipts = field(default_factory=WantedReceipts)

    @property
    def tip(self) -> CommitId | None:
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
        self, tree: TreeId, validation: Validation, *, base: TreeId | None, phases: Collection[str] = ()
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
        self, tree: TreeId, validation: Validation, *, base: TreeId | None, phases: Collection[str] = ()
    ) -> Receipt | None:
        """A receipt that would count if it were signed as the plan wants it."""
        found = self._fitting(tree, validation, base, phases) if self.wanted.of(validation) else []
        found = [r for r in found if self.signature(r) is not Signature.SIGNED]
        return prevailing(found) if found else None

    def signature(self, receipt: Receipt) -> Signature:
        """What the signature of a receipt is worth."""
        unchecked = Signature.UNKNOWN if receipt.signature else Signature.UNSIGNED
        return self.signatures.get(receipt, unchecked)

    def on(self, trees: Collection[TreeId]) -> list[Receipt]:
        """All receipts of some trees."""
        return [receipt for tree in trees for receipt in self.by_tree.get(tree, ())]

    def _fitting(
        self, tree: TreeId, validation: Validation, base: TreeId | None, phases: Collection[str]
    ) -> list[Receipt]:
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
        return max(found, key=lambda receipt: parse_moment(receipt.when), default=None)

    def approvals(self) -> list[Receipt]:
        """The confirmations of gates on all trees that phases had."""
        return [receipt for receipts in self.by_tree.values() for receipt in receipts if receipt.phase]

    def with_added(self, receipts: Iterable[Receipt]) -> Receipts:
        """These receipts and new ones; a new one takes the place of the last of the same validation and key."""
        by_tree, unwritten, signatures = dict(self.by_tree), dict(self.unwritten), dict(self.signatures)
        for receipt in map(shareable, receipts):
            tree = receipt.tree
            content = unwritten.get(tree, self.notes.contents.get(tree, b""))
            unwritten[tree] = with_line(content, receipt)
            by_tree[tree] = (*(r for r in by_tree.get(tree, ()) if not is_same_receipt(r, receipt)), receipt)
            if receipt.signature:  # It was signed just now, by who runs this.
                signatures[receipt] = Signature.SIGNED
        return replace(self, by_tree=by_tree, unwritten=unwritten, signatures=signatures)

    def write(
        self, writer: CommitWriter, repository: Repository, message: str = "Record validations"
    ) -> CommitId | None:
        """Write the new notes commit, for the caller to move the ref from `tip` to; None when nothing is new."""
        if not self.unwritten:
            return None
        return write_notes(writer, repository, self.notes, message, self.unwritten)


def read_receipts(repository: Repository, migration: str, tip: CommitId | None) -> Receipts:
    """Read all receipts at once from a notes commit, None when there is none yet.

    What is no receipt becomes a warning and is kept.
    """
    notes = read_notes(repository, tip)
    by_tree: dict[TreeId, tuple[Receipt, ...]] = {}
    warnings, see = [], f"git notes --ref=migrate/{migration}"
    for tree, content in notes.contents.items():
        found = [parse_receipt(tree, line) for line in receipt_lines(content)]
        by_tree[tree] = tuple(receipt for receipt in found if receipt is not None)
        if None in found:
            why = next(filter(None, (unreadable_notes(tree, line) for line in receipt_lines(content))))
            warnings.append(f"a note on {tree} {why}: {see} show {tree}   (edit, in place of show, changes it)")
    warnings += [f"a note on {tree} is too large, and is passed over: {see} remove {tree}" for tree in notes.too_large]
    return Receipts(notes, by_tree, tuple(warnings))


def unreadable_notes(tree: TreeId, line: bytes) -> str:
    """Why a line of a note is no receipt, nothing where it is one."""
    if parse_receipt(tree, line) is not None:
        return ""
    with suppress(ValueError, TypeError, RecursionError):
        values = json.loads(decode(line))
        if (
            isinstance(values, dict)
            and parse_receipt(tree, encode(json.dumps({**values, "when": current_moment()}))) is not None
        ):
            when = printable(str(values.get("when", ""))[:TIME_COLUMNS])
            return f'is skipped: "{when}" is not a valid time'
    return "is no receipt"


def with_line(content: bytes, receipt: Receipt) -> bytes:
    """A note with one more receipt. Lines that are no receipt stay."""
    kept = []
    for line in receipt_lines(content):
        old = parse_receipt(receipt.tree, line)
        if old is None or not is_same_receipt(old, receipt):
            kept.append(line)
    return b"".join(line + b"\n" for line in (*kept, receipt_line(receipt)))
