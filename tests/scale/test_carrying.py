"""What is alike of many branches is found out once, and where nothing is new, nothing is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scale.conftest import Counting, begin
from tests.story import Story

A_CARRYING = 20
"""The processes of `carry --all` that do not depend on how many branches there are."""
A_BRANCH = 2
"""One that looks at what its commits add, and one that lists the files of its commit."""
NOTHING_NEW = 10


def with_branches(story: Story, tmp_path: Path, count: int, phases: int = 3) -> Story:
    """A stack, and a remote with so many branches of one commit each."""
    begin(story, phases).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    story.git("clone", "-q", "--bare", str(story.path), str(tmp_path / "origin.git"))
    story.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    for number in range(count):
        story.git("switch", "-q", "--detach", "main")
        commit = story.commit(f"Work {number}", {f"work/{number}": f"{number}\n"})
        story.git("update-ref", f"refs/remotes/origin/work-{number}", commit)
    story.git("switch", "-q", "main")
    return story


@pytest.mark.parametrize(("branches", "phases"), [(2, 3), (12, 3), (2, 8)])
def test_branches_are_carried_by_few_processes_each(
    story: Story, counted: Counting, tmp_path: Path, branches: int, phases: int
) -> None:
    with_branches(story, tmp_path, branches, phases)
    started = counted("carry", "--all")
    assert len(started) <= A_CARRYING + A_BRANCH * branches
    assert len(started.of("merge-base")) == 0
    for number in range(branches):
        assert story.files(f"migrate/tidy/carried/work-{number}") >= {f"work/{number}", "made/p003_step.txt"}
    story.sound()


@pytest.mark.parametrize("branches", [2, 12])
def test_carrying_again_does_nothing_where_nothing_is_new(
    story: Story, counted: Counting, contents: list[str], tmp_path: Path, branches: int
) -> None:
    with_branches(story, tmp_path, branches).made("carry", "--all")
    before = story.refs()
    contents.clear()
    assert len(counted("carry", "--all")) <= NOTHING_NEW
    assert len(contents) <= 10 + branches
    assert story.refs() == before
    said = story.type("carry", "--all").ended(0).out
    assert said.count("the same   1 commit ") == branches


def test_what_is_new_is_carried_and_the_rest_is_known(story: Story, counted: Counting, tmp_path: Path) -> None:
    with_branches(story, tmp_path, 6).made("carry", "--all")
    story.git("switch", "-q", "--detach", "origin/work-3")
    story.git("update-ref", "refs/remotes/origin/work-3", story.commit("More", {"more": ""}))
    story.git("switch", "-q", "main")
    assert len(counted("carry", "--all")) <= A_CARRYING + 2 * A_BRANCH
    assert story.files("migrate/tidy/carried/work-3") >= {"more", "work/3", "made/p003_step.txt"}
    rows = story.type("carry", "--all", "--json").ended(0).json
    assert [row["outcome"] for row in rows] == ["same"] * 6
    assert [len(row["commits"]) for row in rows] == [1, 1, 1, 2, 1, 1]
    story.git("update-ref", "refs/heads/migrate/tidy/carried/work-1", "main")
    row = story.type("carry", "--all", "--json").ended(0).json[1]
    assert (row["outcome"], "is not as carry left it" in row["why"]) == ("stays", True)
    story.git("branch", "-q", "-D", "migrate/tidy/carried/work-1")
    assert story.type("carry", "--all", "--json").ended(0).json[1]["outcome"] == "carried"


def test_a_phase_that_changed_is_run_again_for_every_branch(story: Story, tmp_path: Path) -> None:
    with_branches(story, tmp_path, 2).made("carry", "--all")
    story.commit("Go on", {"later": ""})
    story.made("restack", "--no-validate")
    rows = story.type("carry", "--all", "--json").ended(0).json
    assert {row["outcome"] for row in rows} == {"carried"}
    assert "later" in story.files("migrate/tidy/carried/work-0")


def test_a_branch_that_cannot_be_read_holds_up_none_of_the_others(story: Story, tmp_path: Path) -> None:
    with_branches(story, tmp_path, 3)
    parent = story.git("rev-parse", "origin/work-1")
    tip = story.git("commit-tree", "-p", parent, "-m", "above", f"{parent}^{{tree}}")
    story.git("update-ref", "refs/remotes/origin/work-1", tip)
    (story.path / ".git/objects" / parent[:2] / parent[2:]).unlink()
    rows = story.type("carry", "--all", "--json").ended(0).json
    assert [row["outcome"] for row in rows] == ["carried", "stays", "carried"]
    cache = next((story.path / ".git/migrate/cache").glob("carried-*"))
    for text in ("{", '{"version": 1, "branches": {"work-0": ["k", "-x", [], []]}}'):
        cache.write_text(text)
        assert len(story.type("carry", "--all", "--json").ended(0).json) == 3
