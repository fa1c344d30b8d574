"""Receipts: the outcomes of validations, as git notes on the trees on which they ran.

A tree keeps its receipts when its commit is rewritten, and another clone that fetches the notes need not run anything
again. `git notes --ref=migrate/NAME show TREE` prints them: one JSON object a line.
"""

from __future__ import annotations

import json
from collections import ChainMap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from migrate.git.notes import Notes, changed_notes, read_notes, read_some_notes, write_notes
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter
from migrate.plan.validation import Validation, WantedReceipts
from migrate.text import decode, encode, printable
from migrate.validation.note_index import MANY, Index, keep_index, known_index
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

Item = TypeVar("Item")
TIME_COLUMNS = 40
"""The most characters that are shown of an invalid time."""


@dataclass(frozen=True)
class Receipts:
    """All receipts of a migration, with those that are not written yet.

    `warnings` name the notes that could not be read; these stay as they are.
    """

    notes: Notes = field(default_factory=Notes)
    by_tree: Mapping[TreeId, tuple[Receipt, ...]] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    unwritten: Mapping[TreeId, bytes] = field(default_factory=dict)
    """The new notes of trees that got receipts since then."""
    signatures: Mapping[Receipt, Signature] = field(default_factory=dict)
    """The results of the signatures that were checked."""
    wanted: WantedReceipts = field(default_factory=WantedReceipts)

    @property
    def tip(self) -> CommitId | None:
        """The notes commit from which they were read."""
        return self.notes.tip

    @property
    def compare(self) -> bool:
        """Whether one of them compares a tree with that of a base."""
        return any(receipt.base for receipts in self.by_tree.values() for receipt in receipts)

    @property
    def has_signatures(self) -> bool:
        """Whether one of them is signed."""
        return any(receipt.signature for receipts in self.by_tree.values() for receipt in receipts)

    def of(
        self, tree: TreeId, validation: Validation, *, base: TreeId | None, phases: Collection[str] = ()
    ) -> Receipt | None:
        """The latest receipt of a validation, as it is defined now, on a tree; None when there is none.

        `base` is the tree of the base now: a failure that is no worse than on another base does not count. `phases` are
        the names of the phase: the approval of a gate counts only on one of them.
        """
        found = self._fitting(tree, validation, base, phases)
        if self.wanted.of(validation):
            found = [r for r in found if self.signature(r) is Signature.SIGNED]
        return prevailing(found) if found else None

    def doubted(
        self, tree: TreeId, validation: Validation, *, base: TreeId | None, phases: Collection[str] = ()
    ) -> Receipt | None:
        """A receipt that would count if it were signed as the plan demands."""
        found = self._fitting(tree, validation, base, phases) if self.wanted.of(validation) else []
        found = [r for r in found if self.signature(r) is not Signature.SIGNED]
        return prevailing(found) if found else None

    def signature(self, receipt: Receipt) -> Signature:
        """What the signature of a receipt is worth."""
        unchecked = Signature.UNKNOWN if receipt.signature else Signature.UNSIGNED
        return self.signatures.get(receipt, unchecked)

    def on(self, trees: Collection[TreeId]) -> list[Receipt]:
        """All receipts on some trees."""
        return [receipt for tree in trees for receipt in self.by_tree.get(tree, ())]

    def _fitting(
        self, tree: TreeId, validation: Validation, base: TreeId | None, phases: Collection[str]
    ) -> list[Receipt]:
        key = validation.key()
        found = [r for r in self.by_tree.get(tree, ()) if (r.validation, r.key) == (validation.name, key)]
        if validation.manual:
            # Receipts of older versions name no phase; when signatures are demanded, they must name one.
            anyway = () if self.wanted.approvals else ("",)
            return [r for r in found if r.phase in (*anyway, *phases)]
        return [r for r in found if r.outcome is not Outcome.NO_WORSE or (base is not None and r.base == base)]

    def earlier(self, validation: Validation, phase: str) -> Receipt | None:
        """The latest approval of a gate, as it is defined now, on any tree that a phase had."""
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
        """The approvals of gates on all trees that phases had."""
        return [receipt for receipts in self.by_tree.values() for receipt in receipts if receipt.phase]

    def with_added(self, receipts: Iterable[Receipt]) -> Receipts:
        """These receipts and new ones; a new one replaces the last one of the same validation and key."""
        by_tree: dict[TreeId, tuple[Receipt, ...]] = {}
        unwritten, signatures = dict(self.unwritten), dict(self.signatures)
        for receipt in map(shareable, receipts):
            tree = receipt.tree
            content = unwritten.get(tree, self.notes.contents.get(tree, b""))
            unwritten[tree] = with_line(content, receipt)
            before = by_tree.get(tree, self.by_tree.get(tree, ()))
            by_tree[tree] = (*(r for r in before if not is_same_receipt(r, receipt)), receipt)
            if receipt.signature:  # It was signed just now by the user of this command.
                signatures[receipt] = Signature.SIGNED
        return replace(self, by_tree=with_items(self.by_tree, by_tree), unwritten=unwritten, signatures=signatures)

    def write(
        self, writer: CommitWriter, repository: Repository, message: str = "Record validations"
    ) -> CommitId | None:
        """Write the new notes commit, for the caller to move the ref from `tip` to; None when nothing is new."""
        if not self.unwritten:
            return None
        return write_notes(writer, repository, self.notes, message, self.unwritten)

    def written(self, tip: CommitId) -> Receipts:
        """These receipts, now read from the notes commit that `write` made."""
        paths = {tree: self.notes.paths.get(tree, (tree,))[:1] for tree in self.unwritten}
        notes = replace(
            self.notes,
            tip=tip,
            contents=with_items(self.notes.contents, self.unwritten),
            paths=with_items(self.notes.paths, paths),
        )
        parsed = {tree: receipts_in(tree, content) for tree, content in self.unwritten.items()}
        return replace(self, notes=notes, by_tree=with_items(self.by_tree, parsed), unwritten={})


class ByTree(Mapping[TreeId, tuple[Receipt, ...]]):
    """The receipts in notes; each note is parsed when it is first needed."""

    def __init__(self, contents: Mapping[TreeId, bytes]) -> None:
        self._contents = contents
        self._parsed: dict[TreeId, tuple[Receipt, ...]] = {}

    def __getitem__(self, tree: TreeId) -> tuple[Receipt, ...]:
        if tree not in self._parsed:
            self._parsed[tree] = receipts_in(tree, self._contents[tree])
        return self._parsed[tree]

    def __iter__(self) -> Iterator[TreeId]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)


def receipts_in(tree: TreeId, content: bytes) -> tuple[Receipt, ...]:
    """The receipts in a note; other lines are skipped."""
    found = (parse_receipt(tree, line) for line in receipt_lines(content))
    return tuple(receipt for receipt in found if receipt is not None)


def with_items(before: Mapping[TreeId, Item], items: Mapping[TreeId, Item]) -> Mapping[TreeId, Item]:
    """A mapping with new values for some keys; it does not read a lazy mapping."""
    if isinstance(before, dict):
        return {**before, **items}
    first, *rest = before.maps if isinstance(before, ChainMap) else [dict[TreeId, Item](), before]
    return ChainMap({**first, **items}, *rest)


def read_receipts(
    repository: Repository, migration: str, tip: CommitId | None, trees: Collection[TreeId] | None = None
) -> Receipts:
    """Read receipts from a notes commit, None when there is none yet.

    With `trees`, and many notes, only the notes on these trees are read, and those that matter everywhere: approvals of
    gates, and lines that are not receipts, which become warnings and are kept. Other notes are read when they are
    needed.
    """
    index = None
    if tip is not None and trees is not None:
        index = brought_up(repository, migration, tip)
    if tip is not None and trees is not None and index is not None:
        notes = read_some_notes(repository, tip, {*trees, *index.outstanding})
    else:
        notes = read_notes(repository, tip)
        if tip is not None and len(notes.contents) + len(notes.too_large) >= MANY:
            keep_index(
                repository, migration, Index(tip, (*filter(outstanding_in(notes), notes.contents), *notes.too_large))
            )
    by_tree = ByTree(notes.contents)
    warnings, see = [], f"git notes --ref=migrate/{migration}"
    for tree, content in notes.contents.items():
        if len(by_tree[tree]) < len(receipt_lines(content)):
            why = next(filter(None, (unreadable_notes(tree, line) for line in receipt_lines(content))))
            warnings.append(f"a note on {tree} {why}: {see} show {tree}   (edit, in place of show, changes it)")
    warnings += [f"a note on {tree} is too large, and is skipped: {see} remove {tree}" for tree in notes.too_large]
    return Receipts(notes, by_tree, tuple(warnings))


def brought_up(repository: Repository, migration: str, tip: CommitId) -> Index | None:
    """The index of a notes commit, updated from an earlier one; None when all notes must be read."""
    index = known_index(repository, migration)
    if index is None or index.tip == tip:
        return index
    if None in repository.objects.reader.about([index.tip]):
        return None
    changed = changed_notes(repository, index.tip, tip)
    if len(changed) >= MANY:
        return None
    notes = read_some_notes(repository, tip, changed)
    still = [name for name in index.outstanding if name not in set(changed)]
    index = Index(tip, (*still, *filter(outstanding_in(notes), notes.contents), *notes.too_large))
    keep_index(repository, migration, index)
    return index


def outstanding_in(notes: Notes) -> Callable[[TreeId], bool]:
    """Whether a note matters on whatever tree it is: it approves a gate, or holds a line that is not a receipt."""

    def is_outstanding(tree: TreeId) -> bool:
        found = [parse_receipt(tree, line) for line in receipt_lines(notes.contents[tree])]
        return any(receipt is None or receipt.phase for receipt in found)

    return is_outstanding


def unreadable_notes(tree: TreeId, line: bytes) -> str:
    """Why a line of a note is not a receipt; empty when it is one."""
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
    """A note with one more receipt; lines that are not receipts stay."""
    kept = []
    for line in receipt_lines(content):
        old = parse_receipt(receipt.tree, line)
        if old is None or not is_same_receipt(old, receipt):
            kept.append(line)
    return b"".join(line + b"\n" for line in (*kept, receipt_line(receipt)))
