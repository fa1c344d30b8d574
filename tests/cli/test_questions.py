"""On a terminal a command that discards asks first, and shows its progress."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.story import Story
from tests.terminal import Terminal


@pytest.fixture
def made(story: Story) -> Story:
    """A migration with one phase."""
    return story.begin().made("next")


@pytest.mark.parametrize(("answer", "goes"), [("y\n", True), ("n\n", False), ("\n", False)])
def test_a_rollback_asks(made: Story, answer: str, goes: bool) -> None:
    terminal = Terminal(made, "rollback", "p01")
    assert "You will be on main." in terminal.until("Continue? [y/N]: ")
    terminal.type(answer)
    assert terminal.end() == (0 if goes else 1)
    assert ("Nothing was changed." in terminal.shown) is not goes
    assert made.states()[0] == ("pending" if goes else "passed")


def test_a_plan_says_which_phase_it_is_at(story: Story, tmp_path: Path) -> None:
    waits = '"""Wait."""\n\n\ndef apply(ws):\n    with open({!r}) as gate:\n        ws.write("a", gate.read())\n'
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    story.begin(p01_wait=waits.format(str(gate)))
    terminal = Terminal(story, "plan")
    terminal.until("p01-wait · Wait …")
    gate.write_text("go on\n")
    assert terminal.end() == 0


def test_an_interrupted_question_changes_nothing(made: Story) -> None:
    before = made.refs()
    terminal = Terminal(made, "rollback", "p01")
    terminal.until("Continue? [y/N]: ")
    terminal.type("\x04")
    assert terminal.end() == 130
    assert made.refs() == before


@pytest.mark.parametrize(("answer", "base"), [("\n", "main"), ("topic\n", "topic")])
def test_init_asks_for_the_base_on_a_feature_branch(story: Story, answer: str, base: str) -> None:
    story.commit("Begin")
    story.git("switch", "--quiet", "--create", "topic")
    terminal = Terminal(story, "init")
    terminal.until("Base branch [main]: ")
    terminal.type(answer)
    assert terminal.end() == 0
    assert f"The base is {base}." in terminal.shown
    assert story.status()["base"]["branch"] == base


def test_an_answer_that_is_no_branch_writes_nothing(story: Story) -> None:
    story.commit("Begin")
    story.git("switch", "--quiet", "--create", "topic")
    terminal = Terminal(story, "init")
    terminal.until("Base branch [main]: ")
    terminal.type("tpic\n")
    assert terminal.end() == 2
    assert 'there is no branch "tpic"; did you mean "topic"?' in terminal.shown
    story.untouched()


@pytest.mark.parametrize(("branch", "words"), [("main", ()), ("topic", ("--yes",)), ("topic", ("--base", "topic"))])
def test_init_asks_for_no_base_that_is_clear(story: Story, branch: str, words: tuple[str, ...]) -> None:
    story.commit("Begin")
    if branch == "topic":
        story.git("switch", "--quiet", "--create", branch)
    terminal = Terminal(story, "init", *words)
    assert terminal.end() == 0
    assert "Base branch" not in terminal.shown


def test_a_plan_that_is_there_is_said_before_anything_is_asked(story: Story) -> None:
    story.begin().git("switch", "--quiet", "--create", "topic")
    terminal = Terminal(story, "init")
    assert terminal.end() == 6
    assert "Base branch" not in terminal.shown


def test_a_validation_shows_what_it_says_while_it_runs(made: Story) -> None:
    os.mkfifo(made.path / ".git/go")
    made.plan(
        extra=f'[[validation]]\nname = "slow"\nrun = "echo halfway there; read x <{made.path}/.git/go; echo the end"\n'
    )
    terminal = Terminal(made, "validate")
    terminal.until("halfway there")
    with (made.path / ".git/go").open("w") as go:
        go.write("on\n")
    assert terminal.end() == 0
    assert "p01-move-old passed" in terminal.shown
    last = terminal.shown.rpartition("halfway there")[2]
    assert last.startswith("\r\x1b[K"), "the line that changes is taken away"
    assert "halfway there" not in last
