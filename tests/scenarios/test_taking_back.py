"""Undo, redo and the journal: what a command moved goes back, as long as nobody else moved it since."""

from __future__ import annotations

from tests.story import PLAN, Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


def heads(story: Story) -> dict[str, str]:
    """The branches."""
    return story.refs("refs/heads")


def test_undo_takes_back_what_one_command_made_and_redo_brings_it_back(story: Story) -> None:
    story.begin().made("next")
    before = heads(story)
    story.made("run")
    after = heads(story)
    story.type("undo").ended(6, "if you agree: migrate undo --yes")
    assert heads(story) == after
    story.type("undo", "--yes").ended(
        0, f"{THIRD}", "will be deleted; its commits stay in the archive", f"You are on {FIRST}"
    )
    assert heads(story) == before
    assert story.states() == ["passed", "pending", "pending"]
    story.type("redo", "--yes").ended(0, "will be back at", f"You are on {THIRD}")
    assert heads(story) == after
    assert story.states() == ["passed"] * 3
    story.sound()


def test_undo_goes_back_command_by_command_and_says_when_nothing_is_left(story: Story) -> None:
    story.begin().made("next").made("next")
    story.type("undo", "--yes").ended(0)
    story.type("undo", "--yes").ended(0, "You are on main")
    assert story.states() == ["pending"] * 3
    story.type("undo", "--yes").ended(6, "there is nothing to undo", "migrate journal")
    story.type("redo", "--yes").ended(0)
    story.type("redo", "--yes").ended(0)
    assert story.states() == ["passed", "passed", "pending"]
    story.type("redo", "--yes").ended(6, "there is nothing to redo")


def test_a_new_command_ends_what_can_be_redone(story: Story) -> None:
    story.begin().made("next")
    story.type("undo", "--yes").ended(0)
    story.made("next")
    story.type("redo", "--yes").ended(6, "there is nothing to redo")


def test_undo_of_a_rollback_brings_the_branches_back_with_their_hand_edits(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", SECOND)
    story.commit("By hand", {"hand.txt": ""})
    before = heads(story)
    story.type("rollback", "p01", "--yes").ended(0)
    story.type("undo", "--yes").ended(0, "will be back at")
    assert heads(story) == before
    assert story.branch() == "main"


def test_undo_of_a_restack_puts_every_branch_where_it_was_under_the_user(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", SECOND)
    before = heads(story)
    story.made("restack")
    after = heads(story)
    assert before != after
    assert (story.path / "new/c.txt").exists()
    story.type("undo", "--yes").ended(0)
    assert heads(story) == before
    assert not (story.path / "new/c.txt").exists()
    story.untouched()
    story.type("redo", "--yes").ended(0)
    assert heads(story) == after
    story.untouched()
    story.sound()


def test_undo_refuses_after_commits_of_a_persons_own(story: Story) -> None:
    story.begin().made("next")
    story.commit("Mine", {"mine.txt": ""})
    before = story.refs()
    said = story.type("undo", "--yes").ended(
        6, '"make p01-move-old" cannot be undone', "1 commit that came later", "Mine"
    )
    keeping = said.err.splitlines()[-1].partition(" keeps them")[0].replace("NAME", "mine").split(" && ")
    assert keeping[0] == f"git branch -m {FIRST} mine"
    assert story.refs() == before
    for command in keeping:
        story.git(*command.split()[1:])
    story.type("undo", "--yes").ended(0)
    assert story.git("log", "-1", "--format=%s", "mine") == "Mine"


def test_undo_refuses_when_a_branch_is_gone_or_moved_back(story: Story) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    oid = story.git("rev-parse", FIRST)
    story.git("branch", "-D", FIRST)
    story.type("undo", "--yes").ended(6, f"{FIRST} was deleted", f"git update-ref refs/heads/{FIRST} {oid}")
    story.git("branch", FIRST, "main")
    story.type("undo", "--yes").ended(6, "was moved back since then")


def test_undo_leaves_receipts_and_takes_an_approval_back(story: Story) -> None:
    story.begin(PLAN + '\n[[validation]]\nname = "smoke"\nmanual = "Look."\nphases = ["p01-*"]\n').made("next")
    notes = story.git("rev-parse", "refs/notes/migrate/tidy")
    story.made("approve", "p01", "smoke")
    story.type("undo", "--yes").ended(0, '"approve p01-move-old smoke"')
    assert story.git("rev-parse", "refs/notes/migrate/tidy") == notes
    assert story.states()[0] == "waiting"
    story.type("undo", "--yes").ended(0, '"make p01-move-old"')
    assert story.git("rev-parse", "refs/notes/migrate/tidy") == notes


def test_undo_leaves_a_branch_that_is_checked_out_elsewhere(story: Story, tmp_path: object) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("worktree", "add", "--quiet", f"{tmp_path}/beside", FIRST)
    before = story.refs()
    story.type("undo", "--yes").ended(6, f"{FIRST} would be deleted, but it is checked out in")
    assert story.refs() == before


def test_the_journal_says_who_did_what_when_and_what_moved(story: Story) -> None:
    story.type("status").ended(2)
    story.begin()
    story.type("journal").ended(0, "This clone has no journal", "Next: migrate next")
    story.made("next").made("run", "--to", "p02")
    story.type("undo", "--yes").ended(0)
    said = story.type("journal").ended(0).out
    assert said.startswith("5  undo: make p02-add-guide\n")
    assert "Ada Lovelace <ada@example.com>, migrate run --to p02\n" in said
    assert (
        f"    {SECOND}  {story.git('rev-parse', '--short', 'refs/migrate/tidy/archive/5/p02-add-guide')} → gone\n"
        in said
    )
    rows = story.type("journal", "--json", "-n", "2").ended(0).json
    assert [(row["number"], row["kind"]) for row in rows] == [(5, "undo"), (4, "fact")]
    kept = story.git("rev-parse", "refs/migrate/tidy/archive/5/p02-add-guide")
    assert {"ref": f"refs/heads/{SECOND}", "old": kept, "new": None} in rows[0]["refs"]


GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look."\nphases = ["p02-*"]\n'


def test_only_a_branch_that_goes_or_comes_takes_the_user_along(story: Story) -> None:
    story.begin(PLAN + GATE).made("run")
    story.git("switch", "--quiet", FIRST)
    story.made("approve", "p02", "smoke")
    for turn in ("undo", "redo"):
        assert "You are" not in story.type(turn, "--yes").ended(0).err
        assert story.branch() == FIRST
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", FIRST)
    story.made("restack")
    for turn in ("undo", "redo"):
        story.made(turn, "--yes")
        assert story.branch() == FIRST
        story.untouched()
    story.made("rollback", "p02", "--yes")
    story.type("undo", "--yes").ended(0, f"You are on {THIRD}.")
