"""A command ends with everything that it started."""

from __future__ import annotations

import io
import os
import select
import shlex
import signal
import sys
import time
from pathlib import Path

import pytest

from migrate.execution.process import NotStartedError, run_command

STUBBORN = """
exec 9> "$FIFO"
trap "" TERM
sh -c 'echo grandchild >&9; while :; do sleep 1000; done' &
echo child >&9
echo working
while :; do sleep 1000; done
"""
"""A command that ignores SIGTERM, and its child that does too; both hold a pipe open."""


class Family:
    """The processes of one command, as long as they hold the write end of a named pipe."""

    def __init__(self, folder: Path) -> None:
        self.fifo = folder / "fifo"
        os.mkfifo(self.fifo)
        self._end = os.open(self.fifo, os.O_RDONLY | os.O_NONBLOCK)

    def wait_for(self, members: int) -> None:
        """Wait until so many have said that they run."""
        said = b""
        while said.count(b"\n") < members:
            select.select([self._end], [], [])
            said += os.read(self._end, 4096)

    def is_gone(self) -> bool:
        """Whether nobody holds the pipe any more."""
        try:
            while os.read(self._end, 4096):
                pass
        except BlockingIOError:
            return False
        return True


@pytest.fixture
def family(tmp_path):
    """A named pipe that tells who is alive."""
    return Family(tmp_path)


def run(command, family=None, **options):
    """Run a command with a log in memory; returns how it ended, and the log."""
    log = io.BytesIO()
    env = {**os.environ, **({"FIFO": str(family.fifo)} if family else {})}
    return run_command(command, cwd=Path.cwd(), env=env, log=log, **options), log.getvalue()


def test_output_and_errors_go_to_the_log_in_order():
    done, log = run("echo one; echo two >&2; echo three; exit 4")
    assert log == b"one\ntwo\nthree\n"
    assert done.code == 4


def test_argument_list_is_not_read_by_a_shell():
    done, log = run(("echo", "$HOME", "*"))
    assert (done.code, log) == (0, b"$HOME *\n")


def test_nothing_can_be_read_from_the_terminal():
    assert run("cat")[1] == b""


def test_large_output_is_complete():
    _, log = run((sys.executable, "-c", "print('x' * 5_000_000)"))
    assert len(log) == 5_000_001


def test_time_that_ran_out_ends_child_and_grandchild_though_they_ignore_sigterm(family):
    done, log = run(STUBBORN, family, timeout=0.3, grace=0.05, on_line=lambda *_: family.wait_for(2))
    assert done.code is None
    assert log == b"working\n"
    assert family.is_gone()


def test_interrupt_ends_the_whole_group_and_goes_on(family):
    def interrupt(_seconds, _line):
        family.wait_for(2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(STUBBORN, family, grace=0.05, on_line=interrupt)
    assert family.is_gone()


def test_second_interrupt_ends_the_grace(family, monkeypatch):
    def interrupt(*_):
        family.wait_for(2)
        raise KeyboardInterrupt

    def pressed_again(_):
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", pressed_again)
    with pytest.raises(KeyboardInterrupt):
        run(STUBBORN.replace("$FIFO", str(family.fifo)), grace=1000, on_line=interrupt)
    assert family.is_gone()


def test_process_left_in_the_background_is_ended(family):
    done, _ = run('exec 9> "$FIFO"; sleep 1000 & exit 3', family)
    assert done.code == 3
    assert family.is_gone()


def test_daemon_that_leaves_the_group_is_let_go_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "left")
    leave = (
        "import os, sys; os.setsid(); print(os.getpid(), file=open(sys.argv[1], 'w')); "
        "os.execvp('sleep', ['sleep', '1000'])"
    )
    daemon = shlex.join([sys.executable, "-c", leave, str(tmp_path / "left")])
    done, log = run(f"{daemon} & cat {tmp_path}/left")
    assert done.code == 0
    os.kill(int(log), signal.SIGKILL)


def test_command_that_closes_its_output_is_followed_to_its_end():
    done, log = run("echo before; exec >&- 2>&-; (exit 7)")
    assert (done.code, log) == (7, b"before\n")


def test_progress_tells_seconds_and_the_last_line(family):
    told = []
    run(STUBBORN, family, timeout=0.3, grace=0.05, on_line=lambda *line: (family.wait_for(0), told.append(line)))
    seconds, line = told[0]
    assert 0.2 <= seconds < 10
    assert line == "working"


def test_signal_is_a_negative_code():
    assert run("kill -9 $$")[0].code == -9


def test_held_descriptor_is_inherited(tmp_path):
    with (tmp_path / "file").open("w") as file:
        run((sys.executable, "-c", f"import os; os.write({file.fileno()}, b'hello\\n')"), held=(file.fileno(),))
    assert (tmp_path / "file").read_text() == "hello\n"


def test_program_that_is_not_on_path_is_missing():
    with pytest.raises(NotStartedError, match=r"^no-such-program is not installed$") as caught:
        run(("no-such-program", "x"))
    assert caught.value.is_missing


def test_program_of_the_tree_that_is_not_there_is_no_missing_program():
    with pytest.raises(
        NotStartedError, match=r"^\./no-such-script cannot be run: No such file or directory$"
    ) as caught:
        run(("./no-such-script",))
    assert not caught.value.is_missing
