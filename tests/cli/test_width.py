"""The table of `status` takes the columns that a terminal has, and tears nothing apart on a narrow one."""

from __future__ import annotations

import os
import re

import pytest

from tests.story import PHASES, PLAN, Story
from tests.terminal import Terminal

MORE = """
[[validation]]
name = "integration-tests"
run = "true"

[[validation]]
name = "docker-compose-up"
run = ["nodock"]
requires = ["nodock"]

[[validation]]
name = "vet"
run = "true"
"""
ITEMS = ("check 0.0s", "integration-tests 0.0s", "docker-compose-up unavailable", "vet 0.0s")


@pytest.fixture
def long_names(story: Story) -> Story:
    names = {f"p0{n}_a_rather_long_name": text for n, text in enumerate(PHASES.values(), 1)}
    return story.begin(PLAN + MORE, **names).made("run", "--to", "p02")


@pytest.mark.parametrize("columns", [60, 80, 120, 200])
def test_a_table_fills_the_terminal_and_no_more(long_names: Story, columns: int) -> None:
    env = {**os.environ, "TERM": "xterm"}
    terminal = Terminal(long_names, "status", columns=columns, env=env)
    assert terminal.end() == 0
    shown = re.sub(r"\d+\.\ds", "0.0s", terminal.shown)
    lines = [line.rstrip() for line in shown.splitlines()]
    assert max(map(len, lines)) <= columns
    assert "…" not in shown
    for item in ITEMS:
        assert sum(item in line for line in lines) == 2, f"{item} stands on one line, once for each phase"
    on_one = [line for line in lines if line.startswith("  ✓ ") and all(item in line for item in ITEMS)]
    assert len(on_one) == (2 if columns == 200 else 0)


def test_prose_stays_narrow_on_a_wide_terminal(story: Story) -> None:
    story.begin()
    terminal = Terminal(story, "next", columns=200, env={**os.environ, "TERM": "xterm"})
    assert terminal.end() == 0
    finished = [line for line in terminal.shown.splitlines() if "..... ok" in line]
    assert [len(line.rpartition("\x1b[K")[2]) <= 110 for line in finished] == [True]
