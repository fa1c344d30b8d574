"""Ctrl-C during a validation ends everything that it started, and leaves a state that is explained and finished."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Sequence
from typing import IO, Any

import pytest

from tests.story import PHASES, PLAN, Story

ENDLESS = """
[[validation]]
name = "endless"
run = "test -e {path}/release || {{ exec 3>{path}/alive; echo started >&3; (read x <{path}/never) & wait; }}"
"""
"""A validation with a grandchild that both hold a pipe open until they are gone."""


def endless(story: Story) -> Story:
    """A migration with a validation that does not end before it may."""
    for name in ("alive", "never"):
        os.mkfifo(story.path / ".git" / name)
    return story.begin(PLAN + ENDLESS.format(path=story.path / ".git"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_ends_the_whole_process_group(story: Story, number: signal.Signals) -> None:
    endless(story)
    with story.started("next") as process, (story.path / ".git/alive").open() as alive:
        assert alive.readline() == "started\n"
        process.send_signal(number)
        assert alive.read() == ""  # The pipe is closed by the last process that holds it.
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-2:] == ["Interrupted.", "Next: migrate status"]
    assert "Traceback" not in err


def test_an_interrupt_while_a_process_starts_ends_it_too(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    endless(story)
    start = subprocess.Popen.__init__

    def interrupted(process: subprocess.Popen[bytes], command: Sequence[str], **options: Any) -> None:
        start(process, command, **options)
        if command[0] == "sh":
            started.append((story.path / ".git/alive").open())
            os.kill(os.getpid(), signal.SIGINT)

    started: list[IO[str]] = []
    monkeypatch.setattr(subprocess.Popen, "__init__", interrupted)
    story.plan(PLAN.partition("[[")[0], ENDLESS.format(path=story.path / ".git"))
    story.type("next").ended(130, "Interrupted.")
    with started[0] as alive:
        assert alive.read() in ("", "started\n")  # It ends when nothing holds the pipe open any more.


def test_what_an_interrupt_left_is_explained_and_finished(story: Story) -> None:
    endless(story)
    with story.started("run") as process, (story.path / ".git/alive").open() as alive:
        assert alive.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    assert story.states() == ["waiting", "pending", "pending"]
    assert [v["outcome"] for v in story.status()["phases"][0]["validations"]] == ["passed", "not-run"]
    said = story.type("status").ended(0).out
    assert "p01-move-old is made, but not validated: endless did not run." in said
    assert "Next: migrate validate p01-move-old" in said
    (story.path / ".git/release").touch()
    story.type("validate").ended(0, "check ......", "as before", "p01-move-old passed")
    assert story.states() == ["passed", "pending", "pending"]
    story.sound()


def test_the_next_step_first_finishes_what_was_interrupted(story: Story) -> None:
    endless(story)
    with story.started("next") as process, (story.path / ".git/alive").open() as alive:
        assert alive.readline() == "started\n"
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    (story.path / ".git/release").touch()
    said = story.type("next").ended(0).err
    assert said.index("p01-move-old passed") < said.index("p02-add-guide passed")
    assert story.states() == ["passed", "passed", "pending"]


def test_a_killed_phase_leaves_the_repository_as_it_was(story: Story) -> None:
    suicide = '''\
        """End the process."""

        import os
        import signal


        def apply(ws):
            ws.write("new.txt", "")
            os.kill(os.getpid(), signal.SIGKILL)
        '''
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_end=suicide)
    before = story.refs()
    for arguments in (("run", "--no-validate"), ("run", "--no-validate"), ("plan",)):
        assert story.migrate(*arguments).code == -signal.SIGKILL
        assert story.refs() == before
    story.untouched()
    story.sound()
    assert story.states() == ["pending", "pending"]
    story.type("next").ended(0, "p01-move-old passed")


LOOKING = (
    ("status",),
    ("status", "--json"),
    ("status", "p01"),
    ("plan",),
    ("log",),
    ("journal",),
    ("pr",),
    ("verify",),
    ("where", "old/a.txt"),
    ("analyze",),
)


def test_looking_after_a_kill_names_nobody(story: Story) -> None:
    endless(story)
    with story.started("next") as process, (story.path / ".git/alive").open() as alive:
        assert alive.readline() == "started\n"
        process.kill()
        process.communicate(timeout=60)
    assert (story.path / ".git/migrate/lock").read_text() != ""
    assert "running here" not in story.type("status").ended(0).text
    (story.path / ".git/release").touch()


def test_of_two_commands_one_wins_and_the_other_is_told(story: Story) -> None:
    endless(story)
    with story.started("next") as process, (story.path / ".git/alive").open() as alive:
        assert alive.readline() == "started\n"
        before = story.refs()
        for arguments in (("next",), ("run",), ("rollback", "p01", "--yes"), ("validate",)):
            told = story.type(*arguments).ended(7)
            assert told.err.startswith(f'another migrate is running here (pid {process.pid}, "migrate next", since ')
            assert told.err.endswith("Wait for it, or end it.\n")
        for arguments in LOOKING:
            told = story.type(*arguments)  # Looking is always allowed.
            assert told.code in (0, 4), told
            assert told.err.startswith(f'another migrate is running here (pid {process.pid}, "migrate next", since ')
            assert "Wait for it" not in told.err
        assert story.refs() == before
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    (story.path / ".git/release").touch()
    story.type("next").ended(0)
