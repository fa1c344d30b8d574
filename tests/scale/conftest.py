"""What a command costs: the processes that it starts, counted; seconds are never asserted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from migrate.git.reader import Reader
from tests.story import Story, story

__all__ = ["story"]

PLAN = """\
[migration]
name = "tidy"

[[validation]]
name = "check"
run = "true"
"""
PHASE = '''\
    """Do step {name}."""


    def apply(ws):
        ws.write("made/{name}.txt", "made\\n")
    '''


class Started:
    """The commands that were started in a block, those of validations included."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []

    def of(self, *words: str) -> list[list[str]]:
        """Those that hold all of some words."""
        return [command for command in self.commands if set(words) <= set(command)]

    def __len__(self) -> int:
        return len(self.commands)


Counting = Callable[..., Started]


@pytest.fixture
def counted(story: Story, monkeypatch: pytest.MonkeyPatch) -> Counting:
    """Type a command that must end with a code, and count what it starts."""

    def count(*typed: str, code: int = 0) -> Started:
        started, plain = Started(), subprocess.Popen.__init__

        def noting(self: Any, args: Sequence[Any], *more: Any, **named: Any) -> None:
            started.commands.append([str(word) for word in args])
            plain(self, args, *more, **named)

        with monkeypatch.context() as patched:
            patched.setattr(subprocess.Popen, "__init__", noting)
            story.type(*typed).ended(code)
        return started

    return count


@pytest.fixture
def contents(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The objects of which the content is read, in the order in which it is."""
    found: list[str] = []
    plain = Reader.content

    def noting(self: Reader, name: str) -> Any:
        found.append(name)
        return plain(self, name)

    monkeypatch.setattr(Reader, "content", noting)
    return found


def begin(story: Story, phases: int) -> Story:
    """A migration of so many phases of one file each."""
    names = [f"p{number:03}_step" for number in range(1, phases + 1)]
    return story.begin(PLAN, **{name: PHASE.format(name=name) for name in names})
