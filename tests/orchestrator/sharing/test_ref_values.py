"""What becomes of a ref that two clones have, by its values alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.git.refs import RefUpdate
from migrate.orchestrator.sharing.ref_values import Action, Decision, Role, Sides, decide_all
from migrate.stack.entries import Entry

REF = "refs/heads/migrate/m/p01"
ROOT, OLD, NEWER, OTHER, LATER = "root", "old", "newer", "other", "later"
ANCESTORS = {ROOT: {ROOT}, OLD: {ROOT, OLD}, NEWER: {ROOT, OLD, NEWER}, OTHER: {ROOT, OTHER}, LATER: {ROOT, LATER}}
"""A small history: `newer` stands on `old`, `other` and `later` are beside them."""


def contains(new: str, old: str) -> bool:
    """Whether one commit of the small history contains another."""
    return old in ANCESTORS[new]


def entry(*steps: tuple[str | None, str | None]) -> Entry:
    """An entry of the journal that moved the branch."""
    return Entry("e", 1, "title", "who", "when", tuple(RefUpdate(REF, old, new) for old, new in steps))


def decided(
    ours: str | None,
    theirs: str | None,
    agreed: str | None = None,
    *,
    role: Role = Role.BRANCH,
    here: tuple[Entry, ...] = (),
    there: tuple[Entry, ...] = (),
    base: str | None = None,
) -> Decision:
    """What becomes of one ref."""
    return decide_all([Sides(REF, role, ours, theirs, agreed, "p01")], contains, here, there, base)[0]


@pytest.mark.parametrize(
    ("ours", "theirs", "agreed", "action"),
    [
        (OLD, OLD, None, Action.SAME),
        (None, OLD, None, Action.TAKE),
        (OLD, None, None, Action.PUSH),
        (OLD, OTHER, OLD, Action.TAKE),
        (OTHER, OLD, OLD, Action.PUSH),
        (OLD, NEWER, NEWER, Action.PUSH),
        (NEWER, OLD, NEWER, Action.TAKE),
        (OLD, NEWER, None, Action.TAKE),
        (NEWER, OLD, None, Action.PUSH),
        (OLD, NEWER, OTHER, Action.TAKE),
        (NEWER, OTHER, OLD, Action.CLASH),
        (OLD, OTHER, None, Action.CLASH),
        (None, OLD, OLD, Action.TAKE),
        (None, NEWER, OLD, Action.TAKE),
        (OLD, None, OLD, Action.LEAVE),
        (NEWER, None, OLD, Action.PUSH),
    ],
)
def test_the_side_that_changed_wins_and_two_that_did_clash(
    ours: str | None, theirs: str | None, agreed: str | None, action: Action
) -> None:
    assert decided(ours, theirs, agreed).action is action


def branch(**values: Any) -> Action:
    """What becomes of a branch with some values."""
    return decide_all([Sides(REF, Role.BRANCH, phase="p01", **values)], contains, (), (), None)[0].action


def test_a_branch_that_nobody_needs_any_more_is_not_brought_back() -> None:
    assert branch(ours=None, theirs=OLD, agreed=OLD, over="landed") is Action.LEAVE
    assert branch(ours=None, theirs=OLD, agreed=OLD) is Action.TAKE


def test_what_was_taken_back_here_is_deleted_there_while_it_is_as_it_was() -> None:
    assert branch(ours=None, theirs=OLD, withdrawn=OLD) is Action.DELETE
    assert branch(ours=None, theirs=NEWER, agreed=OLD, withdrawn=OLD) is Action.TAKE
    assert branch(ours=None, theirs=None, withdrawn=OLD) is Action.SAME
    assert branch(ours=OTHER, theirs=OLD, withdrawn=OLD) is Action.PUSH


def test_what_was_taken_back_there_is_removed_here_when_it_is_news_and_nobody_changed_it() -> None:
    taken_back = entry((OLD, None))
    assert branch(ours=OLD, theirs=None, taken_back=taken_back, is_news=True) is Action.REMOVE
    assert branch(ours=ROOT, theirs=None, agreed=ROOT, taken_back=taken_back, is_news=True) is Action.REMOVE
    assert branch(ours=NEWER, theirs=None, agreed=OLD, taken_back=taken_back, is_news=True) is Action.LEAVE
    assert branch(ours=OLD, theirs=None, agreed=OLD, taken_back=taken_back) is Action.LEAVE


def test_a_branch_that_the_base_there_contains_is_not_made_there() -> None:
    assert decided(OLD, None, base=NEWER) == Decision(
        Sides(REF, Role.BRANCH, OLD, None, None, "p01"), Action.LEAVE, "landed"
    )
    assert decided(OLD, None, base=OTHER).action is Action.PUSH


@pytest.mark.parametrize("role", [Role.MADE, Role.LANDED, Role.START, Role.RECEIPTS])
def test_what_is_no_branch_is_pushed_again_where_it_is_gone(role: Role) -> None:
    assert decided(OLD, None, OLD, role=role).action is Action.PUSH


def test_of_two_starts_the_older_one_stays() -> None:
    assert decided(OLD, NEWER, OTHER, role=Role.START).action is Action.PUSH
    assert decided(NEWER, OLD, OTHER, role=Role.START).action is Action.TAKE
    assert decided(OLD, NEWER, OLD, role=Role.START).action is Action.TAKE


def test_receipts_that_both_sides_have_are_merged() -> None:
    assert decided(NEWER, OTHER, OLD, role=Role.RECEIPTS).action is Action.MERGE
    assert decided(OLD, NEWER, OLD, role=Role.RECEIPTS).action is Action.TAKE
    assert decided(NEWER, OLD, OLD, role=Role.RECEIPTS).action is Action.PUSH


def test_receipts_that_were_set_back_are_taken_for_newer_only_where_a_journal_tells_so() -> None:
    assert decided(NEWER, OLD, NEWER, role=Role.RECEIPTS).action is Action.MERGE
    assert decided(NEWER, OLD, NEWER, role=Role.RECEIPTS, there=(entry((NEWER, OLD)),)).action is Action.TAKE
    assert decided(OLD, NEWER, NEWER, role=Role.RECEIPTS).action is Action.MERGE
    assert decided(OLD, NEWER, NEWER, role=Role.RECEIPTS, here=(entry((NEWER, OLD)),)).action is Action.PUSH


@pytest.mark.parametrize(("branch", "action"), [((OLD, OTHER, OTHER), Action.PUSH), ((OLD, OTHER, OLD), Action.TAKE)])
def test_what_is_known_of_a_phase_goes_with_its_branch(branch: tuple[str, str, str], action: Action) -> None:
    made = Sides("refs/migrate/m/made/p01", Role.MADE, NEWER, LATER, OTHER, "p01")
    sides = [Sides(REF, Role.BRANCH, *branch, "p01"), made]
    assert [each.action for each in decide_all(sides, contains, (), (), None)] == [action, action]


def test_a_journal_that_leads_from_the_other_side_to_this_one_decides() -> None:
    assert decided(OTHER, OLD, here=(entry((None, OLD)), entry((OLD, OTHER)))).action is Action.PUSH
    assert decided(OLD, OTHER, there=(entry((OLD, OTHER)),)).action is Action.TAKE
    assert decided(OTHER, OLD, here=(entry((OLD, LATER)), entry((LATER, OTHER)))).action is Action.PUSH


def test_a_journal_counts_though_a_person_committed_on_top_of_what_it_made() -> None:
    assert decided(NEWER, OTHER, here=(entry((OTHER, OLD)),)).action is Action.PUSH


def test_what_the_journal_says_from_before_the_last_agreement_does_not_count() -> None:
    assert decided(LATER, OLD, OTHER, here=(entry((OLD, OTHER)), entry((OTHER, LATER)))).action is Action.CLASH


def test_journals_that_lead_both_ways_decide_nothing() -> None:
    steps = (entry((OLD, OTHER)), entry((OTHER, OLD)))
    assert decided(OTHER, OLD, here=steps, there=steps).action is Action.CLASH


@given(
    ours=st.sampled_from([*ANCESTORS, None]),
    theirs=st.sampled_from([*ANCESTORS, None]),
    agreed=st.sampled_from([*ANCESTORS, None]),
    role=st.sampled_from(Role),
)
def test_two_clones_that_look_at_each_other_never_both_win(
    ours: str | None, theirs: str | None, agreed: str | None, role: Role
) -> None:
    """What one would push the other would take, and no commit is dropped that only one side has."""
    here, there = decided(ours, theirs, agreed, role=role), decided(theirs, ours, agreed, role=role)
    opposite = {
        Action.PUSH: {Action.TAKE, Action.LEAVE},
        Action.TAKE: {Action.PUSH, Action.LEAVE},
        Action.LEAVE: {Action.PUSH, Action.LEAVE, Action.TAKE},  # What somebody deleted there by hand comes back.
    }
    if role is Role.BRANCH:
        assert there.action in opposite.get(here.action, {here.action})
    if role is Role.BRANCH and ours and theirs and here.action in (Action.PUSH, Action.TAKE):
        new, old = (ours, theirs) if here.action is Action.PUSH else (theirs, ours)
        assert old == agreed or contains(new, old)
