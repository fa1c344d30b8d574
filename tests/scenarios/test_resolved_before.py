"""A conflict that somebody resolved is resolved the same way when it comes again, and its markers name what they
show."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, THIRD, Clones
from tests.story import Story

SLOT = "conflict-tidy-1"
KEPT = "refs/migrate/tidy/resolutions"


def base_moves(story: Story, files: dict[str, str]) -> None:
    """A commit on the base."""
    story.git("switch", "--quiet", "main")
    story.commit("Somebody else's", files)


def conflicting(story: Story) -> str:
    """A hand edit that does not fit on the base as it is now; returns its commit."""
    story.git("switch", "--quiet", FIRST)
    oid = story.commit("Wait longer", {"new/a.txt": "by hand\n"})
    base_moves(story, {"old/a.txt": "by the base\n"})
    return oid


def resolve(story: Story, text: str = "by both\n") -> None:
    """A person resolves the conflict in the first file."""
    (story.slots / SLOT / "new/a.txt").write_text(text)


def test_a_resolution_is_kept_when_the_command_is_done_and_goes_when_that_is_undone(story: Story) -> None:
    story.begin().made("run")
    conflicting(story)
    story.type("restack").ended(5, "conflict in new/a.txt")
    resolve(story)
    story.type("continue").ended(0)
    assert KEPT in story.refs()
    before = story.git("rev-parse", FIRST)
    story.type("undo", "--yes").ended(0)
    story.type("restack").ended(5, "conflict in new/a.txt")
    story.type("abort").ended(0)
    story.type("redo", "--yes").ended(0)
    assert story.git("rev-parse", FIRST) == before


def test_a_colleague_is_not_asked_again_after_one_more_commit_of_the_base(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    conflicting(ada)
    ada.git("push", "--quiet", "origin", "main")
    ada.type("sync", "--yes").ended(0)
    bob.git("pull", "--quiet")
    bob.type("sync", "--yes").ended(0)
    ada.type("restack").ended(5)
    resolve(ada)
    ada.type("continue").ended(0)
    kept = ada.refs()[KEPT]
    ada.git("push", "--quiet", "origin", KEPT)
    bob.type("sync", "--yes").ended(0)
    assert bob.refs()[KEPT] == kept
    bob.commit("One more", {"else.txt": "else\n"})
    bob.type("restack").ended(0)
    assert bob.git("show", f"{THIRD}:new/a.txt") == "by both"


def test_what_is_new_beside_it_is_asked_alone(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", FIRST)
    story.commit("Two", {"new/a.txt": "by hand\n", "new/b.txt": "by hand\n", "c.txt": "by hand\n"})
    base_moves(story, {"old/a.txt": "by the base\n"})
    story.type("restack").ended(5, "conflict in new/a.txt\n")
    resolve(story)
    base_moves(story, {"old/b.txt": "by the base\n"})
    story.type("continue").ended(5, "conflict in new/b.txt\n")
    slot = story.slots / SLOT
    assert (slot / "new/a.txt").read_text() == "by both\n"
    assert story.git("diff", "--name-only", "--diff-filter=U", cwd=slot) == "new/b.txt"
    (slot / "new/b.txt").write_text("both, too\n")
    story.type("continue").ended(0)
    assert [story.git("show", f"{THIRD}:new/{name}.txt") for name in "ab"] == ["by both", "both, too"]


def test_a_file_that_was_deleted_in_a_resolution_is_deleted_again(story: Story) -> None:
    story.begin().made("run")
    conflicting(story)
    story.type("restack").ended(5)
    slot = story.slots / SLOT
    story.git("rm", "--quiet", "--force", "new/a.txt", cwd=slot)
    base_moves(story, {"else.txt": "else\n"})
    story.type("continue").ended(0)
    assert "new/a.txt" not in story.files(THIRD)


def test_what_was_moved_elsewhere_in_a_resolution_is_asked_again(story: Story) -> None:
    story.begin().made("run")
    conflicting(story)
    story.type("restack").ended(5)
    slot = story.slots / SLOT
    story.git("rm", "--quiet", "--force", "new/a.txt", cwd=slot)
    (slot / "other.txt").write_text("by both\n")
    base_moves(story, {"else.txt": "else\n"})
    story.type("continue").ended(5, "conflict in new/a.txt")


def test_what_is_kept_and_nobody_can_read_is_asked_again(story: Story) -> None:
    story.begin().made("run")
    conflicting(story)
    story.git("update-ref", KEPT, "main")
    story.type("restack").ended(5, "conflict in new/a.txt")
    resolve(story)
    story.type("continue").ended(0)


@pytest.mark.parametrize("style", ["merge", "diff3"])
def test_the_markers_name_the_hand_edit_and_the_phase(story: Story, style: str) -> None:
    story.begin().made("run")
    oid = conflicting(story)
    story.git("config", "merge.conflictStyle", style)
    story.type("restack").ended(5)
    shown = (story.slots / SLOT / "new/a.txt").read_text().splitlines()
    markers = [line for line in shown if line[:3] in ("<<<", "|||", ">>>")]
    name = f'{oid[:7]} "Wait longer"'
    base = [f"||||||| before {name}"] if style == "diff3" else []
    assert markers == ["<<<<<<< p01-move-old as it runs now", *base, f">>>>>>> {name}"]


def test_a_subject_of_odd_characters_stays_on_the_line_of_its_marker(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", FIRST)
    story.commit("Back\\1slash \x1b[31m ünï", {"new/a.txt": "by hand\n"})
    base_moves(story, {"old/a.txt": "by the base\n"})
    story.type("restack").ended(5)
    shown = (story.slots / SLOT / "new/a.txt").read_text()
    assert "\x1b" not in shown
    assert "Back\\1slash" in shown
    story.type("continue").ended(5, "1 file still in conflict")


def test_markers_name_the_commit_of_a_branch_that_is_carried(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "-c", "feature", "main")
    oid = story.commit("Their work", {"old/a.txt": "by the feature\n"})
    base_moves(story, {"old/a.txt": "by the base\n"})
    story.type("restack", "--no-validate").ended(0)
    story.type("carry", "feature").ended(5)
    shown = next((story.slots / SLOT).rglob("a.txt")).read_text()
    assert f'>>>>>>> {oid[:7]} "Their work"' in shown
    assert "<<<<<<< feature, where it goes" in shown
