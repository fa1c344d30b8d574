"""Whatever goes wrong with whichever call of a submit: running it again ends in the same state, and nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from migrate.forges.client import Client
from tests.forges.fake_github import Pull
from tests.forges.on_github import OnGitHub, on_github
from tests.forges.served import Fault
from tests.story import PLAN, PROGRAM, Story

TWO = {
    "p01_add_one": '"""Add one."""\n\n\ndef apply(ws):\n    ws.write("one.txt", "1\\n")\n',
    "p02_add_two": '"""Add two."""\n\n\ndef apply(ws):\n    ws.write("two.txt", "2\\n")\n',
}
TABLE = 'labels = ["refactoring"]\nreviewers = ["bob", "shop/core"]\n'
FIRST, SECOND = "migrate/tidy/p01-add-one", "migrate/tidy/p02-add-two"
OWN = "Written by a person.\r\n\r\n"
EVERY = 1 if "FUZZ_EXAMPLES" in os.environ else len(Fault)
"""One call in so many is struck by each kind of fault: each call by one of them, and `make fuzz` strikes all by all."""


class Again:
    """One repository and server, put back to before the first submit as often as is wanted."""

    def __init__(self, github: OnGitHub) -> None:
        self.github = github
        story, server = github.story, github.server
        story.type("sync", "--yes").ended(0)
        server.opened({"head": SECOND, "base": "main", "title": "By hand", "body": OWN})
        self.pulls = [vars(pull).copy() for pull in server.pulls.values()]

    def reset(self) -> None:
        """As if nothing had been submitted."""
        server = self.github.server
        server.pulls = {values["number"]: Pull(**{**values, "labels": [], "reviewers": []}) for values in self.pulls}
        server.comments, server.statuses, server.stacks, server.calls = {}, {}, {}, []
        server.fault = lambda _: None
        server.before = lambda _: None


class Undisturbed(NamedTuple):
    """What there is before a fault, and what an undisturbed submit leaves and takes."""

    again: Again
    whole: dict[str, object]
    calls: int


def end_state(again: Again) -> tuple[dict[str, object], int]:
    """What an undisturbed submit leaves, and how many calls it makes."""
    again.reset()
    again.github.submit().ended(0)
    found = again.github.server.state(), len(again.github.server.calls)
    assert again.github.server.pulls[1].body.startswith("Written by a person.")
    assert [pull.title for pull in again.github.server.pulls.values()] == ["By hand", "Add one"]
    return found


@pytest.fixture
def undisturbed(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Undisturbed]:
    """A repository and server, with what a submit leaves there and how many calls it makes."""
    monkeypatch.setattr(Client, "sleep", lambda *_: None)
    with on_github(story, tmp_path, PLAN, TABLE, **TWO) as github:
        again = Again(github)
        yield Undisturbed(again, *end_state(again))


@pytest.mark.property
@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_at_any_call_is_got_over(
    undisturbed: Undisturbed, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    again, whole, calls = undisturbed
    github = again.github
    if fault is Fault.SLOW:
        monkeypatch.setattr("migrate.forges.client.TIMEOUT", 0.2)
    assert calls >= 20
    for number in range(list(Fault).index(fault) % EVERY, calls, EVERY):
        again.reset()
        github.server.fault = lambda call, number=number: fault if call == number else None  # type: ignore[misc]
        first = github.submit()
        github.server.fault = lambda _: None
        if first.code != 0:
            github.submit().ended(0)
        assert github.server.state() == whole, (fault, number, first)
        github.server.calls.clear()
        github.submit().ended(4)
        assert github.server.writes == []


@pytest.mark.property
def test_a_forge_that_stays_broken_is_said_and_completed_later(undisturbed: Undisturbed) -> None:
    again, whole, calls = undisturbed
    github = again.github
    for number in range(0, calls, EVERY):
        again.reset()
        github.server.fault = lambda call, number=number: Fault.LOST_ANSWER if call >= number else None  # type: ignore[misc]
        said = github.submit().ended(6).err
        assert "cannot be asked" in said
        assert "it completes what was begun" in said
        github.server.fault = lambda _: None
        github.submit()
        assert github.server.state() == whole, number


@pytest.mark.property
def test_a_kill_at_any_call_is_completed_by_the_next_submit(undisturbed: Undisturbed) -> None:
    again, whole, calls = undisturbed
    github = again.github
    for number in range(EVERY // 2, calls, EVERY):
        again.reset()
        with subprocess.Popen(
            [*PROGRAM, "submit", "--yes"],
            cwd=github.story.path,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            github.server.before = lambda call, n=number, p=process: kill(p) if call == n else None  # type: ignore[misc]
            process.wait()
        assert process.returncode == -signal.SIGKILL
        github.server.before = lambda _: None
        github.submit()
        assert github.server.state() == whole, number


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a process at once."""
    os.kill(process.pid, signal.SIGKILL)
    process.wait()


def test_a_limit_that_lasts_is_not_waited_for(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(Client, "sleep", lambda _, seconds: waits.append(seconds))
    with on_github(story, tmp_path, PLAN, TABLE, **TWO) as github:
        github.server.fault = lambda call: Fault.LIMITED if call == 0 else None
        github.submit().ended(0, "takes no more calls for 3 s; waiting")
        assert waits == [3.0]
