"""Merging the receipts of two clones: a pure function of their notes, and of what they last had in common.

Clocks decide nothing. When one side replaced a receipt, it had seen the old one, so the new one wins, whatever its time
says. When each side has a receipt that the other never saw, nobody knows which is newer, and the one that claims less
stays, such as a failure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.git.notes import Notes
from migrate.git.objects import TreeId
from migrate.validation.receipt import Receipt, ReceiptSlot, parse_receipt, prevailing, receipt_lines, slot_of

Held = Mapping[ReceiptSlot, Receipt]
"""The receipts of a note, by slot."""


def merged_notes(bases: Sequence[Notes], ours: Notes, theirs: Notes) -> dict[TreeId, bytes]:
    """The notes to change here, so that they include what others did.

    `bases` are what both sides had before, the most reliable first: the state of the last sync, then the notes in both
    histories. It is empty when they have nothing in common.
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
    """The most reliable receipt that both sides had."""
    return next(iter(bases), Notes())


def held_receipts(tree: TreeId, lines: Sequence[bytes]) -> Held:
    """The receipt of each slot. Only another tool leaves several; then the one that claims least."""
    found: dict[ReceiptSlot, list[Receipt]] = {}
    for line in lines:
        receipt = parse_receipt(tree, line)
        if receipt is not None:
            found.setdefault(slot_of(receipt), []).append(receipt)
    return {slot: prevailing(receipts) for slot, receipts in found.items()}


def chosen_receipts(bases: Sequence[Held], ours: Held, theirs: Held) -> frozenset[Receipt]:
    """The receipt that stays, for each slot."""
    chosen = (chosen_receipt([base.get(s) for base in bases], ours.get(s), theirs.get(s)) for s in {**ours, **theirs})
    return frozenset(receipt for receipt in chosen if receipt is not None)


def chosen_receipt(bases: Sequence[Receipt | None], ours: Receipt | None, theirs: Receipt | None) -> Receipt | None:
    """The receipt of one slot from the side that has seen the other's; when neither has, the one that claims less."""
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
    """The lines of a note: the chosen receipts, and other lines unless one side deleted them."""
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
