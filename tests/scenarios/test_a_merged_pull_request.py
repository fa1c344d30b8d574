"""A stacked pull request that was merged into the branch below it: the phase is part of that one from then on."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones
from tests.story import Story

WAYS = ("merge", "squash", "rebase")


def text(story: Story, revision: str, path: str) -> str:
    """A file of a commit."""
    return story.git("show", f"{revision}:{path}")


def subjects(story: Story, branch: str) -> list[str]:
    """What stands on a branch beyond the base, newest first."""
    return story.git("log", "--format=%s", f"main..{branch}").splitlines()


def edit(story: Story, branch: str, files: dict[str, str], message: str) -> None:
    """A person's commit on a branch."""
    story.git("switch", "--quiet", branch)
    story.commit(message, files)


def base_moves(story: Story, files: dict[str, str]) -> None:
    """A commit on the base."""
    story.git("switch", "--quiet", "main")
    story.commit("Somebody else's", files)


def merged(story: Story, how: str, into: str = FIRST, branch: str = SECOND) -> None:
    """Merge the pull request of a branch into another one, as a forge does it."""
    story.git("switch", "--quiet", into)
    if how == "merge":
        story.git("merge", "--quiet", "--no-ff", "-m", f"Merge pull request #2 from {branch}", branch)
    elif how == "squash":
        message = story.git("log", "--reverse", "--format=%B", f"{into}..{branch}")
        story.git("merge", "--quiet", "--squash", branch)
        story.git("commit", "--quiet", "-m", f"Add a guide (#2)\n\n{message}")
    else:
        story.git("switch", "--quiet", "--detach", branch)
        story.git("rebase", "--quiet", into)
        oid = story.git("rev-parse", "HEAD")
        story.git("switch", "--quiet", into)
        story.git("merge", "--quiet", "--ff-only", oid)


@pytest.mark.parametrize("how", WAYS)
def test_the_phase_is_merged_and_a_restack_puts_it_on_the_branch_of_the_one_below(story: Story, how: str) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"first.txt": "first\n"}, "Edit the first")
    edit(story, SECOND, {"second.txt": "second\n"}, "Edit the second")
    merged(story, how)
    story.type("status").ended(0, "p02-add-guide", "merged into p01-move-old")
    assert story.states()[1:] == ["merged", "stale"]
    base_moves(story, {"old/c.txt": "c\n"})
    said = story.type("restack").ended(0, f"{SECOND} was deleted: {FIRST} holds all of it").text
    assert "conflict" not in said
    second = ["Add a guide (#2)"] if how == "squash" else ["Edit the second", "Add a guide"]
    assert subjects(story, FIRST) == [*second, "Edit the first", "Move old to new"]
    assert "Migration-Phase: p02-add-guide" in story.git("log", "--format=%B", f"main..{FIRST}")
    assert story.git("rev-parse", f"{THIRD}^") == story.git("rev-parse", FIRST)
    assert {"new/c.txt", "first.txt", "second.txt", "guide.md"} <= story.files(FIRST)
    assert f"refs/heads/{SECOND}" not in story.refs()
    assert story.states() == ["passed", "merged", "passed"]
    story.type("restack").ended(4)
    story.type("undo", "--yes").ended(0)
    assert f"refs/heads/{SECOND}" in story.refs()
    story.sound()


@pytest.mark.parametrize("how", WAYS)
def test_both_land_with_the_pull_request_of_the_one_below(story: Story, how: str) -> None:
    story.begin().made("run")
    merged(story, how)
    message = story.git("log", "--reverse", "--format=%B", f"main..{FIRST}")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.git("commit", "--quiet", "-m", message)
    story.type("land", "--yes").ended(0, "p01-move-old has landed", "p02-add-guide has landed")
    assert story.states() == ["landed", "landed", "passed"]
    assert not {f"refs/heads/{FIRST}", f"refs/heads/{SECOND}"} & story.refs().keys()
    assert story.git("rev-parse", f"{THIRD}^") == story.git("rev-parse", "main")


def test_both_land_when_the_message_was_emptied(story: Story) -> None:
    story.begin().made("run")
    merged(story, "merge")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.git("commit", "--quiet", "-m", "Squashed (#1)")
    story.type("land", "--yes").ended(0, "p01-move-old has landed", "p02-add-guide has landed")
    assert story.states() == ["landed", "landed", "passed"]


def test_a_merge_into_a_branch_that_had_landed_before_is_no_merge(story: Story) -> None:
    story.begin().made("run")
    message = story.git("log", "-1", "--format=%B", FIRST)
    base_moves(story, {"else.txt": "else\n"})
    story.git("merge", "--quiet", "--squash", FIRST)
    story.git("commit", "--quiet", "-m", message)
    merged(story, "merge")
    assert story.states() == ["landed", "stale", "stale"]
    story.type("land", "--yes").ended(0)
    assert story.states() == ["landed", "passed", "passed"]
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", "main")


def test_a_branch_that_holds_more_than_was_merged_stays_and_is_named(story: Story) -> None:
    story.begin().made("run")
    merged(story, "merge")
    edit(story, SECOND, {"later.txt": "later\n"}, "Too late")
    story.type("restack").ended(0, f"{SECOND} stays: it holds changes that are not in {FIRST}")
    assert f"refs/heads/{SECOND}" in story.refs()


def test_who_stands_on_the_branch_that_was_merged_stands_on_the_other_one_then(story: Story) -> None:
    story.begin().made("run")
    merged(story, "merge")
    base_moves(story, {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", SECOND)
    story.type("restack").ended(0)
    assert story.branch() == FIRST
    story.untouched()


def test_a_changed_module_of_a_merged_phase_makes_the_one_below_stale(story: Story) -> None:
    story.begin().made("run")
    merged(story, "merge")
    story.type("restack").ended(0)
    story.git("switch", "--quiet", "main")
    file = story.path / "phases/p02_add_guide.py"
    file.write_text(file.read_text().replace("Read new", "Please read new"))
    phase = story.status()["phases"][0]
    assert (phase["state"], phase["reason"]) == (
        "stale",
        "the module of p02-add-guide, merged into it, changed since it ran",
    )
    story.type("restack").ended(0)
    assert text(story, FIRST, "guide.md").startswith("Please read")


def test_one_description_speaks_of_both(story: Story) -> None:
    story.begin().made("run")
    edit(story, SECOND, {"second.txt": "second\n"}, "Edit the second")
    merged(story, "merge")
    said = story.type("pr", "p01").ended(0).out
    assert "**With p02-add-guide**, which was merged into this branch: Add a guide." in said
    assert "| `old` | `new` |" in said
    assert "`guide.md` (new, 1 line)" in said
    assert "Edit the second" in said
    assert "next `p03-drop-notes`" in said or "next [p03-drop-notes]" in said
    story.type("pr", "p02").ended(6, "p02-add-guide was merged into p01-move-old", "name p01-move-old")
    assert [each["phase"] for each in story.type("pr", "--all", "--json").ended(0).json] == [
        "p01-move-old",
        "p03-drop-notes",
    ]


def test_a_rollback_takes_back_both_or_says_what_to_do(story: Story) -> None:
    story.begin().made("run")
    merged(story, "merge")
    story.type("rollback", "p02", "--yes").ended(
        6, "p02-add-guide was merged into p01-move-old", "migrate rollback p01-move-old takes back both"
    )
    story.type("rollback", "p01", "--yes").ended(0, "p02-add-guide, which was merged into p01-move-old")
    assert story.states() == ["pending"] * 3
    assert not [ref for ref in story.refs() if ref.startswith("refs/migrate/tidy/made/")]
    story.made("run")
    assert story.states() == ["passed"] * 3


def test_a_merge_on_the_forge_reaches_the_other_clone(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run").made("sync", "--yes")
    bob.git("fetch", "--quiet")
    for branch in (FIRST, SECOND):
        bob.git("branch", "--quiet", branch, f"origin/{branch}")
    merged(bob, "merge")
    bob.git("push", "--quiet", "origin", FIRST)
    bob.git("push", "--quiet", "origin", "--delete", SECOND)
    ada.git("switch", "--quiet", "main")
    ada.type("sync", "--yes").ended(0)
    assert ada.states()[1:] == ["merged", "stale"]
    ada.type("restack").ended(0)
    assert ada.states() == ["passed", "merged", "passed"]
    ada.type("sync", "--yes").ended(0)
    bob.git("switch", "--quiet", "main")
    bob.type("sync", "--yes")
    assert bob.states() == ["passed", "merged", "passed"]
    shown = bob.status()["phases"][1]
    assert (shown["reason"], shown["into"]) == ("merged into p01-move-old", "p01-move-old")


def taken_back(story: Story, how: str, merge: str = "merge", into: str = FIRST, branch: str = SECOND) -> None:
    """Merge the pull request of a branch into another one, and take that back there."""
    before = story.git("rev-parse", into)
    merged(story, merge, into, branch)
    if how == "by hand":
        story.git("read-tree", "-u", "--reset", before)
        story.git("commit", "--quiet", "-m", "That was the wrong branch")
    elif how == "the phase":
        story.git("revert", "--no-edit", branch)
    else:
        story.git("revert", "--no-edit", *(("-m", "1") if merge == "merge" else ()), "HEAD")


@pytest.mark.parametrize(
    ("how", "merge"), [("revert", "merge"), ("revert", "squash"), ("by hand", "merge"), ("the phase", "merge")]
)
def test_a_merge_that_was_taken_back_on_the_branch_loses_nothing(story: Story, how: str, merge: str) -> None:
    story.begin().made("run")
    taken_back(story, how, merge)
    assert story.states() == ["passed", "stale", "stale"]
    assert story.status()["phases"][1]["reason"] == "the branch that it stands on has moved"
    assert "merged into this branch" not in story.type("pr", "p01").ended(0).out
    story.type("restack").ended(0)
    assert story.states() == ["passed"] * 3
    assert "guide.md" not in story.files(FIRST)
    assert {"guide.md", "new/a.txt"} <= story.files(SECOND) & story.files(THIRD)
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", FIRST)
    story.type("verify").ended(0)


def test_what_people_did_on_both_branches_stays_theirs_when_the_merge_was_taken_back(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"first.txt": "first\n"}, "Edit the first")
    edit(story, SECOND, {"guide.md": "Read it.\n"}, "Edit the second")
    taken_back(story, "revert")
    edit(story, FIRST, {"later.txt": "later\n"}, "Later")
    base_moves(story, {"old/c.txt": "c\n"})
    assert [phase["hand_edits"] for phase in story.status()["phases"]] == [2, 1, 0]
    story.type("restack").ended(0)
    assert subjects(story, FIRST) == ["Later", "Edit the first", "Move old to new"]
    assert subjects(story, SECOND)[:2] == ["Edit the second", "Add a guide"]
    assert text(story, THIRD, "guide.md") == "Read it."


def test_a_merge_into_the_wrong_branch_that_was_taken_back_leaves_all_phases_between(story: Story) -> None:
    story.begin().made("run")
    taken_back(story, "revert", branch=THIRD)
    assert story.states() == ["passed", "stale", "stale"]
    story.type("restack").ended(0)
    assert story.states() == ["passed"] * 3
    assert "guide.md" in story.files(THIRD)
    assert "notes.txt" not in story.files(THIRD)


def test_a_merge_that_was_taken_back_and_done_again_is_a_merge(story: Story) -> None:
    story.begin().made("run")
    taken_back(story, "revert")
    story.git("revert", "--no-edit", "HEAD")
    assert story.states()[:2] == ["passed", "merged"]
    base_moves(story, {"old/c.txt": "c\n"})
    story.type("restack").ended(0)
    assert story.states() == ["passed", "merged", "passed"]
    assert subjects(story, FIRST) == ["Add a guide", "Move old to new"]
    story.git("switch", "--quiet", FIRST)
    story.git("revert", "--no-edit", "HEAD")
    assert story.states()[1] == "stale"
    story.made("restack")
    assert story.states() == ["passed"] * 3


def test_a_merge_that_was_taken_back_on_the_forge_is_seen_in_every_clone(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run").made("sync", "--yes")
    bob.git("fetch", "--quiet")
    for branch in (FIRST, THIRD):
        bob.git("branch", "--quiet", branch, f"origin/{branch}")
    taken_back(bob, "revert", branch=THIRD)
    bob.git("push", "--quiet", "origin", FIRST, f":{THIRD}")
    ada.git("switch", "--quiet", "main")
    sync = ada.type("sync", "--yes").ended(0)
    assert ada.states() == ["passed", "stale", "stale"], sync
    ada.type("restack").ended(0)
    assert ada.states() == ["passed"] * 3
    ada.type("sync", "--yes").ended(0)
    bob.git("switch", "--quiet", "main")
    bob.type("sync", "--yes")
    assert bob.states() == ["passed"] * 3


@pytest.mark.parametrize("standing", ["main", FIRST])
def test_a_restack_deletes_the_branch_of_a_merged_phase_where_nothing_runs_again(story: Story, standing: str) -> None:
    story.begin().made("run", "--to", "p02")
    merged(story, "merge")
    assert story.states()[:2] == ["passed", "merged"]
    story.git("switch", "--quiet", standing)
    story.type("restack").ended(0, f"{SECOND} was deleted: {FIRST} holds all of it")
    assert f"refs/heads/{SECOND}" not in story.refs()
    assert story.branch() == standing
    story.type("restack").ended(4, "Every phase is up to date.")
    story.type("undo", "--yes").ended(0)
    assert f"refs/heads/{SECOND}" in story.refs()


def test_a_branch_of_a_merged_phase_that_was_deleted_does_not_come_back(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p02").made("sync", "--yes")
    bob.type("sync", "--yes").ended(0)
    merged(bob, "merge")
    bob.git("push", "--quiet", "origin", FIRST, f":{SECOND}")
    ada.git("switch", "--quiet", "main")
    ada.type("sync", "--yes").ended(0)
    ada.type("restack").ended(0, f"{SECOND} was deleted")
    assert SECOND not in ada.type("sync", "--yes").text
    assert f"refs/heads/{SECOND}" not in ada.refs()
