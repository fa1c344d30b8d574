"""What colleagues put into an old folder after its phase has landed is reported, and moved by the next restack."""

from __future__ import annotations

import pytest

from tests.story import Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
LATE = "migrate/tidy/stragglers"


def landed(story: Story) -> Story:
    """A migration of which the first phase has landed."""
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge the first", FIRST)
    story.type("land", "--yes").ended(0)
    return story


def test_a_straggler_is_reported_and_moved_by_the_next_restack(story: Story) -> None:
    landed(story).git("switch", "--quiet", "main")
    story.commit("From an older branch", {"old/late.txt": "late\n", "docs.md": "See old/late.txt.\n"})
    said = story.type("status").ended(0, "stragglers", "Next: migrate restack").out
    assert "1 file arrived at places that have moved: old/late.txt." in said
    assert story.states() == ["landed", "pending", "stale", "stale"]
    story.type("restack").ended(0, "stragglers · Move files that arrived at old places")
    assert story.states() == ["landed", "passed", "passed", "passed"]
    assert story.files(LATE) >= {"new/late.txt", "new/a.txt"}
    assert story.git("show", f"{LATE}:docs.md") == "See new/late.txt."
    assert story.git("rev-parse", f"{LATE}^") == story.git("rev-parse", "main")
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", LATE)
    assert "new/late.txt" in story.files(THIRD)
    story.type("pr", "stragglers").ended(0, "| `old` | `new` | 1 |")
    story.type("validate", "stragglers").ended(0)
    story.sound()


def test_stragglers_that_landed_are_done_and_new_ones_are_found_again(story: Story) -> None:
    landed(story).git("switch", "--quiet", "main")
    story.commit("From an older branch", {"old/late.txt": "late\n"})
    story.made("restack")
    story.git("merge", "--quiet", "--squash", LATE)
    story.git("commit", "--quiet", "-m", story.git("log", "-1", "--format=%B", LATE))
    story.type("land", "--yes").ended(0, "stragglers has landed")
    assert story.states() == ["landed", "passed", "passed"]
    story.commit("Another one", {"old/later.txt": "later\n"})
    assert story.states() == ["landed", "pending", "stale", "stale"]
    story.made("restack")
    assert "new/later.txt" in story.files(THIRD)


def test_stragglers_are_moved_when_everything_has_landed(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", THIRD)
    story.type("land", "--yes").ended(0)
    story.commit("From an older branch", {"old/late.txt": "late\n"})
    story.type("status").ended(0, "1 file arrived at places that have moved", "Next: migrate restack")
    story.made("restack")
    assert story.files(LATE) >= {"new/late.txt"}
    story.type("rollback", "stragglers", "--yes").ended(0)
    story.made("next")
    assert story.branch() == LATE


def test_what_a_revert_brings_back_is_no_straggler(story: Story) -> None:
    landed(story).git("switch", "--quiet", "main")
    story.git("revert", "--no-edit", "-m", "1", "HEAD")
    assert "stragglers" not in story.type("status").ended(0).out


def test_a_new_file_elsewhere_is_no_straggler(story: Story) -> None:
    landed(story).git("switch", "--quiet", "main")
    story.commit("Else", {"new/more.txt": "more\n", "older/x.txt": ""})
    assert len(story.states()) == 3


@pytest.mark.parametrize("how", ["deleted", "moved", "deleted, with a hand edit"])
def test_stragglers_that_colleagues_saw_to_themselves_leave_the_stack(story: Story, how: str) -> None:
    landed(story).git("switch", "--quiet", "main")
    story.commit("From an older branch", {"old/late.txt": "late\n"})
    story.made("restack")
    if "hand edit" in how:
        story.git("switch", "--quiet", LATE)
        story.commit("By hand", {"hand.txt": ""})
        story.git("switch", "--quiet", "main")
    story.git("rm", "-q", "old/late.txt")
    story.commit("Away with it", {"new/late.txt": "late\n"} if how == "moved" else {})
    before = story.refs()
    story.type("restack").ended(1, "nothing is left at old places for stragglers to move", "migrate land removes it")
    assert story.refs() == before
    story.type("land", "--yes").ended(0, "stragglers has landed")
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", "main")
    assert (f"refs/heads/{LATE}" in story.refs()) == ("hand edit" in how)
    assert story.states()[-2:] == ["passed", "passed"]
    story.commit("Another one", {"old/later.txt": "later\n"})
    if "hand edit" not in how:
        story.made("restack")
        assert "new/later.txt" in story.files(THIRD)
    story.sound()
