"""A gate that is approved again keeps what was said when it was approved before."""

from __future__ import annotations

import pytest

from tests.story import PLAN, Story

GATE = '[[validation]]\nname = "smoke"\nmanual = "Log in."\nphases = ["p03-*"]\n'


@pytest.fixture
def approved(story: Story) -> Story:
    """A gate that Ada approved with a note; Bob has the keyboard now."""
    story.begin(PLAN + GATE).made("run").made("approve", "p03", "smoke", "--note", "logged in")
    story.git("config", "user.name", "Bob")
    story.git("config", "user.email", "bob@example.com")
    return story


def described(story: Story) -> str:
    """The line of the gate in the pull request."""
    body = story.type("pr", "p03").ended(0).out
    return next(line for line in body.splitlines() if "smoke" in line)


def test_without_a_note_the_first_note_stays_with_its_name(approved: Story) -> None:
    done = approved.type("approve", "p03", "smoke", "--json").ended(
        0, "The note says: approved before by Ada Lovelace on "
    )
    assert done.json["who"] == "Bob <bob@example.com>"
    assert done.json["note"].endswith(": logged in")
    line = described(approved)
    assert "by Bob" in line
    assert "approved before by Ada Lovelace" in line
    assert "logged in" in line


def test_with_a_note_both_can_be_read(approved: Story) -> None:
    approved.made("approve", "p03", "smoke", "--note", "and out again")
    line = described(approved)
    assert "and out again; approved before by Ada Lovelace" in line
    assert "logged in" in line


def test_the_first_approval_says_no_more_than_its_note(approved: Story) -> None:
    assert "before" not in described(approved)


def test_an_approval_of_another_tree_is_none_of_this_one(approved: Story) -> None:
    approved.git("switch", "--quiet", "migrate/tidy/p03-drop-notes")
    approved.commit("By hand", {"by-hand.txt": "x\n"})
    approved.made("validate")
    done = approved.type("approve", "p03", "smoke", "--note", "again", "--json").ended(0)
    assert done.json["note"] == "again"
