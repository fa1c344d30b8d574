"""Two people validate, and the clock of one of them is fast."""

from __future__ import annotations

import json

import pytest

import migrate.validation.receipt as receipts
from tests.scenarios.clones import FIRST, Clones, sync
from tests.story import PLAN, Story

FLAKY = PLAN.replace("if test -e broken;", "if test -e {flag};")
FAR = "2031-01-01T00:00:00.000Z"


def outcome(story: Story) -> str:
    """How the check of the first phase went, as a clone sees it."""
    return str(story.status()["phases"][0]["validations"][0]["outcome"])


@pytest.fixture
def passed_in_the_future(clones: Clones, monkeypatch: pytest.MonkeyPatch) -> Clones:
    """A check that passed for Ada, whose clock is years ahead, and that Bob knows of; it fails when a file is there."""
    clones.ada.plan(FLAKY.format(flag=clones.origin.path / "broken"))
    clones.ada.commit("Flaky")
    clones.ada.git("push", "--quiet", "origin", "main")
    clones.bob.git("pull", "--quiet")
    with monkeypatch.context() as patched:
        patched.setattr(receipts, "current_moment", lambda: FAR)
        clones.ada.made("next")
    clones.sync(clones.ada, clones.bob)
    return clones


def test_a_failure_takes_the_place_of_a_pass_from_the_future(passed_in_the_future: Clones) -> None:
    ada, bob, origin = passed_in_the_future
    (origin.path / "broken").touch()
    bob.type("validate", "p01", "--again").ended(1)
    ada.made("next", "--no-validate")  # So that both have something new.
    (origin.path / "broken").unlink()
    sync(bob, "--allow-failed").ended(0)
    sync(ada, "--allow-failed").ended(0)
    assert [outcome(story) for story in (ada, bob)] == ["failed", "failed"]


def test_a_failure_that_the_other_side_never_saw_stays_until_somebody_validates_again(
    passed_in_the_future: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob, origin = passed_in_the_future
    (origin.path / "broken").touch()
    bob.type("validate", "p01", "--again").ended(1)
    (origin.path / "broken").unlink()
    with monkeypatch.context() as patched:
        patched.setattr(receipts, "current_moment", lambda: FAR.replace("2031", "2032"))
        ada.made("validate", "p01", "--again")
    sync(ada).ended(0)
    sync(bob, "--allow-failed").ended(0)
    sync(ada, "--allow-failed")
    assert [outcome(story) for story in (ada, bob)] == ["failed", "failed"]
    ada.made("validate", "p01")
    sync(ada).ended(0)
    sync(bob).ended(0)
    assert [outcome(story) for story in (ada, bob)] == ["passed", "passed"]


def test_a_receipt_that_names_no_time_is_skipped_and_said(passed_in_the_future: Clones) -> None:
    ada, bob, _ = passed_in_the_future
    tree = bob.git("rev-parse", f"{FIRST}^{{tree}}")
    line = json.loads(bob.git("notes", "--ref=migrate/tidy", "show", tree))
    bob.git("notes", "--ref=migrate/tidy", "add", "-f", "-m", json.dumps({**line, "when": "zzzz"}), tree)
    sync(bob).ended(0)
    sync(ada).ended(0, f'a note on {tree} is skipped: "zzzz" is not a valid time')
    assert outcome(ada) == "not-run"


def test_receipts_that_somebody_set_back_on_the_remote_are_not_taken(passed_in_the_future: Clones) -> None:
    ada, bob, origin = passed_in_the_future
    before = origin.git("rev-parse", "refs/notes/migrate/tidy")
    (origin.path / "broken").touch()
    bob.type("validate", "p01", "--again").ended(1)
    sync(bob, "--allow-failed").ended(0)
    origin.git("update-ref", "refs/notes/migrate/tidy", before)
    bob.type("sync", "--fetch-only")
    assert outcome(bob) == "failed"
    sync(bob, "--allow-failed").ended(0)
    sync(ada).ended(0)
    assert outcome(ada) == "failed"
