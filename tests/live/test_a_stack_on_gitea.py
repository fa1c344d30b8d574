"""The whole life of a stack on a running Gitea."""

from __future__ import annotations

import pytest

from tests.live.conftest import Shared

PHASES = [f"p{each:02d}-step-{each}" for each in range(1, 10)]


def test_nine_phases_are_submitted_in_one_command(shared: Shared) -> None:
    shared.submit().ended(0, "p09-step-9", "opened")
    assert shared.bases() == list(zip(PHASES, ["main", *PHASES], strict=False))
    first = shared.requests()[0]
    assert first["title"] == "Take step 1"
    assert "**Phase 1 of 9**" in first["body"]
    for request, number in zip(shared.requests(), range(1, 10), strict=True):
        assert shared.files(request["number"]) == {f"step{number}.txt", "all.txt"}
        (comment,) = shared.comments(request["number"])
        assert "9 phases, merged from the bottom up" in comment
        assert all(f"#{other['number']} " in comment for other in shared.requests())
        status = shared.ada("GET", f"{shared.repository}/commits/{request['head']['sha']}/status")
        assert [(each["context"], each["status"]) for each in status["statuses"]] == [("migrate/check", "success")]


def test_submitting_an_unchanged_stack_makes_no_write(shared: Shared) -> None:
    shared.submit().ended(0)
    before = shared.requests(), [shared.comments(each["number"]) for each in shared.requests()]
    shared.story.type("submit", "--dry-run").ended(4, "0 calls would be made")
    shared.submit().ended(4, "Every request is as it should be.")
    assert (shared.requests(), [shared.comments(each["number"]) for each in shared.requests()]) == before


@pytest.mark.parametrize("how", ["squash", "merge", "rebase", "squash with an empty message"])
def test_the_lowest_is_merged_until_none_is_left(shared: Shared, how: str) -> None:
    shared.submit().ended(0)
    is_empty = how.endswith("empty message")
    for left in range(9, 0, -1):
        lowest = shared.requests()[0]
        message = {"merge_title_field": "x", "merge_message_field": " "} if is_empty else {}
        shared.merge(lowest["number"], how.partition(" ")[0], **message)
        shared.story.type("land", "--fetch", "--yes").ended(0)
        assert shared.story.states()[9 - left] == "landed"
        shared.submit().ended(0)
        rest = PHASES[10 - left :]
        assert shared.bases() == list(zip(rest, ["main", *rest], strict=False))
        for request in shared.requests():
            number = request["head"]["ref"].rpartition("-")[2]
            assert shared.files(request["number"]) == {f"step{number}.txt", "all.txt"}
    assert shared.story.states() == ["landed"] * 9
    shared.submit().ended(4, "Every request is as it should be.")
    shared.story.git("switch", "--quiet", "main")
    assert shared.story.files("HEAD") >= {f"step{each}.txt" for each in range(1, 10)}
