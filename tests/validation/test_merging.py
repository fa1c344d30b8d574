"""Receipts of two clones made one."""

from __future__ import annotations

from migrate.git.notes import Notes
from migrate.validation.merging import merged_notes

TREE = "a" * 40


def line(name: str, when: str, outcome: str = "passed") -> bytes:
    """One receipt of a validation as a note has it."""
    return (
        f'{{"validation": "{name}", "key": "k", "outcome": "{outcome}", "seconds": 1, '
        f'"when": "{when}", "who": "w", "commit": "c"}}\n'
    ).encode()


def notes(*lines: bytes) -> Notes:
    """Notes with some lines on one tree."""
    return Notes("tip", {TREE: b"".join(lines)})


BUILD, VET = line("build", "2026-01-01"), line("vet", "2026-01-02")


def test_what_each_side_has_alone_is_there_afterwards() -> None:
    assert merged_notes(Notes(), notes(BUILD), notes(VET)) == {TREE: BUILD + VET}


def test_the_newer_receipt_of_the_same_validation_wins_on_whichever_side_it_is() -> None:
    newer = line("build", "2026-01-03", "failed")
    assert merged_notes(notes(BUILD), notes(BUILD), notes(newer)) == {TREE: newer}
    assert merged_notes(Notes(), notes(BUILD), notes(newer)) == {TREE: newer}
    assert merged_notes(Notes(), notes(newer), notes(BUILD)) == {}


def test_what_one_side_took_away_does_not_come_back() -> None:
    assert merged_notes(notes(BUILD, VET), notes(BUILD, VET), notes(BUILD)) == {TREE: BUILD}
    assert merged_notes(notes(BUILD), notes(BUILD), Notes()) == {TREE: b""}


def test_lines_that_are_no_receipts_stay() -> None:
    assert merged_notes(Notes(), notes(b"a remark\n"), notes(BUILD, b"another\n")) == {
        TREE: b"a remark\n" + BUILD + b"another\n"
    }


def test_with_nothing_new_on_the_other_side_nothing_changes() -> None:
    assert merged_notes(notes(BUILD), notes(BUILD, VET), notes(BUILD)) == {}
