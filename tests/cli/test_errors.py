"""Every end has its exit code, one clear message, and nothing that a repository holds reaches a terminal raw."""

from __future__ import annotations

import errno
import io
import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.cli import bug, output
from migrate.cli.output import Output, Styled, fit
from migrate.cli.settings import Settings
from migrate.git.process import Git
from migrate.text import duration
from tests.story import BREAKING, PLAN, PROGRAM, Story

ESCAPE = "\x1b]0;owned\x07\x1b[31m\u202e\x9b2J"


def test_the_exit_codes(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    assert story.migrate("run").code == 0
    assert story.migrate("run").code == 4
    assert story.migrate("rollback", "p01").code == 6
    assert story.migrate("rollback").code == 6
    assert story.migrate("nothing").code == 2
    story.phase("p04_break.py", BREAKING)
    assert story.migrate("next").code == 1

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"this {ESCAPE} is a mistake of ours")

    monkeypatch.setattr("migrate.stack.project.Project.look", broken)
    monkeypatch.setenv("TMPDIR", str(story.path / ".git"))
    monkeypatch.setattr("tempfile.tempdir", None)
    done = story.type("status").ended(
        3, "This is a bug of migrate: RuntimeError: this \\x1b]0;owned", "is a mistake of ours"
    )
    log = Path(done.err.splitlines()[1].removeprefix("Please report it with this log: "))
    assert "Traceback" in log.read_text()
    assert "RuntimeError" in log.read_text()


def test_a_bug_without_a_place_for_its_log_prints_it(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    def broken(*_: object) -> None:
        raise RuntimeError("ours")

    monkeypatch.setattr(bug, "mkstemp", full)
    monkeypatch.setattr("migrate.stack.project.Project.look", broken)
    story.begin()
    done = story.type("status")
    assert done.code == 3
    assert "Traceback" in done.err


def test_an_interrupt_anywhere_is_130(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("migrate.stack.project.Project.look", pressed)
    story.begin()
    assert story.type("status").ended(130).err == "Interrupted.\nNext: migrate status\n"


@pytest.mark.parametrize("command", [("status",), ("status", "--json"), ("log",), ("pr",), ("plan",)])
def test_a_reader_that_goes_away_is_no_error(story: Story, command: tuple[str, ...]) -> None:
    story.begin().made("next")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PROGRAM, *command], cwd=story.path, stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert b"rror" not in done.stderr


def test_a_step_is_finished_though_nobody_listens(story: Story) -> None:
    story.begin()
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*PROGRAM, "next"], cwd=story.path, stdout=writer, stderr=writer, check=False)
    os.close(writer)
    assert done.returncode == 0
    assert story.states() == ["passed", "pending", "pending"]


def test_a_full_disk_is_one_sentence(story: Story) -> None:
    story.begin()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "status"], cwd=story.path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr.startswith("No space left on device\n")
    assert "Traceback" not in done.stderr


def test_what_a_repository_holds_never_reaches_the_terminal_raw(story: Story) -> None:
    hostile = f'"""Move {ESCAPE} it.\n\n{ESCAPE}\n"""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n    ws.note("{ESCAPE}")\n'
    story.begin(PLAN.replace("it is broken", "it \\u001b[31m is broken"), p01_move=hostile)
    story.plan(PLAN.replace('title = "Tidy up"', 'title = "Tidy \\u001b[31m\\u202e up"'))
    story.commit(f"Hostile {ESCAPE}", {f"old/{ESCAPE}.txt": f"{ESCAPE}\n", "broken": ""})
    commands = ("plan", "plan --diff", "next", "status", "validate", "rollback --yes", "analyze", "verify p01")
    for command in commands:
        done = story.type(*command.split())
        assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(done.text), (command, done.text)
        assert "Traceback" not in done.text
    story.git("switch", "--quiet", "-c", "a\u202eb")
    story.type("status").ended(0)


def test_a_journal_that_is_none_is_said(story: Story) -> None:
    story.begin().made("next")
    story.git("update-ref", "refs/migrate/tidy/journal", "main")
    story.type("rollback", "p01", "--yes").ended(0, "which is no entry of the journal, and is ignored")
    story.type("status").ended(0)


def test_a_git_that_fails_is_quoted(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    monkeypatch.setenv("PATH", str(story.path))
    story.type("status").ended(2, "git is not installed, or not on PATH")


def test_git_that_does_not_know_who_you_are_is_said(story: Story) -> None:
    story.begin()
    config = story.path / ".git/nobody"
    config.write_text("[user]\n    useConfigOnly = true\n")
    done = story.migrate("next", env={**os.environ, "GIT_CONFIG_GLOBAL": str(config)})
    done.ended(1, "git does not know who you are", "git config user.name")
    assert story.states() == ["pending"] * 3


def test_a_failing_transaction_hook_moves_nothing(story: Story) -> None:
    story.begin()
    hook = story.write(".git/hooks/reference-transaction", "#!/bin/sh\necho not today >&2\nexit 1\n")
    hook.chmod(0o755)
    before = story.refs()
    story.type("next").ended(1, "ref updates aborted by hook", "was not done")
    assert story.refs() == before


def test_a_failing_checkout_hook_does_not_hide_what_was_done(story: Story) -> None:
    story.begin()
    hook = story.write(".git/hooks/post-checkout", "#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    story.type("next").ended(0, "You are on migrate/tidy/p01-move-old.")


def test_styles_are_for_color_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    for color, said in (("always", "a\x1b[32mok\x1b[0m\\x1b[31mb\n"), ("never", "aok\\x1b[31mb\n")):
        Output(color=color, again=str).result("a", Styled("ok", "green"), "\x1b[31mb")
        assert capsys.readouterr().out == said


def test_a_stream_that_knows_few_characters_gets_their_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    Output(color="auto", again=str).result("✓ passed")
    assert raw.getvalue() == b"\\u2713 passed\n"


def test_a_live_line_is_cut_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.TextIOWrapper):
        def isatty(self) -> bool:
            return True

    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stderr", Terminal(raw, encoding="utf-8"))
    monkeypatch.setenv("COLUMNS", "23")
    out = Output(color="never", again=str)
    out.live("東京東京東京東京東京東京東京\x1b")
    out.say("done")
    assert raw.getvalue().decode() == "\r\x1b[K東京東京東京東京東京\r\x1b[Kdone\n"
    assert output.MAXIMUM_WIDTH >= out.width == out.prose_width == 23


@pytest.mark.parametrize(
    ("text", "columns", "shown"), [("abc", 3, "abc"), ("abc", 2, "ab"), ("東京", 3, "東"), ("", 0, "")]
)
def test_a_text_is_cut_by_its_columns(text: str, columns: int, shown: str) -> None:
    assert fit(text, columns) == shown


@pytest.mark.parametrize(("seconds", "text"), [(0, "0.0s"), (59.94, "59.9s"), (59.96, "1m00s"), (72.4, "1m12s")])
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_git_migrate_is_the_same_program(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    assert Settings().again("next") == "migrate next"
    assert Git(story.path).run("migrate", "status").text.startswith("tidy · Tidy up\n")
    assert "Usage: git migrate status" in Git(story.path).run("migrate", "status", "-h").text
