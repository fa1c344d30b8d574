"""On a terminal a command that discards asks first, and shows its progress."""

from __future__ import annotations

import os
import subprocess

import pytest

from tests.story import PROGRAM, Story


class Terminal:
    """The program on a terminal of its own."""

    def __init__(self, story: Story, *arguments: str) -> None:
        self.side, writer = os.openpty()
        environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
        self.process = subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=story.path,
            stdin=writer,
            stdout=writer,
            stderr=writer,
            env=environment,
            start_new_session=True,
        )
        os.close(writer)
        self.shown = ""

    def until(self, text: str) -> str:
        """Everything shown so far, once it holds `text`."""
        while text not in self.shown:
            self.shown += os.read(self.side, 65536).decode()
        return self.shown

    def type(self, text: str) -> None:
        """Press keys."""
        os.write(self.side, text.encode())

    def end(self) -> int:
        """The exit code."""
        try:
            while chunk := os.read(self.side, 65536):
                self.shown += chunk.decode()
        except OSError:
            pass  # Linux says so when the other side is closed.
        os.close(self.side)
        return self.process.wait(60)


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
