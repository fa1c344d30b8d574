"""The commit of a phase that a person amended: it is told everywhere, and keeps what it was."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, THIRD, Clones
from tests.story import Story


def amend(story: Story, files: dict[str, str], message: str | None = None) -> str:
    """Amend the commit of the first phase."""
    story.git("switch", "--quiet", FIRST)
    for path, text in files.items():
        story.write(path, text)
    story.git("add", "--all")
    words = ("--no-edit",) if message is None else ("--message", message)
    story.git("commit", "--quiet", "--amend", *words)
    return story.git("rev-parse", "HEAD")


def base_moves(story: Story) -> None:
    """A commit on the base."""
    story.git("switch", "--quiet", "main")
    story.commit("Somebody else's", {"old/c.txt": "c\n"})


def message(story: Story, branch: str) -> str:
    """The message of a branch's tip."""
    return story.git("log", "-1", "--format=%B", branch)


def test_what_was_amended_is_told_as_a_hand_edit_everywhere(story: Story) -> None:
    story.begin().made("run")
    oid = amend(story, {"new/a.txt": "a\nby hand\n"})
    story.type("status").ended(0, "+1 hand edit")
    phase = story.status()["phases"][0]
    assert (phase["hand_edits"], phase["amended"]) == (1, True)
    said = story.type("pr", "p01").ended(0).out
    assert "### Committed by hand" in said
    assert f"amended, so counted above: `{oid[:7]}` Move old to new" in said
    story.type("log").ended(0, "1 commit by hand")


def test_trailers_that_were_amended_away_are_put_back_by_a_restack(story: Story) -> None:
    story.begin().made("run")
    amend(story, {"new/a.txt": "a\nby hand\n"}, "Better words\n\nAnd a reason.")
    story.type("status").ended(0, "its commit was amended and lost its trailers", "Next: migrate restack")
    phase = story.status()["phases"][0]
    assert (phase["state"], phase["hand_edits"], phase["amended"]) == ("stale", 1, True)
    story.type("restack").ended(0)
    assert message(story, FIRST).startswith("Better words\n\nAnd a reason.\n\nMigration: tidy\n")
    assert message(story, FIRST).count("Migration-Phase: p01-move-old") == 1
    assert story.git("show", f"{THIRD}:new/a.txt") == "a\nby hand"
    assert story.states() == ["passed"] * 3
    story.type("restack").ended(4)


@pytest.mark.parametrize("how", ["on the spot", "rebased", "with an edit on top"])
def test_they_are_put_back_on_a_base_that_moved_too(story: Story, how: str) -> None:
    story.begin().made("run")
    amend(story, {"new/a.txt": "a\nby hand\n"}, "Better words")
    if how == "with an edit on top":
        story.commit("On top", {"more.txt": "more\n"})
    base_moves(story)
    if how == "rebased":
        story.git("-c", "merge.directoryRenames=false", "rebase", "--quiet", "main", FIRST)
    story.type("restack").ended(0)
    assert "Migration-Phase: p01-move-old" in story.git("log", "--format=%B", f"main..{FIRST}")
    assert story.git("show", f"{THIRD}:new/a.txt") == "a\nby hand"
    assert "new/c.txt" in story.files(THIRD)
    assert ("more.txt" in story.files(THIRD)) == (how == "with an edit on top")
    assert story.states() == ["passed"] * 3


def test_the_other_commands_work_on_it_meanwhile(story: Story) -> None:
    story.begin().made("run")
    amend(story, {"new/a.txt": "a\nby hand\n"}, "Better words")
    story.type("validate", "p01").ended(0)
    story.type("pr", "p01").ended(0, "its commit was amended and lost its trailers", "Committed by hand")
    story.type("next").ended(6, "migrate restack")
    story.type("rollback", "p01", "--yes").ended(0)
    assert story.states() == ["pending"] * 3


def test_a_clone_that_never_synced_says_so_and_a_sync_tells_it(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run").made("sync", "--yes")
    amend(ada, {"new/a.txt": "a\nby hand\n"}, "Better words")
    ada.git("push", "--quiet", "--force", "origin", FIRST)
    bob.git("fetch", "--quiet")
    bob.git("switch", "--quiet", FIRST)
    why = "its branch holds no commit of this phase that this clone knows: it has not synced"
    assert bob.status()["phases"][0]["reason"] == why
    bob.git("switch", "--quiet", "main")
    bob.git("branch", "--quiet", "-D", FIRST)
    bob.type("sync", "--yes").ended(0)
    bob.type("restack").ended(0)
    assert "Migration-Phase: p01-move-old" in message(bob, FIRST)
    assert bob.states() == ["passed"] * 3


def test_a_plain_clone_with_the_branch_is_sent_to_sync(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next").made("sync", "--yes")
    amend(ada, {"new/a.txt": "a\nby hand\n"}, "Better words")
    ada.git("push", "--quiet", "--force", "origin", FIRST)
    bob.git("fetch", "--quiet")
    bob.git("switch", "--quiet", FIRST)
    bob.git("switch", "--quiet", "main")
    bob.type("status").ended(0, "it has not synced", "Next: migrate sync")
    for command in ("next", "restack"):
        bob.type(command).ended(6, "migrate sync brings what the phase made")
    bob.type("sync", "--yes").ended(0)
    assert bob.status()["phases"][0]["reason"].startswith("its commit was amended and lost its trailers")
    bob.type("restack").ended(0)
    assert bob.states() == ["passed", "pending", "pending"]


def test_a_branch_that_a_forge_rebased_holds_no_edit(story: Story) -> None:
    story.begin().made("run")
    base_moves(story)
    story.git("-c", "merge.directoryRenames=false", "rebase", "--quiet", "main", FIRST)
    assert "old/c.txt" in story.files(FIRST)
    phase = story.status()["phases"][0]
    assert (phase["hand_edits"], phase["amended"]) == (0, False)
    story.git("switch", "--quiet", "main")
    story.commit("Another", {"else.txt": ""})
    assert "carried" not in story.type("restack").ended(0).text
    assert "new/c.txt" in story.files(THIRD)


def test_words_alone_that_were_amended_are_no_edit(story: Story) -> None:
    story.begin().made("run")
    amend(story, {}, "Only other words")
    base_moves(story)
    story.type("restack").ended(0)
    assert message(story, FIRST).startswith("Only other words\n\nMigration: tidy\n")
    assert story.status()["phases"][0]["hand_edits"] == 0
    assert story.states() == ["passed"] * 3
