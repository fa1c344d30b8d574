"""What the commands start for each phase, and what they start at all."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.stack import snapshot
from tests.scale.conftest import Counting, begin
from tests.story import Story

A_COMMAND = 23
"""The processes of `run` that do not depend on how many phases there are."""
A_PHASE = 4
"""Two for the slot, its command, and a look at the refs."""
VALIDATED = 12
"""The processes of `validate --all` where nothing is left to validate."""


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A list that gets a word for each time that everything is looked at: `listed` where git lists the refs."""
    found: list[str] = []
    plain = snapshot.refs_of_migration

    def noting(*given: Any) -> Any:
        found.append("listed")
        return plain(*given)

    monkeypatch.setattr(snapshot, "refs_of_migration", noting)
    return found


@pytest.mark.parametrize("phases", [1, 6])
def test_run_starts_few_processes_for_a_phase(story: Story, counted: Counting, phases: int) -> None:
    begin(story, phases)
    assert len(counted("run")) <= A_COMMAND + A_PHASE * phases


def test_who_makes_commits_is_asked_once(story: Story, counted: Counting) -> None:
    begin(story, 3)
    started = counted("run")
    assert len(started.of("var")) == 1
    assert len(started.of("config", "--list")) == 1


def test_phases_without_validation_are_one_operation(story: Story, counted: Counting) -> None:
    begin(story, 6)
    started = counted("run", "--no-validate")
    assert len(started.of("fast-import")) == 0
    assert len(started.of("update-ref", "--stdin")) == 1
    assert len(started) <= A_COMMAND


def test_a_phase_that_is_made_is_not_read_again(story: Story, counted: Counting) -> None:
    begin(story, 4)
    started = counted("run")
    assert len(started.of("ls-tree", "-r")) == 1
    assert len(started.of("log", "--raw")) == 0


def test_validating_what_has_its_receipts_looks_once(story: Story, counted: Counting, looks: list[str]) -> None:
    begin(story, 6).made("run")
    looks.clear()
    few = len(counted("validate", "--all"))
    assert len(looks) == 1
    assert few <= VALIDATED
    story.made("validate", "--all")


@pytest.mark.parametrize("phases", [1, 8])
def test_status_starts_no_more_for_more_phases(story: Story, counted: Counting, phases: int) -> None:
    begin(story, phases).made("run")
    assert len(counted("status")) <= 8


def test_restack_asks_once_who_stands_where(story: Story, counted: Counting) -> None:
    begin(story, 4).made("run")
    story.git("switch", "-q", "main")
    story.commit("Go on", {"a": "1"})
    started = counted("restack")
    assert len(started.of("worktree", "list")) == 0
    assert len(started) <= 30 + A_PHASE * 4
