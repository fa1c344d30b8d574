"""What becomes of a ref that two clones have, by its values alone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.git.refs import RefUpdate
from migrate.orchestrator.sharing.ref_values import RefAction, RefDecision, RefRole, RefValues, decide_refs
from migrate.stack.entries import JournalEntry

REF = "refs/heads/migrate/m/p01"
ROOT, OLD, NEWER, OTHER, LATER = "root", "old", "newer", "other", "later"
ANCESTORS = {ROOT: {ROOT}, OLD: {ROOT, OLD}, NEWER: {ROOT, OLD, NEWER}, OTHER: {ROOT, OTHER}, LATER: {ROOT, LATER}}
"""A small history: `newer` stands on `old`, `other` and `later` are beside them."""


def contains(new: str, old: str) -> bool:
    """Whether one commit of the small history contains another."""
    return old in ANCESTORS[new]


def entry(*steps: tuple[str | None, str | None]) -> JournalEntry:
    """An entry of the journal that moved the branch."""
    return JournalEntry("e", 1, "title", "who", "when", tuple(RefUpdate(REF, old, new) for old, new in steps))


def decided(
    local: str | None,
    remote: str | None,
    last_synced: str | None = None,
    *,
    role: RefRole = RefRole.BRANCH,
    here: tuple[JournalEntry, ...] = (),
    there: tuple[JournalEntry, ...] = (),
    base: str | None = None,
) -> RefDecision:
    """What becomes of one ref."""
    return decide_refs([RefValues(REF, role, local, remote, last_synced, "p01")], contains, here, there, base)[0]


@pytest.mark.parametrize(
    ("local", "remote", "last_synced", "action"),
    [
        (OLD, OLD, None, RefAction.SAME),
        (None, OLD, None, RefAction.TAKE),
        (OLD, None, None, RefAction.PUSH),
        (OLD, OTHER, OLD, RefAction.TAKE),
        (OTHER, OLD, OLD, RefAction.PUSH),
        (OLD, NEWER, NEWER, RefAction.PUSH),
        (NEWER, OLD, NEWER, RefAction.TAKE),
        (OLD, NEWER, None, RefAction.TAKE),
        (NEWER, OLD, None, RefAction.PUSH),
        (OLD, NEWER, OTHER, RefAction.TAKE),
        (NEWER, OTHER, OLD, RefAction.DIVERGED),
        (OLD, OTHER, None, RefAction.DIVERGED),
        (None, OLD, OLD, RefAction.TAKE),
        (None, NEWER, OLD, RefAction.TAKE),
        (OLD, None, OLD, RefAction.LEAVE),
        (NEWER, None, OLD, RefAction.PUSH),
    ],
)
def test_the_side_that_changed_wins_and_two_that_did_clash(
    local: str | None, remote: str | None, last_synced: str | None, action: RefAction
) -> None:
    assert decided(local, remote, last_synced).action is action


def branch(**values: Any) -> RefAction:
    """What becomes of a branch with some values."""
    return decide_refs([RefValues(REF, RefRole.BRANCH, phase="p01", **values)], contains, (), (), None)[0].action


def test_a_branch_that_nobody_needs_any_more_is_not_brought_back() -> None:
    assert branch(local=None, remote=OLD, last_synced=OLD, over="landed") is RefAction.LEAVE
    assert branch(local=None, remote=OLD, last_synced=OLD) is RefAction.TAKE


def test_what_was_taken_back_here_is_deleted_there_while_it_is_as_it_was() -> None:
    assert branch(local=None, remote=OLD, withdrawn=OLD) is RefAction.DELETE
    assert branch(local=None, remote=NEWER, last_synced=OLD, withdrawn=OLD) is RefAction.TAKE
    assert branch(local=None, remote=None, withdrawn=OLD) is RefAction.SAME
    assert branch(local=OTHER, remote=OLD, withdrawn=OLD) is RefAction.PUSH


def test_what_was_taken_back_there_is_removed_here_when_it_is_news_and_nobody_changed_it() -> None:
    taken_back = entry((OLD, None))
    assert branch(local=OLD, remote=None, taken_back=taken_back, is_news=True) is RefAction.REMOVE
    assert branch(local=ROOT, remote=None, last_synced=ROOT, taken_back=taken_back, is_news=True) is RefAction.REMOVE
    assert branch(local=NEWER, remote=None, last_synced=OLD, taken_back=taken_back, is_news=True) is RefAction.LEAVE
    assert branch(local=OLD, remote=None, last_synced=OLD, taken_back=taken_back) is RefAction.LEAVE


def test_a_branch_that_the_base_there_contains_is_not_made_there() -> None:
    assert decided(OLD, None, base=NEWER) == RefDecision(
        RefValues(REF, RefRole.BRANCH, OLD, None, None, "p01"), RefAction.LEAVE, "landed"
    )
    assert decided(OLD, None, base=OTHER).action is RefAction.PUSH


@pytest.mark.parametrize("role", [RefRole.MADE, RefRole.LANDED, RefRole.START, RefRole.RECEIPTS])
def test_what_is_no_branch_is_pushed_again_where_it_is_gone(role: RefRole) -> None:
    assert decided(OLD, None, OLD, role=role).action is RefAction.PUSH


def test_of_two_starts_the_older_one_stays() -> None:
    assert decided(OLD, NEWER, OTHER, role=RefRole.START).action is RefAction.PUSH
    assert decided(NEWER, OLD, OTHER, role=RefRole.START).action is RefAction.TAKE
    assert decided(OLD, NEWER, OLD, role=RefRole.START).action is RefAction.TAKE


def test_receipts_that_both_sides_have_are_merged() -> None:
    assert decided(NEWER, OTHER, OLD, role=RefRole.RECEIPTS).action is RefAction.MERGE
    assert decided(OLD, NEWER, OLD, role=RefRole.RECEIPTS).action is RefAction.TAKE
    assert decided(NEWER, OLD, OLD, role=RefRole.RECEIPTS).action is RefAction.PUSH


def test_receipts_that_were_set_back_are_taken_for_newer_only_where_a_journal_tells_so() -> None:
    assert decided(NEWER, OLD, NEWER, role=RefRole.RECEIPTS).action is RefAction.MERGE
    assert decided(NEWER, OLD, NEWER, role=RefRole.RECEIPTS, there=(entry((NEWER, OLD)),)).action is RefAction.TAKE
    assert decided(OLD, NEWER, NEWER, role=RefRole.RECEIPTS).action is RefAction.MERGE
    assert decided(OLD, NEWER, NEWER, role=RefRole.RECEIPTS, here=(entry((NEWER, OLD)),)).action is RefAction.PUSH


@pytest.mark.parametrize(
    ("branch", "action"), [((OLD, OTHER, OTHER), RefAction.PUSH), ((OLD, OTHER, OLD), RefAction.TAKE)]
)
def test_what_is_known_of_a_phase_goes_with_its_branch(branch: tuple[str, str, str], action: RefAction) -> None:
    made = RefValues("refs/migrate/m/made/p01", RefRole.MADE, NEWER, LATER, OTHER, "p01")
    ref_values = [RefValues(REF, RefRole.BRANCH, *branch, "p01"), made]
    assert [each.action for each in decide_refs(ref_values, contains, (), (), None)] == [action, action]


def test_a_journal_that_leads_from_the_other_side_to_this_one_decides() -> None:
    assert decided(OTHER, OLD, here=(entry((None, OLD)), entry((OLD, OTHER)))).action is RefAction.PUSH
    assert decided(OLD, OTHER, there=(entry((OLD, OTHER)),)).action is RefAction.TAKE
    assert decided(OTHER, OLD, here=(entry((OLD, LATER)), entry((LATER, OTHER)))).action is RefAction.PUSH


def test_a_journal_counts_though_a_person_committed_on_top_of_what_it_made() -> None:
    assert decided(NEWER, OTHER, here=(entry((OTHER, OLD)),)).action is RefAction.PUSH


def test_what_the_journal_says_from_before_the_last_agreement_does_not_count() -> None:
    assert decided(LATER, OLD, OTHER, here=(entry((OLD, OTHER)), entry((OTHER, LATER)))).action is RefAction.DIVERGED


def test_journals_that_lead_both_ways_decide_nothing() -> None:
    steps = (entry((OLD, OTHER)), entry((OTHER, OLD)))
    assert decided(OTHER, OLD, here=steps, there=steps).action is RefAction.DIVERGED


@given(
    local=st.sampled_from([*ANCESTORS, None]),
    remote=st.sampled_from([*ANCESTORS, None]),
    last_synced=st.sampled_from([*ANCESTORS, None]),
    role=st.sampled_from(RefRole),
)
def test_two_clones_that_look_at_each_other_never_both_win(
    local: str | None, remote: str | None, last_synced: str | None, role: RefRole
) -> None:
    """What one would push the other would take, and no commit is dropped that only one side has."""
    here, there = decided(local, remote, last_synced, role=role), decided(remote, local, last_synced, role=role)
    opposite = {
        RefAction.PUSH: {RefAction.TAKE, RefAction.LEAVE},
        RefAction.TAKE: {RefAction.PUSH, RefAction.LEAVE},
        RefAction.LEAVE: {
            RefAction.PUSH,
            RefAction.LEAVE,
            RefAction.TAKE,
        },  # What somebody deleted there by hand comes back.
    }
    if role is RefRole.BRANCH:
        assert there.action in opposite.get(here.action, {here.action})
    if role is RefRole.BRANCH and local and remote and here.action in (RefAction.PUSH, RefAction.TAKE):
        new, old = (local, remote) if here.action is RefAction.PUSH else (remote, local)
        assert old == last_synced or contains(new, old)
