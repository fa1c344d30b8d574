"""Receipts of two clones made one: by what had seen what, and never by clocks."""

from __future__ import annotations

import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.git.notes import Notes
from migrate.validation.merge import merged_notes

TREE = "a" * 40
MORNING, NOON, FAR = "2026-01-01T08:00:00Z", "2026-01-01T12:00:00Z", "2099-12-31T23:59:59Z"


def line(name: str, when: str = NOON, outcome: str = "passed", who: str = "w") -> bytes:
    """One receipt of a validation as a note has it."""
    values = {"validation": name, "key": "k", "outcome": outcome, "seconds": 1, "when": when, "who": who, "commit": "c"}
    return json.dumps(values).encode() + b"\n"


def notes(*lines: bytes) -> Notes:
    """Notes with some lines on one tree."""
    return Notes("tip", {TREE: b"".join(lines)})


def both_ways(bases: list[Notes], one: Notes, other: Notes) -> bytes:
    """What becomes of two notes, whichever of them is ours."""
    found = {
        tuple(sorted(merged_notes(bases, ours, theirs).get(TREE, ours.contents[TREE]).splitlines()))
        for ours, theirs in ((one, other), (other, one))
    }
    assert len(found) == 1
    return b"".join(each + b"\n" for each in found.pop())


BUILD, VET = line("build"), line("vet")


def test_what_each_side_has_alone_is_there_afterwards() -> None:
    assert merged_notes([], notes(BUILD), notes(VET)) == {TREE: BUILD + VET}
    assert both_ways([Notes()], notes(BUILD), notes(VET)) == BUILD + VET


def test_who_saw_a_receipt_and_replaced_it_has_the_newer_one_whatever_the_clocks_say() -> None:
    passed, failed = line("build", FAR), line("build", MORNING, "failed")
    assert both_ways([notes(passed)], notes(passed), notes(failed)) == failed
    assert both_ways([notes(failed)], notes(failed), notes(passed)) == passed


def test_of_two_that_know_nothing_of_each_other_a_failure_stays_whatever_the_clocks_say() -> None:
    passed, failed = line("build", FAR), line("build", MORNING, "failed")
    for bases in ([], [Notes()], [notes(line("build", MORNING, "unavailable"))]):
        assert both_ways(bases, notes(passed), notes(failed)) == failed
        assert both_ways(bases, notes(line("build", FAR, "unavailable")), notes(passed)) == passed


def test_what_both_histories_have_decides_where_no_sync_was_noted_since() -> None:
    old, passed, failed = line("build", MORNING, "unavailable"), line("build", FAR), line("build", NOON, "failed")
    assert both_ways([notes(old), notes(failed)], notes(failed), notes(passed)) == passed
    assert both_ways([notes(old), notes(passed)], notes(failed), notes(passed)) == failed


def test_what_one_side_took_away_does_not_come_back_unless_the_other_did_it_anew() -> None:
    assert both_ways([notes(BUILD, VET)], notes(BUILD, VET), notes(BUILD)) == BUILD
    assert merged_notes([notes(BUILD)], notes(BUILD), Notes()) == {TREE: b""}
    again = line("build", NOON, who="somebody else")
    assert both_ways([notes(BUILD, VET)], notes(again, VET), notes(VET)) == again + VET


def test_a_time_that_is_none_wins_over_nothing_and_takes_nothing_away() -> None:
    failed = line("build", MORNING, "failed")
    for when in ("zzzz", "", "9999-99-99", "2026-01-01", "0001-01-01T00:00:00Z", "2026-01-01T08:00:00"):
        merged = merged_notes([], notes(failed), notes(line("build", when)))
        assert failed in merged[TREE]


def test_lines_that_are_no_receipts_stay() -> None:
    assert merged_notes([], notes(b"a remark\n"), notes(BUILD, b"another\n")) == {
        TREE: b"a remark\n" + BUILD + b"another\n"
    }


def test_with_nothing_new_on_the_other_side_nothing_changes() -> None:
    assert merged_notes([notes(BUILD)], notes(BUILD, VET), notes(BUILD)) == {}


RECEIPTS = st.builds(
    line,
    st.sampled_from(["build", "vet"]),
    st.sampled_from([MORNING, NOON, FAR]),
    st.sampled_from(["passed", "failed", "unavailable", "no-worse"]),
    st.sampled_from(["ada", "bob"]),
)
NOTES = st.lists(RECEIPTS, max_size=2, unique_by=lambda raw: json.loads(raw)["validation"]).map(lambda ls: notes(*ls))


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(NOTES, max_size=2), NOTES, NOTES)
def test_both_sides_come_to_the_same_and_a_failure_that_nobody_saw_is_never_lost(
    bases: list[Notes], one: Notes, other: Notes
) -> None:
    merged = both_ways(bases, one, other).splitlines()
    seen = {raw for base in bases for raw in base.contents[TREE].splitlines()}
    for raw in [*one.contents[TREE].splitlines(), *other.contents[TREE].splitlines()]:
        if json.loads(raw)["outcome"] == "failed" and raw not in seen:
            names = [json.loads(each)["validation"] for each in merged if json.loads(each)["outcome"] == "failed"]
            assert json.loads(raw)["validation"] in names
