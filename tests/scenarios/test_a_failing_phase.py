"""A phase that fails is rolled back, and nothing of the user's is lost by it."""

from __future__ import annotations

from tests.story import BREAKING, PHASES, Story


def failing(story: Story) -> Story:
    """A migration whose second phase breaks the check."""
    return story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_break=BREAKING, p03_rest=PHASES["p03_drop_notes.py"])


def test_a_failure_says_why_where_the_log_is_and_the_three_ways_on(story: Story) -> None:
    failing(story).made("next")
    said = story.migrate("next").ended(1).err.splitlines()
    assert "    main.c:7: it is broken" in said
    assert said[-5:] == [
        "p02-break failed check: main.c:7: it is broken",
        "  log      .git/migrate/logs/p02-break/check.log",
        "  fix it   git switch migrate/tidy/p02-break, commit, then: migrate validate",
        "  retry    migrate validate p02-break   (if it may be flaky)",
        "  or       migrate rollback",
    ]
    assert "main.c:7: it is broken" in (story.path / ".git/migrate/logs/p02-break/check.log").read_text()
    assert story.states() == ["passed", "failed", "pending"]
    assert story.branch() == "migrate/tidy/p01-move-old"


def test_nothing_is_built_on_a_failed_phase(story: Story) -> None:
    failing(story).type("run").ended(1)
    before = story.refs()
    story.type("next").ended(6, "no phase runs on top of a failed phase", "migrate rollback")
    story.type("run").ended(6)
    story.type("plan").ended(6)
    assert story.refs() == before


def test_the_rollback_of_a_failure_keeps_its_commit_and_the_next_step_works(story: Story) -> None:
    failing(story).type("run").ended(1)
    failed = story.git("rev-parse", "migrate/tidy/p02-break")
    below = story.refs("refs/heads")["refs/heads/migrate/tidy/p01-move-old"]
    story.migrate("rollback", "--yes").ended(0, "Rolling back p02-break (failed check). This branch will be deleted")
    assert set(story.refs("refs/heads")) == {"refs/heads/main", "refs/heads/migrate/tidy/p01-move-old"}
    archived = story.refs("refs/migrate/tidy/archive")
    assert list(archived.values()) == [failed]
    assert story.branch() == "migrate/tidy/p01-move-old"
    assert story.git("rev-parse", "HEAD") == below
    story.sound()
    story.untouched()
    story.git("switch", "--quiet", "main")
    story.phase("p02_break.py", BREAKING.replace("broken", "fixed"))
    story.commit("Fix the phase")
    story.migrate("next").ended(0, "p02-break passed on migrate/tidy/p02-break")
    assert story.branch() == "migrate/tidy/p02-break"
    assert "fixed" in story.files("HEAD")


def test_uncommitted_and_untracked_work_is_left_alone_all_the_way(story: Story) -> None:
    failing(story)
    story.write("README.md", "mine\n")
    story.write("untracked.txt", "mine too\n")
    story.git("add", "README.md")
    story.write("notes.txt", "not added\n")
    before = story.git("status", "--porcelain"), story.git("diff"), story.git("diff", "--cached")
    left = "Your branch was not switched: your work tree has 2 changes and was left alone."
    story.migrate("next").ended(0, left)
    story.migrate("next").ended(1)
    story.migrate("rollback", "--yes").ended(0, left)
    assert (story.git("status", "--porcelain"), story.git("diff"), story.git("diff", "--cached")) == before
    assert (story.path / "untracked.txt").read_text() == "mine too\n"
    assert story.branch() == "main"


def test_a_branch_with_uncommitted_work_on_it_is_not_taken_away(story: Story) -> None:
    failing(story).type("run").ended(1)
    story.git("switch", "--quiet", "migrate/tidy/p02-break")
    story.write("notes.txt", "half a repair\n")
    before = story.refs()
    story.migrate("rollback", "--yes").ended(
        6, "you are on migrate/tidy/p02-break, which would be deleted", "git stash puts them aside"
    )
    assert story.refs() == before
    assert (story.path / "notes.txt").read_text() == "half a repair\n"


def test_nobody_to_ask_and_no_yes_changes_nothing(story: Story) -> None:
    failing(story).type("run").ended(1)
    before = story.refs()
    story.migrate("rollback").ended(6, "there is no terminal to ask on", "migrate rollback p02-break --yes")
    assert story.refs() == before


def test_a_mended_commit_on_the_branch_is_validated_and_built_upon(story: Story) -> None:
    failing(story).type("run").ended(1)
    story.git("switch", "--quiet", "migrate/tidy/p02-break")
    (story.path / "broken").unlink()
    fixed = story.commit("Fix it by hand", {"whole": ""})
    story.migrate("validate").ended(0, "p02-break passed on migrate/tidy/p02-break", "with 1 hand edit", "migrate next")
    assert story.states() == ["passed", "passed", "pending"]
    assert [phase["hand_edits"] for phase in story.status()["phases"]] == [0, 1, 0]
    story.migrate("next").ended(0, "p03-rest passed")
    assert story.git("rev-parse", "HEAD^") == fixed
    assert "whole" in story.files("HEAD")


def test_a_failed_phase_is_rolled_back_also_when_its_module_was_edited_meanwhile(story: Story) -> None:
    story.begin(p01_break=BREAKING)
    story.type("next").ended(1)
    story.git("switch", "--quiet", "main")
    file = story.path / "phases/p01_break.py"
    file.write_text(file.read_text().replace('ws.write("broken"', 'ws.write("whole"'))
    assert story.states() == ["stale"]
    story.type("rollback", "--yes").ended(0)
    assert story.states() == ["pending"]
    story.type("next").ended(0, "p01-break passed")
