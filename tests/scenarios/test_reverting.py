"""What remains to be done once a branch that takes phases back is there: each step is named, and none for ever."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, sync
from tests.story import PLAN, Story, prepared

REVERT = "migrate/tidy/revert-p02-add-guide"
GUIDED = PLAN + '\n[[validation]]\nname = "guide"\nrun = "! test -e guide.md"\nphases = ["p02-*"]\n'


def said(story: Story) -> str:
    """What `status` says."""
    return story.type("status").ended(0).out


@pytest.fixture
@prepared
def published(clones: Clones) -> Clones:
    """Two phases on the remote, the second of which fails since the plan asks for more."""
    ada, bob, _ = clones
    ada.type("run", "--to", "p02").ended(0)
    clones.sync(ada, bob)
    ada.plan(GUIDED)
    ada.git("switch", "--quiet", "main")
    ada.commit("Forbid the guide")
    ada.git("push", "--quiet", "origin", "main")
    bob.git("pull", "--quiet", "--ff-only")
    ada.type("validate", "p02").ended(1)
    assert "or       migrate rollback" in said(ada)
    return clones


def test_a_failed_phase_with_a_revert_is_not_to_be_rolled_back_again(published: Clones) -> None:
    ada, _, _ = published
    ada.type("rollback", "--yes").ended(0, "Next: migrate sync")
    told = said(ada)
    assert "migrate rollback" not in told
    assert f"{REVERT} takes back p02-add-guide; it is not on origin yet: migrate sync\n" in told
    assert "p02-add-guide failed guide" in told
    assert "Next: migrate sync" in told
    sync(ada).ended(0, "Next: migrate pr p02-add-guide --revert")
    told = said(ada)
    assert f"{REVERT} takes back p02-add-guide and is on origin; open its pull request: migrate pr p02" in told
    assert f"git switch main && git branch -D {REVERT} && git push origin --delete {REVERT}" in told
    ada.type("pr", "p02-add-guide", "--revert").ended(0, 'Revert "Add a guide"')
    ada.type("rollback", "p02", "--yes").ended(6, "is there already", "migrate pr p02-add-guide --revert")
    ada.type("next").ended(6, f"or merge {REVERT}, which takes it back")


def test_programs_are_told_of_it_and_every_clone_says_the_same(published: Clones) -> None:
    ada, bob, _ = published
    ada.made("rollback", "--yes")
    published.sync(ada, bob)
    tip = ada.git("rev-parse", REVERT)
    row = {"branch": REVERT, "commit": tip, "phases": ["p02-add-guide"], "state": "open", "remote": "pushed"}
    assert ada.status()["reverts"] == bob.status()["reverts"] == [row]
    bob.git("branch", "-D", REVERT)
    assert bob.status()["reverts"] == [{**row, "remote": "remote"}]
    bob.type("pr", "p02", "--revert").ended(0, 'Revert "Add a guide"')
    bob.type("rollback", "p02", "--yes").ended(6, "is there already")


def test_a_revert_of_several_phases_is_found_under_each_of_them(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.made("rollback", "p02", "--yes")
    assert ada.status()["reverts"][0]["phases"] == ["p02-add-guide", "p03-drop-notes"]
    ada.type("pr", "p03", "--revert").ended(0, "Revert 2 phases")


def test_without_a_remote_no_sync_is_advised(story: Story) -> None:
    story.begin()
    story.made("next")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", "migrate/tidy/p01-move-old")
    story.made("land", "--yes")
    story.type("rollback", "p01", "--yes").ended(0, "Next: migrate pr p01-move-old --revert")
    told = said(story)
    assert "takes back p01-move-old; it waits to be merged: migrate pr p01-move-old --revert\n" in told
    assert "sync" not in told


def test_nothing_is_to_be_reverted_of_a_phase_that_nobody_else_has(story: Story) -> None:
    story.begin()
    story.type("pr", "p01", "--revert").ended(
        6, "p01-move-old is neither on origin nor part of main: there is nothing to revert", "migrate status"
    )
    story.made("next")
    told = story.type("pr", "p01", "--revert").ended(6, "is neither on origin nor part of main").text
    assert "rollback" not in told


def test_one_that_was_merged_into_the_base_is_deleted_by_land(clones: Clones) -> None:
    ada, _, _ = clones
    ada.type("run", "--to", "p02").ended(0)
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--ff-only", SECOND)
    ada.made("land", "--yes")
    ada.made("rollback", "p02", "--yes")
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--squash", REVERT)
    ada.git("commit", "--quiet", "-m", ada.git("log", "-1", "--format=%B", REVERT))
    told = said(ada)
    assert f"{REVERT} was merged: migrate land deletes it" in told
    assert "Next: migrate next" in told
    ada.type("land", "--yes").ended(0, REVERT)
    assert f"refs/heads/{REVERT}" not in ada.refs()
    assert "revert-p02" not in said(ada)
    ada.type("undo", "--yes").ended(0)
    assert f"refs/heads/{REVERT}" in ada.refs()


def test_one_that_was_merged_into_the_branch_of_its_phase_is_done(published: Clones) -> None:
    ada, _, _ = published
    ada.made("rollback", "--yes")
    ada.git("switch", "--quiet", SECOND)
    ada.git("merge", "--quiet", "--ff-only", REVERT)
    assert ada.status()["reverts"][0]["state"] == "merged"
    ada.type("land", "--yes").ended(0)
    assert f"refs/heads/{REVERT}" not in ada.refs()


def test_one_whose_phase_was_withdrawn_is_not_needed_any_more(published: Clones) -> None:
    ada, _, _ = published
    ada.made("rollback", "--yes")
    ada.made("rollback", "p02", "--withdraw", "--yes")
    told = said(ada)
    assert f"and is no longer needed; to delete it: git branch -D {REVERT}" in told
    assert "Next: migrate sync" in told
    ada.git("branch", "-D", REVERT)
    assert "revert" not in said(ada)


def test_a_branch_of_such_a_name_that_takes_nothing_back_is_left_alone(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", "-c", "migrate/tidy/revert-nothing")
    ada.commit("Mine", {"mine.txt": ""})
    assert ada.status()["reverts"] == []


def test_one_of_a_landed_phase_leaves_what_is_published_above_it(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada)
    bob.git("fetch", "--quiet")
    bob.git("switch", "--quiet", SECOND)
    bob.commit("By a reviewer", {"hand.txt": ""})
    bob.git("push", "--quiet", "origin", SECOND)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    clones.sync(ada)
    ada.made("land", "--fetch", "--yes")
    clones.sync(ada)
    before, there = ada.refs("refs/heads/migrate"), origin.git("for-each-ref", "refs/heads/migrate")
    said = ada.type("rollback", "p01", "--yes").ended(0).err
    assert "p02-add-guide, p03-drop-notes are on origin and stay" in said
    assert "will be deleted" not in said
    revert = "migrate/tidy/revert-p01-move-old"
    assert ada.refs("refs/heads/migrate") == {**before, f"refs/heads/{revert}": ada.git("rev-parse", revert)}
    clones.sync(ada)
    assert set(there.splitlines()) < set(origin.git("for-each-ref", "refs/heads/migrate").splitlines())


def test_one_of_a_landed_phase_removes_what_nobody_else_has(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run", "--to", "p02")
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.made("land", "--fetch", "--yes")
    clones.sync(ada)
    ada.made("next")
    done = ada.type("rollback", "p01", "--yes", "--json").ended(0, "p02-add-guide is on origin and stays").json
    assert (done["removed"], done["reverted"], done["left"]) == (
        ["p03-drop-notes"],
        ["p01-move-old"],
        ["p02-add-guide"],
    )
    assert [phase["remote"]["place"] for phase in ada.status()["phases"][1:]] == ["pushed", "nowhere"]


def test_a_published_branch_that_was_merged_into_another_is_never_withdrawn_in_silence(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("switch", "--quiet", SECOND)
    ada.git("merge", "--quiet", "--no-ff", "-m", "Merge p03", THIRD)
    ada.git("push", "--quiet", "origin", "--delete", SECOND)
    assert ada.states()[2] == "merged"
    ada.type("rollback", "p02", "--yes").ended(0, "p02-add-guide is on origin", REVERT)
    assert f"refs/heads/{THIRD}" in ada.refs()
    ada.git("switch", "--quiet", "main")
    ada.git("branch", "-D", REVERT)
    tip = ada.git("rev-parse", "--short=7", THIRD)
    ada.type("rollback", "p02", "--withdraw", "--yes").ended(0, f"origin has {THIRD} at {tip}; the next migrate sync")
    sync(ada).ended(0)
    assert THIRD not in origin.git("for-each-ref")
