"""A phase that the base contains has landed, however it was merged, and the next one stands on the base."""

from __future__ import annotations

import pytest

from tests.story import Story

FIRST = "migrate/tidy/p01-move-old"


def land(story: Story, how: str) -> None:
    """Bring the first phase into the base."""
    message = story.git("log", "-1", "--format=%B", FIRST)
    story.git("switch", "--quiet", "main")
    if how == "fast-forward":
        story.git("merge", "--quiet", "--ff-only", FIRST)
        return
    story.commit("Somebody else's", {"else.txt": ""})
    if how == "merge":
        story.git("merge", "--quiet", "--no-ff", "-m", "Merge the first", FIRST)
    elif how == "squash":
        story.git("merge", "--quiet", "--squash", FIRST)
        story.git("commit", "--quiet", "-m", message)
    else:
        story.git("cherry-pick", FIRST)


@pytest.mark.parametrize("how", ["fast-forward", "merge", "squash", "cherry-pick"])
def test_a_landed_phase_is_recognised_and_the_next_one_stands_on_the_base(story: Story, how: str) -> None:
    story.begin().made("next")
    land(story, how)
    assert story.states() == ["landed", "pending", "pending"]
    story.type("status").ended(0, "= p01-move-old", "landed", "1 of 3 phases done.", "Next: migrate next")
    story.type("next").ended(0, "p02-add-guide passed")
    assert story.git("rev-parse", "HEAD^") == story.git("rev-parse", "main")
    assert story.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"


def test_when_every_phase_has_landed_nothing_is_left_but_to_finish(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", "migrate/tidy/p03-drop-notes")
    assert story.states() == ["landed"] * 3
    story.type("status").ended(0, "All 3 phases have landed.")
    assert story.status()["next"] == "migrate finish"
    for command in ("next", "run"):
        story.type(command).ended(4, "All 3 phases have landed.")
    story.type("plan").ended(4, "Nothing is pending.")


def test_a_base_that_has_moved_is_said_and_takes_nothing_away(story: Story) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.commit("One")
    story.commit("Two")
    story.type("status").ended(0, ", 2 commits newer than the stack")
    assert story.status()["base"]["newer"] == 2
    assert story.states() == ["passed", "pending", "pending"]


def test_a_branch_below_that_moved_makes_what_stands_on_it_stale(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"hand.txt": ""})
    assert story.states() == ["waiting", "stale", "pending"]
    story.type("validate", "p01").ended(0)
    before = story.refs()
    story.type("next").ended(6, "p02-add-guide is stale: the branch that it stands on has moved", "migrate restack")
    assert story.refs() == before
    story.type("restack").ended(0)
    assert "hand.txt" in story.files("migrate/tidy/p02-add-guide")


def test_a_changed_module_makes_its_phase_and_those_above_stale(story: Story) -> None:
    story.begin().made("run")
    story.to_the_plan()
    file = story.path / "phases/p02_add_guide.py"
    file.write_text(file.read_text() + "# another line\n")
    assert story.states() == ["passed", "stale", "stale"]
    reasons = [phase["reason"] for phase in story.status()["phases"]]
    assert reasons == [None, "its module changed since it ran", "p02-add-guide, below it, is stale"]
    story.type("status").ended(0, "p02-add-guide is stale: its module changed since it ran.")


def test_two_migrations_share_a_repository(story: Story) -> None:
    story.begin()
    other = story.path / "other"
    story.write("other/migrate.toml", '[migration]\nname = "other"\nphases = "."\n')
    story.write("other/p01_write.py", '"""Write."""\n\n\ndef apply(ws):\n    ws.write("other.txt", "")\n')
    story.commit("Another migration")
    story.made("run")
    story.type("--plan", "other/migrate.toml", "run").ended(0, "migrate/other/p01-write")
    story.type("status", cwd=other).ended(0, "other")
    story.type("--plan", "other/migrate.toml", "rollback", "1", "--yes").ended(0)
    assert story.states() == ["passed"] * 3
    assert len(story.refs("refs/heads/migrate/tidy")) == 3
    assert set(story.refs("refs/migrate/other")) >= {"refs/migrate/other/journal"}
    story.sound()
