"""On a terminal a command that discards asks first, and shows its progress."""

from __future__ import annotations

import os

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


def test_an_interrupted_question_changes_nothing(made: Story) -> None:
    before = made.refs()
    terminal = Terminal(made, "rollback", "p01")
    terminal.until("Continue? [y/N]: ")
    terminal.type("\x04")
    assert terminal.end() == 130
    assert made.refs() == before


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
