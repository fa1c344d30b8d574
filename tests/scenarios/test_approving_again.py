"""A gate that is approved again keeps what was said when it was approved before."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import Clones
from tests.story import PLAN, Story, prepared

GATE = '[[validation]]\nname = "smoke"\nmanual = "Log in."\nphases = ["p03-*"]\n'


@pytest.fixture
@prepared
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


def test_an_approval_is_taken_back_though_receipts_came_later(approved: Story) -> None:
    notes = "refs/notes/migrate/tidy"
    approved.git("config", "user.name", "Ada Lovelace")
    approved.made("validate", "--again")
    after = approved.refs(notes)[notes]
    gate = [approved.states()]
    approved.made("undo", "--yes")
    gate.append(approved.states())
    assert approved.refs(notes)[notes] != after
    approved.made("redo", "--yes")
    gate.append(approved.states())
    assert gate == [["passed"] * 3, ["passed", "passed", "waiting"], ["passed"] * 3]
    approved.sound()


def test_no_approval_is_advised_that_a_restack_replaces(clones: Clones) -> None:
    ada, bob, approve = clones.ada, clones.bob, "migrate approve p03-drop-notes smoke"
    ada.plan(extra=GATE)
    ada.commit("Ask a person")
    ada.git("push", "--quiet", "origin", "main")
    ada.type("run").ended(0, f"Next: {approve}")
    ada.type("status", "p03").ended(0, f"    {approve}")
    bob.git("pull", "--quiet")
    bob.commit("Go on", {"other.txt": ""})
    bob.git("push", "--quiet", "origin", "main")
    ada.git("fetch", "--quiet")
    advised(ada, "restack --fetch")
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--ff-only", "origin/main")
    advised(ada, "restack")
    ada.type("restack").ended(0, f"Next: {approve}")


def advised(story: Story, command: str) -> None:
    """Assert that a command is advised, and no approval before it."""
    told = story.type("status").ended(
        0,
        "waits for the gate smoke, and main has newer commits",
        f"Next: migrate {command}   (do this first: it invalidates",
    )
    shown = story.type("status", "p03").ended(0, "Log in.", f"Next: migrate {command}")
    assert "migrate approve" not in told.text + shown.text
