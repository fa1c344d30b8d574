"""What `land` starts: the same for two phases as for many."""

from __future__ import annotations

import pytest

from migrate.git.history import changes_between
from migrate.git.patches import patch_of, patches_between
from tests.scale.conftest import Counting, begin
from tests.story import Story

A_LANDING = 33
"""The processes of `land`, with two looks, the refs that move, and the phases that are left run again."""


@pytest.mark.parametrize("phases", [3, 12])
def test_landing_compares_no_pair_of_phases(story: Story, counted: Counting, phases: int) -> None:
    begin(story, phases).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    story.commit("Squashed (#1)", {"made/p001_step.txt": "made\n", "README.md": "Read me.\n"})
    story.commit("Squashed (#2)", {"made/p002_step.txt": "made\n"})
    story.commit("Something else", {"made/z": ""})
    started = counted("land", "--yes", "--no-validate")
    assert story.states() == ["landed", "landed", *["waiting"] * (phases - 2)]
    assert len(started) <= A_LANDING
    assert len(started.of("merge-tree")) <= 1


@pytest.mark.parametrize("phases", [3, 12])
def test_where_nothing_landed_nothing_is_merged_to_tell(story: Story, counted: Counting, phases: int) -> None:
    begin(story, phases).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    story.commit("Something else", {"made/z": ""})
    started = counted("land", "--yes", "--no-validate", code=4)
    assert len(started.of("merge-tree")) == 0
    assert len(started.of("patch-id", "--verbatim")) <= 2
    assert len(started) <= 30


def test_many_pairs_of_trees_are_compared_by_one_process_as_each_alone(story: Story) -> None:
    commits = [
        story.commit("one", {"a": "1\n", "b": "2\n"}),
        story.commit("two", {"a": "2\n"}),
        story.commit("nothing"),
        story.commit("three", {"a": "1\n", "c d": "x", f"{'a' * 40} {'b' * 40}": "y\n"}),
    ]
    trees = [story.git("rev-parse", f"{commit}^{{tree}}") for commit in commits]
    pairs = [(one, other) for one in trees for other in trees]
    repository = story.repository
    assert patches_between(repository, pairs) == [patch_of(repository, *pair) for pair in pairs]
    named = {f"{number}": pair for number, pair in enumerate(pairs)}
    told = changes_between(repository, named)
    for name, (old, new) in named.items():
        listed = story.git("diff-tree", "-r", "-z", "--name-only", old, new).split("\0")[:-1]
        assert [change.path for change in told[name]] == listed
    assert patches_between(repository, []) == []
    assert changes_between(repository, {}) == {}
