"""`land` recognises what the base contains, however it was merged, and says file by file what is there in part."""

from __future__ import annotations

import pytest

from tests.story import PHASES, Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


def on_main(story: Story) -> Story:
    """Somebody else's commit on the base first, so that nothing lands by itself."""
    story.git("switch", "--quiet", "main")
    story.commit("Somebody else's", {"else.txt": ""})
    return story


def squash(story: Story, branch: str, message: str) -> None:
    """Merge a branch as a forge squashes it."""
    story.git("merge", "--quiet", "--squash", branch)
    story.git("commit", "--quiet", "-m", message)


def land_first(story: Story, how: str) -> None:
    """Bring the first phase into the base."""
    message = story.git("log", "-1", "--format=%B", FIRST)
    if how == "fast-forward":
        story.git("switch", "--quiet", "main")
        story.git("merge", "--quiet", "--ff-only", FIRST)
        return
    on_main(story)
    if how == "merge":
        story.git("merge", "--quiet", "--no-ff", "-m", "Merge", FIRST)
    elif how == "rebase":
        story.git("cherry-pick", FIRST)
    else:
        squash(story, FIRST, message if how == "squash" else "An emptied message (#1)")


@pytest.mark.parametrize(
    ("how", "known"),
    [
        ("fast-forward", "its branch is part of the base"),
        ("merge", "its branch is part of the base"),
        ("rebase", "a commit of the base has its trailers"),
        ("squash", "a commit of the base has its trailers"),
        ("squash, emptied", "a commit of the base makes the same change"),
    ],
)
def test_a_phase_leaves_the_stack_and_the_rest_stands_on_the_base(story: Story, how: str, known: str) -> None:
    story.begin().made("run")
    land_first(story, how)
    story.type("land").ended(6, f"p01-move-old has landed: {known}", "if you agree: migrate land --yes")
    story.type("land", "--yes").ended(0, known, f"  {FIRST}   ")
    assert story.states() == ["landed", "passed", "passed"]
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", "main")
    assert FIRST not in " ".join(story.refs("refs/heads"))
    assert story.files(THIRD) >= {"new/a.txt", "guide.md"}
    story.type("land", "--yes").ended(4, "Nothing new has landed: p01-move-old left the stack before.")
    story.sound()


def test_a_squash_of_several_phases_with_an_emptied_message_is_recognised(story: Story) -> None:
    story.begin().made("run")
    on_main(story)
    squash(story, SECOND, "Everything (#2)")
    story.type("land", "--yes").ended(
        0, "p01-move-old has landed", "p02-add-guide has landed: a commit of the base makes"
    )
    assert story.states() == ["landed", "landed", "passed"]
    assert story.git("rev-parse", f"{THIRD}^") == story.git("rev-parse", "main")


def test_a_squash_that_was_changed_on_the_way_is_recognised_by_a_run_that_changes_nothing(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    on_main(story)
    story.git("merge", "--quiet", "--squash", FIRST)
    story.write("new/a.txt", "a, as the reviewer wants it\n")
    story.git("add", "--all")
    story.git("commit", "--quiet", "-m", "Tidy (#3)")
    story.type("land", "--yes").ended(0, "p01-move-old has landed: on the base it changes nothing")
    assert story.states()[0] == "landed"
    assert story.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"


def test_a_squash_of_phases_that_change_the_same_files_is_recognised_with_something_else_in_it(story: Story) -> None:
    story.begin(
        p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n    ws.write("new/guide", "1\\n")\n',
        p02_again='"""Again."""\n\n\ndef apply(ws):\n    ws.move("new", "newest")\n    ws.write("x", "")\n',
        p03_more='"""More."""\n\n\ndef apply(ws):\n    ws.write("newest/guide", "3\\n")\n    ws.delete("x")\n',
    ).made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", "migrate/tidy/p03-more")
    story.commit("Everything, and something else with it", {"else.txt": ""})
    story.type("land", "--yes").ended(0, "p01-move has landed: every file is in the base as it makes it")
    assert story.states() == ["landed", "landed", "landed"]


def test_every_file_in_the_base_as_the_phase_makes_it_is_landed_whoever_wrote_it(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    on_main(story)
    (story.path / "new").mkdir()
    for name in ("a.txt", "b.txt"):
        story.git("mv", f"old/{name}", f"new/{name}")
        story.commit(f"Move {name} by hand")
    story.commit("The rest", {"README.md": "See new/a.txt.\n"})
    story.type("land", "--yes").ended(0, "p01-move-old has landed: every file is in the base as it makes it")


def test_what_is_there_in_part_is_said_file_by_file_and_stays(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    on_main(story)
    (story.path / "new").mkdir()
    story.git("mv", "old/a.txt", "new/a.txt")
    story.commit("Half of it")
    said = story.type("land", "--no-validate", "--json").ended(4)
    assert "p01-move-old has landed in part: 1 of 3 files; not these:" in said.err
    assert "  README.md  missing" in said.err
    assert "  new/b.txt  missing" in said.err
    files = {"README.md": "missing", "new/a.txt": "there", "new/b.txt": "missing"}
    assert said.json["partial"] == [{"id": "p01-move-old", "files": files}]
    assert story.states()[0] == "passed"
    assert story.files(FIRST) >= {"new/a.txt", "new/b.txt"}


def test_a_branch_with_changes_that_did_not_land_stays(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    land_first(story, "squash")
    story.git("switch", "--quiet", FIRST)
    story.commit("Too late", {"late.txt": ""})
    story.type("land", "--yes").ended(0, f"{FIRST} stays: it holds changes that are not in main")
    assert f"refs/heads/{FIRST}" in story.refs()


def test_hand_edits_that_landed_with_the_phase_do_not_keep_its_branch(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    story.commit("By hand", {"hand.txt": ""})
    land_first(story, "squash")
    story.type("land", "--yes").ended(0, "These branches will be deleted")
    assert f"refs/heads/{FIRST}" not in story.refs()


def test_who_stands_on_a_branch_that_landed_goes_to_the_lowest_that_is_left(story: Story) -> None:
    story.begin().made("run")
    land_first(story, "squash")
    story.git("switch", "--quiet", FIRST)
    story.type("land", "--yes").ended(0, f"You are on {SECOND}")
    assert story.branch() == SECOND
    story.untouched()


def test_a_landing_is_undone_like_everything(story: Story) -> None:
    story.begin().made("run")
    land_first(story, "squash, emptied")
    before = story.refs("refs/heads")
    story.type("land", "--yes").ended(0)
    story.type("undo", "--yes").ended(0)
    assert story.refs("refs/heads") == before
    assert story.states()[0] == "landed", "the base says so, whatever was undone here"


def test_nothing_landed_is_said(story: Story) -> None:
    story.begin().made("run")
    before = story.refs()
    story.type("land").ended(4, "Nothing has landed.")
    assert story.refs() == before


def test_a_conflict_on_the_way_is_settled_and_the_landing_goes_on(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", SECOND)
    story.commit("Edit else", {"else.txt": "by hand\n"})
    land_first(story, "squash")
    story.commit("Edit else, too", {"else.txt": "by the base\n"})
    story.type("land", "--yes").ended(5, "conflict in else.txt", "migrate continue")
    (story.slots / "conflict-tidy-1/else.txt").write_text("both\n")
    story.type("continue").ended(0, "p01-move-old has landed")
    assert story.states() == ["landed", "passed", "passed"]
    assert story.git("show", f"{THIRD}:else.txt") == "both"


def test_what_a_phase_changes_for_the_time_being_has_not_landed_where_it_never_was(story: Story) -> None:
    """The base is as it was before one phase, and so as another one leaves it: that is no landing of either."""
    body = '"""Turn it {0}."""\n\n\ndef apply(ws):\n    ws.replace("lint: {1}", "lint: {0}", "notes.txt")\n'
    story.write("notes.txt", "lint: on\n")
    story.begin(p01_off=body.format("off", "on"), p02_move=PHASES["p01_move_old.py"], p03_on=body.format("on", "off"))
    story.commit("Lint", {"notes.txt": "lint: on\n"})
    story.made("run")
    on_main(story)
    assert "in part" not in story.type("land", "--yes").ended(4, "Nothing has landed.").text
    assert story.states() == ["passed"] * 3
    squash(story, "migrate/tidy/p03-on", "Everything (#4)")
    story.type("land", "--yes").ended(0, "p01-off has landed", "p02-move has landed", "p03-on has landed")


def test_a_squash_of_all_phases_into_a_base_that_had_moved_on_is_recognised(story: Story) -> None:
    lines = "".join(f"line {number}\n" for number in range(30))
    story.begin()
    story.commit("A long file", {"old/long.txt": lines})
    story.made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Theirs", {"old/long.txt": lines + "and theirs\n", "else.txt": ""})
    squash(story, THIRD, "Everything at once (#7)")
    story.commit("And on", {"new/long.txt": "first\n" + lines + "and theirs\n"})
    story.type("land", "--yes").ended(0, "p02-add-guide has landed", "merged into the base it changes nothing")
    assert story.states() == ["landed"] * 3


def test_the_message_that_git_prepares_for_a_squash_tells_of_every_phase(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", "migrate/tidy/p03-drop-notes")
    story.git("commit", "--quiet", "--no-edit")
    story.made("finish", "--yes")
    assert story.states() == ["landed"] * 3
    assert story.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"
