"""Commits by hand that touch what the phases do not are taken along without a process each."""

from __future__ import annotations

import pytest

from tests.scale.conftest import Counting, begin
from tests.story import Story

A_RESTACK = 45


@pytest.mark.parametrize("edits", [2, 25])
def test_hand_edits_are_taken_along_by_few_processes(story: Story, counted: Counting, edits: int) -> None:
    begin(story, 2).made("run", "--no-validate", "--to", "p001")
    for number in range(edits):
        story.commit(f"Edit {number}", {f"edited/{number}": f"{number}\n", "both": f"{number}\n"})
    branch = story.branch()
    story.git("switch", "-q", "main")
    story.commit("On", {"later": ""})
    started = counted("restack", "--no-validate")
    assert len(started.of("merge-tree")) == 0
    assert len(started) <= A_RESTACK
    assert len(story.git("log", "--format=%s", f"main..{branch}").split("\n")) == edits + 1
    assert story.git("log", "-1", "--format=%an %s", branch) == f"Ada Lovelace Edit {edits - 1}"
    assert story.git("show", f"{branch}:both") == f"{edits - 1}"
    assert story.files(branch) >= {"later", "made/p001_step.txt", "edited/0", f"edited/{edits - 1}"}
    story.sound()
