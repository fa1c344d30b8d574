"""What `status` says to type is right in every clone, also in one that is behind or has only a part."""

from __future__ import annotations

import json

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone, sync
from tests.story import PHASES, Story

GUIDE = PHASES["p02_add_guide.py"]
OTHER_GUIDE = GUIDE.replace("Read new/a.txt first.", "Begin with new/a.txt.")


def pushed(story: Story) -> str:
    """Commit what was written to the base, and push it."""
    oid = story.commit("Change the plan")
    story.git("push", "--quiet", "origin", "main")
    return oid


# -- a plan that is newer on the remote ---------------------------------------------------------------------------


def test_a_clone_that_is_behind_reads_the_plan_where_it_reads_the_base(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.phase("p02_add_guide.py", OTHER_GUIDE)
    oid = pushed(ada)
    ada.made("restack").made("sync", "--yes")
    assert "stale" not in bob.type("sync", "--yes").ended(0).text
    said = bob.type("status").ended(
        0, f"base origin/main at {oid[:7]}", f"plan migrate.toml on origin/main at {oid[:7]}"
    )
    assert "Next: migrate restack" not in said.text
    assert bob.states() == ["passed"] * 3
    before = bob.refs("refs/heads/migrate")
    bob.type("restack").ended(4)
    assert bob.refs("refs/heads/migrate") == before
    bob.git("switch", "--quiet", THIRD)
    assert bob.states() == ["passed"] * 3
    bob.git("switch", "--quiet", "main")
    bob.write("phases/p02_add_guide.py", GUIDE + "\n")
    bob.type("status").ended(0, "plan migrate.toml, from your work tree")


def test_a_rename_that_this_clone_has_not_pulled_is_no_reason_to_restack(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    ada.git("mv", "phases/p02_add_guide.py", "phases/p02_write_guide.py")
    pushed(ada)
    ada.made("restack").made("sync", "--yes")
    sync(bob)
    assert bob.status()["phases"][1]["id"] == "p02-write-guide"
    assert bob.states() == ada.states() == ["passed"] * 3


def test_a_module_that_changed_on_the_remote_alone_is_brought_here_first(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.phase("p02_add_guide.py", OTHER_GUIDE)
    ada.made("restack").made("sync", "--yes")
    ada.git("switch", "--quiet", "main")
    pushed(ada)
    sync(bob)
    bob.type("status").ended(0, "Next: migrate restack --fetch")
    bob.made("restack", "--fetch")
    assert bob.git("show", f"{THIRD}:guide.md") == "Begin with new/a.txt."


# -- a landing of which nothing speaks ----------------------------------------------------------------------------


def squashed(clones: Clones, branch: str) -> str:
    """Squash a branch into the base on the forge, with a message that says nothing, and delete it; the commit."""
    place = clones.origin.path.parent / "forge"
    forge = Story(place) if place.exists() else clone(clones.ada, clones.origin, place, "Forge")
    forge.git("fetch", "--quiet")
    forge.git("reset", "--quiet", "--hard", "origin/main")
    forge.git("merge", "--quiet", "--squash", f"origin/{branch}")
    forge.git("commit", "--quiet", "-m", "x")
    forge.git("push", "--quiet", "origin", "main", f":{branch}")
    return forge.git("rev-parse", "HEAD")


def fetched(story: Story) -> Story:
    """A clone that has heard of everything, and moved nothing."""
    story.git("fetch", "--quiet", "--prune")
    return story


@pytest.mark.parametrize("branch", [SECOND, THIRD])
def test_a_new_driver_lands_an_emptied_squash_of_which_no_branch_is_left(clones: Clones, branch: str) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    squashed(clones, branch)
    eve = clone(clones.ada, clones.origin, clones.origin.path.parent / "eve", "Eve")
    sync(eve).ended(0)
    landed = 2 if branch == SECOND else 3
    assert eve.states()[:landed] == ["landed"] * landed
    eve.type("land", "--fetch", "--yes")
    assert eve.states() == ["landed"] * landed + ["passed"] * (3 - landed)
    assert "Next: migrate restack" not in eve.type("status").ended(0).text


def test_an_emptied_squash_is_seen_after_a_mere_fetch(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    squashed(clones, SECOND)
    for story in (ada, bob):
        assert fetched(story).states()[:2] == ["landed", "landed"]
        story.type("status").ended(0, "base origin/main at ")
        kept = json.loads((story.path / ".git/migrate/cache/landings-tidy.json").read_text())
        assert kept["tip"] == story.git("rev-parse", "main"), "else both bases are searched anew at each look"


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_revert_of_an_emptied_landing_is_seen_by_who_landed_it(clones: Clones, by_hand: bool) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    squashed(clones, FIRST)
    ada.made("land", "--fetch", "--yes").made("sync", "--yes")
    forge = Story(clones.origin.path.parent / "forge")
    if by_hand:
        forge.git("revert", "--no-commit", "HEAD")
        forge.git("commit", "--quiet", "-m", "As it was")
    else:
        forge.git("revert", "--no-edit", "HEAD")
        forge.write("old/a.txt", "a\nmore\n")
        forge.git("commit", "--quiet", "--all", "--amend", "--no-edit")
    forge.git("push", "--quiet", "origin", "main")
    fresh = clone(ada, clones.origin, clones.origin.path.parent / "fresh", "Fresh")
    for story in (ada, bob, fresh):
        told = fetched(story).status()["phases"][0]
        assert told["state"] == "reverted", (story.path, told)
    ada.made("restack", "--fetch")
    assert ada.states() == ["passed"] * 3


def test_a_phase_that_landed_in_silence_again_after_a_revert_has_landed(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada)
    squashed(clones, FIRST)
    ada.made("land", "--fetch", "--yes")
    forge = Story(clones.origin.path.parent / "forge")
    forge.git("revert", "--no-edit", "HEAD")
    forge.git("push", "--quiet", "origin", "main")
    ada.made("restack", "--fetch").made("sync", "--yes")
    oid = squashed(clones, FIRST)
    sync(bob)
    for story in (fetched(ada), bob):
        told = story.status()["phases"][0]
        assert (told["state"], told["commit"]) == ("landed", oid)


# -- a clone that has a part of the branches ----------------------------------------------------------------------


@pytest.mark.parametrize("options", [("--depth=3",), ("--single-branch",)])
def test_a_clone_of_one_branch_knows_the_phases_below_it(clones: Clones, options: tuple[str, ...]) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    one = clone(ada, origin, origin.path.parent / "one", "One", *options, f"--branch={THIRD}")
    one.git("fetch", "--quiet", "origin", "main:main")
    said = one.type("status").ended(0, "no branch here")
    assert "restack" not in said.text
    assert one.states() == ["waiting"] * 3
    assert [p["commit"] for p in one.status()["phases"]] == [p["commit"] for p in ada.status()["phases"]]
    one.type("pr").ended(0, "p02-add-guide")
    one.type("validate", "p01").ended(0, "p01-move-old passed")
    one.type("validate", "--all").ended(0)
    one.type("next").ended(4)
    one.type("restack").ended(0, f"{FIRST} is here again")
    assert one.refs("refs/heads/migrate") == ada.refs("refs/heads/migrate")
    sync(one).ended(0)
    assert one.states() == ["passed"] * 3


def test_a_branch_that_somebody_deleted_is_known_from_the_one_above(story: Story) -> None:
    story.begin().made("run")
    before = story.refs("refs/heads/migrate")
    story.git("branch", "-D", SECOND)
    assert story.states() == ["passed"] * 3
    story.type("status").ended(0, "no branch here")
    story.type("restack").ended(0, f"{SECOND} is here again")
    assert story.refs("refs/heads/migrate") == before
    story.type("restack").ended(4)


# -- how many hand edits ------------------------------------------------------------------------------------------


def edits(story: Story) -> list[int]:
    """How many hand edits each phase has."""
    return [phase["hand_edits"] for phase in story.status()["phases"]]


def test_a_commit_without_trailers_is_one_hand_edit_in_every_clone(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", SECOND)
    ada.commit("By hand", {"hand.txt": "by hand\n"})
    ada.made("restack")
    clones.sync(ada)
    ada.git("switch", "--quiet", THIRD)
    ada.write("more.txt", "more\n")
    ada.git("add", "more.txt")
    ada.git("commit", "--quiet", "--amend", "-m", "x")
    ada.git("push", "--quiet", "--force", "origin", THIRD)
    assert edits(fetched(bob)) == edits(ada) == [0, 1, 1]
    sync(bob)
    assert edits(bob) == [0, 1, 1]


@pytest.mark.parametrize("both", [False, True])
def test_a_squash_counts_what_people_did_once(clones: Clones, both: bool) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", FIRST)
    ada.commit("By hand", {"hand.txt": "by hand\n"})
    ada.made("restack")
    clones.sync(ada, bob)
    squashed(clones, SECOND if both else FIRST)
    expected = [0 if both else 1, 0, 0]
    assert edits(fetched(ada)) == edits(fetched(bob)) == expected
    ada.made("land", "--fetch", "--yes").made("sync", "--yes")
    sync(bob)
    assert edits(ada) == edits(bob) == expected
    if not both:
        assert "1 commit by hand" in ada.type("log").ended(0).text
