"""Receipts of two clones made one: a pure function of their notes, and of what they had in common before.

Clocks decide nothing. A receipt that one side replaced by another was seen by who did that, so the other one is newer,
whatever its time says. Where each side has one that the other never saw, nobody knows which is newer, and the one that
claims less stays: a failure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.git.notes import Notes
from migrate.git.objects import TreeId
from migrate.validation.receipt import Receipt, ReceiptSlot, parse_receipt, prevailing, receipt_lines, slot_of

Held = Mapping[ReceiptSlot, Receipt]
"""By slot the receipt of a note."""


def merged_notes(bases: Sequence[Notes], ours: Notes, theirs: Notes) -> dict[TreeId, bytes]:
    """The notes that differ from ours when what others did is taken in.

    `bases` are what both had before, the best known first: what was noted at the last sync, then the notes that both
    histories have. None where they have nothing in common.
    """
    found = {}
    for tree in {**ours.contents, **theirs.contents}:
        before, here, there = (
            receipt_lines(notes.contents.get(tree, b"")) for notes in (first_receipt(bases), ours, theirs)
        )
        shared = [held_receipts(tree, receipt_lines(notes.contents.get(tree, b""))) for notes in bases]
        chosen = chosen_receipts(shared, held_receipts(tree, here), held_receipts(tree, there))
        lines = merged_lines(tree, before, here, there, chosen)
        if lines != list(here):
            found[tree] = b"".join(line + b"\n" for line in lines)
    return found


def first_receipt(bases: Sequence[Notes]) -> Notes:
    """What is known best of what both had."""
    return next(iter(bases), Notes())


def held_receipts(tree: TreeId, lines: Sequence[bytes]) -> Held:
    """The receipt of each slot; of several, which only another tool leaves there, the one that prevails."""
    found: dict[ReceiptSlot, list[Receipt]] = {}
    for line in lines:
        receipt = parse_receipt(tree, line)
        if receipt is not None:
            found.setdefault(slot_of(receipt), []).append(receipt)
    return {slot: prevailing(receipts) for slot, receipts in found.items()}


def chosen_receipts(bases: Sequence[Held], ours: Held, theirs: Held) -> frozenset[Receipt]:
    """The receipt of each slot that stays."""
    chosen = (chosen_receipt([base.get(s) for base in bases], ours.get(s), theirs.get(s)) for s in {**ours, **theirs})
    return frozenset(receipt for receipt in chosen if receipt is not None)


def chosen_receipt(bases: Sequence[Receipt | None], ours: Receipt | None, theirs: Receipt | None) -> Receipt | None:
    """Of one slot the side that saw the other's; where neither did, what claims less."""
    for base in bases:
        if ours == base:
            return theirs
        if theirs == base:
            return ours
    if ours is None or theirs is None:
        return ours or theirs
    return prevailing([ours, theirs])


def merged_lines(
    tree: TreeId, base: Sequence[bytes], ours: Sequence[bytes], theirs: Sequence[bytes], chosen: frozenset[Receipt]
) -> list[bytes]:
    """The lines of a note: those of the chosen receipts, and what is no receipt, unless a side took it away."""
    taken_away = {line for line in base if line not in ours or line not in theirs}
    found: list[bytes] = []
    left = set(chosen)
    for line in dict.fromkeys([*ours, *theirs]):
        receipt = parse_receipt(tree, line)
        if receipt is None and line not in taken_away:
            found.append(line)
        elif receipt is not None and receipt in left:
            found.append(line)
            left.remove(receipt)
    return found
