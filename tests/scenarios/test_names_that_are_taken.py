"""Branches that are there already are never overwritten: one clear error, and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import Story


@pytest.mark.parametrize("taken", ["migrate", "migrate/tidy", "migrate/tidy/p01-move-old/deeper"])
def test_a_branch_that_stands_in_the_way_is_said(story: Story, taken: str) -> None:
    story.begin()
    story.git("branch", taken)
    before = story.refs()
    story.type("next").ended(2, "was not done", "rename that branch, or choose another branch_prefix")
    assert story.refs() == before
    story.git("branch", "--move", taken, "elsewhere")
    story.type("next").ended(0)


def test_a_foreign_branch_with_a_phases_name_is_kept(story: Story) -> None:
    story.begin()
    story.git("switch", "--quiet", "-c", "migrate/tidy/p01-move-old")
    story.commit("Mine", {"mine.txt": ""})
    before = story.refs()
    for command in ("next", "run"):
        story.type(command).ended(
            6, "its branch holds no commit of this phase", "git branch -m migrate/tidy/p01-move-old NAME"
        )
    assert story.refs() == before
    story.type("pr", "p01").ended(6)
    story.type("status").ended(0, "its branch holds no commit of this phase")


def test_a_foreign_branch_at_the_base_is_not_called_landed(story: Story) -> None:
    story.begin()
    story.git("branch", "migrate/tidy/p01-move-old")
    before = story.refs()
    assert story.states()[0] == "stale"
    story.type("next").ended(6, "its branch is part of main and holds no commit of this phase", "git branch -m")
    assert story.refs() == before


def test_a_phase_branch_in_another_work_tree_is_never_moved(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    beside = tmp_path / "beside"
    story.git("worktree", "add", "--quiet", str(beside), "migrate/tidy/p02-add-guide")
    before, head = story.refs(), story.branch()
    story.type("rollback", "p01", "--yes").ended(
        6, "migrate/tidy/p02-add-guide would be deleted, but it is checked out in", "beside"
    )
    story.type("rollback", "p02", "--yes").ended(6, "switch --detach leaves it")
    assert story.refs() == before
    assert story.branch() == head
    story.untouched()
    story.type("rollback", "p03", "--yes").ended(
        6, "which would be deleted, and migrate/tidy/p02-add-guide is checked out in"
    )
    story.git("switch", "--quiet", "main")
    story.type("rollback", "p03", "--yes").ended(
        0, "Your branch was not switched: migrate/tidy/p02-add-guide is checked out"
    )
    assert story.states() == ["passed", "passed", "pending"]


def test_a_base_that_does_not_exist_is_said(story: Story) -> None:
    story.begin()
    story.git("branch", "--move", "main", "mian")
    story.type("status").ended(2, 'the base branch "main" of the plan is not here; did you mean "mian"?')
    story.type("next").ended(2)
