"""A merge on a phase's branch, such as a forge's "Update branch": only what a person resolved in it is theirs."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones
from tests.story import Story


def base_moves(story: Story, files: dict[str, str]) -> str:
    """A commit on the base."""
    story.git("switch", "--quiet", "main")
    return story.commit("Somebody else's", files)


def merge(story: Story, branch: str, other: str, resolved: dict[str, str] | None = None, *options: str) -> str:
    """Merge into a branch as a person does it, who resolves what conflicts."""
    story.git("switch", "--quiet", branch)
    settings = ("-c", "merge.directoryRenames=false")
    if resolved is None:
        story.git(*settings, "merge", "--quiet", "--no-ff", "--no-edit", *options, other)
    else:
        with pytest.raises(AssertionError, match="git"):
            story.git(*settings, "merge", "--quiet", "--no-ff", "--no-edit", *options, other)
        for path, text in resolved.items():
            story.write(path, text)
        story.git("add", "--all")
        story.git("commit", "--quiet", "--no-edit")
    return story.git("rev-parse", "HEAD")


def edit(story: Story, branch: str, files: dict[str, str], message: str = "By hand") -> str:
    """A person's commit on a branch."""
    story.git("switch", "--quiet", branch)
    return story.commit(message, files)


def text(story: Story, revision: str, path: str) -> str:
    """A file of a commit."""
    return story.git("show", f"{revision}:{path}")


def subjects(story: Story, branch: str) -> list[str]:
    """What stands on a branch beyond the base, newest first."""
    return story.git("log", "--format=%s", f"main..{branch}").splitlines()


def test_an_updated_branch_is_no_edit_and_the_base_s_new_files_move_with_the_phase(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run").made("sync", "--yes")
    base_moves(bob, {"old/c.txt": "c\n", "old/a.txt": "a, and more\n"})
    bob.git("fetch", "--quiet")
    bob.git("switch", "--quiet", "-c", FIRST, f"origin/{FIRST}")
    bob.git("push", "--quiet", "origin", "main")
    merge(bob, FIRST, "main")
    assert "old/c.txt" in bob.files(FIRST)
    bob.git("push", "--quiet", "origin", FIRST)
    ada.type("sync", "--yes").ended(0)
    assert [(p["hand_edits"], p["merges"]) for p in ada.status()["phases"]] == [(0, 1), (0, 0), (0, 0)]
    ran = ada.type("restack", "--fetch").ended(0)
    assert "carried" not in ran.text
    assert subjects(ada, FIRST) == ["Move old to new"]
    assert ada.files(THIRD) >= {"new/a.txt", "new/b.txt", "new/c.txt"}
    assert not [path for path in ada.files(THIRD) if path.startswith("old/")]
    assert text(ada, THIRD, "new/a.txt") == "a, and more"
    assert ada.status()["phases"][0]["merges"] == 0
    assert ada.states() == ["passed"] * 3


def test_what_a_person_resolved_in_a_merge_is_taken_word_for_word(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"README.md": "See old/a.txt and old/b.txt.\n", "old/c.txt": "c\n"})
    merge(story, FIRST, "main", {"README.md": "See new/a.txt; and new/b.txt!\n"})
    said = story.type("restack").ended(0, "1 hand edit carried over").text
    assert "conflict" not in said
    assert text(story, THIRD, "README.md") == "See new/a.txt; and new/b.txt!"
    assert "new/c.txt" in story.files(THIRD)
    assert subjects(story, FIRST)[0].startswith("Merge branch 'main'")
    assert len(subjects(story, FIRST)) == 2
    story.type("restack").ended(4)


def test_a_resolution_that_is_what_the_phase_makes_is_no_edit(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"README.md": "See old/a.txt and old/b.txt.\n"})
    merge(story, FIRST, "main", {"README.md": "See new/a.txt and new/b.txt.\n"})
    assert "carried" not in story.type("restack").ended(0).text
    assert subjects(story, FIRST) == ["Move old to new"]


def test_an_edit_that_the_base_contradicts_is_taken_from_the_merge_that_resolved_it(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "by hand\n", "else.txt": "else\n"}, "Edit a")
    base_moves(story, {"old/a.txt": "by the base\n"})
    merge(story, FIRST, "main", {"new/a.txt": "by both\n"})
    edit(story, FIRST, {"new/a.txt": "by both, later\n"}, "Edit a again")
    story.type("restack").ended(0, "3 hand edits carried over")
    assert text(story, THIRD, "new/a.txt") == "by both, later"
    assert text(story, THIRD, "else.txt") == "else"
    assert [s.partition(" '")[0] for s in subjects(story, FIRST)] == [
        "Edit a again",
        "Merge branch",
        "Edit a",
        "Move old to new",
    ]


def test_a_newer_base_that_contradicts_the_resolution_is_asked_about(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"README.md": "See old/a.txt and old/b.txt.\n"})
    merge(story, FIRST, "main", {"README.md": "See new/a.txt; and new/b.txt!\n"})
    base_moves(story, {"README.md": "See old/ alone.\n"})
    story.type("restack").ended(5, "p01-move-old: merge ", "conflict in README.md")


def test_edits_between_several_merges_keep_their_order_and_files_of_the_base_their_new_place(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "a\none\n"}, "One")
    base_moves(story, {"old/c.txt": "c\n"})
    merge(story, FIRST, "main")
    edit(story, FIRST, {"old/c.txt": "c\ntwo\n"}, "Two")
    base_moves(story, {"old/d.txt": "d\n"})
    merge(story, FIRST, "main")
    story.git("rm", "--quiet", "old/d.txt")
    edit(story, FIRST, {"three.txt": "three\n"}, "Three")
    base_moves(story, {"old/b.txt": "b\nby the base\n"})
    story.type("restack").ended(0, "3 hand edits carried over")
    assert subjects(story, FIRST) == ["Three", "Two", "One", "Move old to new"]
    assert text(story, FIRST, "new/c.txt") == "c\ntwo"
    assert text(story, FIRST, "new/b.txt") == "b\nby the base"
    assert not {"new/d.txt", "old/d.txt", "old/c.txt"} & story.files(THIRD)


def test_a_merge_that_takes_back_what_it_brings_is_an_edit(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"old/c.txt": "c\n", "notes.txt": "notes\nmore\n"})
    merge(story, FIRST, "main", None, "-s", "ours")
    story.type("restack").ended(0, "1 hand edit carried over")
    assert "new/c.txt" not in story.files(FIRST)
    assert text(story, FIRST, "notes.txt") == "notes"


def test_the_branch_below_merged_into_the_one_above_is_no_edit(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "a\nby hand\n"})
    merge(story, SECOND, FIRST)
    base_moves(story, {"old/c.txt": "c\n"})
    merge(story, SECOND, "main")
    story.type("restack").ended(0)
    assert subjects(story, SECOND) == ["Add a guide", "By hand", "Move old to new"]
    assert "new/c.txt" in story.files(SECOND)
    assert text(story, THIRD, "new/a.txt") == "a\nby hand"


def test_a_resolution_in_a_phase_above_is_told_by_all_phases_below_it(story: Story) -> None:
    story.begin().made("run")
    edit(story, SECOND, {"README.md": "See new/a.txt, please.\n"}, "Please")
    base_moves(story, {"README.md": "See old/a.txt first.\n"})
    merge(story, SECOND, "main", {"README.md": "See new/a.txt first, please.\n"})
    story.type("restack").ended(0)
    assert text(story, FIRST, "README.md") == "See new/a.txt first."
    assert text(story, THIRD, "README.md") == "See new/a.txt first, please."


def test_two_lines_of_edits_that_were_merged_come_one_after_the_other(story: Story) -> None:
    story.begin().made("run")
    story.git("branch", "theirs", FIRST)
    edit(story, FIRST, {"new/a.txt": "ours\n"}, "Ours")
    edit(story, "theirs", {"new/a.txt": "theirs\n", "more.txt": "more\n"}, "Theirs")
    merge(story, FIRST, "theirs", {"new/a.txt": "both\n"})
    base_moves(story, {"old/c.txt": "c\n"})
    story.type("restack").ended(0, "3 hand edits carried over")
    assert text(story, THIRD, "new/a.txt") == "both"
    assert text(story, THIRD, "more.txt") == "more"


def test_a_branch_of_a_colleague_that_was_merged_in_is_carried(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "-c", "fix", "main")
    story.commit("Fix b", {"old/b.txt": "b\nfixed\n", "old/f.txt": "f\n"})
    merge(story, FIRST, "fix")
    base_moves(story, {"old/c.txt": "c\n"})
    story.type("restack").ended(0, "1 hand edit carried over")
    assert text(story, FIRST, "new/b.txt") == "b\nfixed"
    assert text(story, FIRST, "new/f.txt") == "f"
    assert subjects(story, FIRST) == ["Fix b", "Move old to new"]


def test_a_merge_of_three_is_refused_and_says_what_to_do(story: Story) -> None:
    story.begin().made("run")
    for name in ("one", "two"):
        story.git("switch", "--quiet", "-c", name, "main")
        story.commit(name, {f"{name}.txt": ""})
    story.git("switch", "--quiet", FIRST)
    story.git("merge", "--quiet", "--no-edit", "one", "two")
    base_moves(story, {"old/c.txt": "c\n"})
    before = story.refs()
    story.type("restack").ended(6, "joins 3 commits", "git reset --hard HEAD^", "migrate rollback")
    assert story.refs() == before
    story.git("switch", "--quiet", FIRST)
    story.git("reset", "--quiet", "--hard", "HEAD^")
    story.git("merge", "--quiet", "--no-edit", "--no-ff", "one")
    story.git("merge", "--quiet", "--no-edit", "--no-ff", "two")
    story.type("restack").ended(0)
    assert {"one.txt", "two.txt"} <= story.files(THIRD)


def test_an_updated_branch_that_was_squashed_into_the_base_lands(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run")
    base_moves(ada, {"else.txt": "else\n"})
    merge(ada, FIRST, "main")
    ada.git("switch", "--quiet", "main")
    ada.git("-c", "merge.directoryRenames=false", "merge", "--quiet", "--squash", FIRST)
    ada.git("commit", "--quiet", "-m", "Squashed (#1)")
    ada.type("land", "--yes").ended(0, "p01-move-old has landed")
    assert ada.states() == ["landed", "passed", "passed"]
