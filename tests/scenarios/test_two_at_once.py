"""Of two commands that are typed at the same moment one does its work and the other is told so, every time.

The one that wins is in a phase or a validation that does not end before the other has ended, so that no round depends
on luck.
"""

from __future__ import annotations

import os
import re
import select
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate.cli.app import run_command_line
from tests.chaos.child import fork, import_everything
from tests.story import PATIENCE, PLAN, Story

ROUNDS = 12
"""Of each pair. Nothing in a round depends on luck, so more would find no more."""

HELD_PHASE = '''\
    """Move old to new."""


    def apply(ws):
        ws.move("old", "new")
        with open("{release}") as held:
            held.readline()
    '''
HELD_VALIDATION = """
[[validation]]
name = "held"
run = "read word <{release}"
"""
REFUSAL = re.compile(
    r'another migrate is running here( \(pid \d+, "migrate (next|run|validate)", since \d\d:\d\d on .+\))?\. '
    r"Wait for it, or end it\.\n"
)
PAIRS = {
    ("next --no-validate", "next --no-validate"): ["make p01-move-old"],
    ("next --no-validate", "run --no-validate"): ["make p01-move-old"],
    ("validate p01 --again", "validate p01 --again"): ["validate p01-move-old"],
}
"""What is typed at once, and what the journal says of it: the work of one command."""


@dataclass(frozen=True)
class Runner:
    """A command that runs beside this process. `over` is a pipe that ends with it."""

    pid: int
    over: int
    output: Path

    def end(self) -> None:
        """Let nothing of it live on."""
        os.kill(self.pid, signal.SIGKILL)
        self.ended()

    def ended(self) -> tuple[int, str]:
        """Wait for it; its exit code and what it printed."""
        os.close(self.over)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1]), self.output.read_text()


def lined_up(story: Story, words: str, start: int, others: Sequence[int], output: Path) -> Runner:
    """A command that begins when the pipe `start` ends."""
    over, held = os.pipe()

    def body() -> int:
        for descriptor in (over, *others):
            os.close(descriptor)
        os.chdir(story.path)
        os.read(start, 1)
        return int(run_command_line(words.split()))

    pid = fork(body, output)
    os.close(held)
    return Runner(pid, over, output)


def raced(story: Story, pair: tuple[str, str], scratch: Path, release: int) -> str:
    """Let two commands go at once; what the loser printed."""
    start, gun = os.pipe()
    first = lined_up(story, pair[0], start, [gun], scratch / "first")
    second = lined_up(story, pair[1], start, [gun, first.over], scratch / "second")
    os.close(start)
    os.close(gun)
    over = select.select([first.over, second.over], [], [], PATIENCE / 2)[0]
    loser, winner = (first, second) if first.over in over else (second, first)
    if not over:
        first.end()
        second.end()
    assert over, "both were let in"
    refused, said = loser.ended()
    os.write(release, b"go\n")
    done, told = winner.ended()
    assert (done, refused) == (0, 7), (told, said)
    return said


def put_back(story: Story, refs: Mapping[str, str]) -> None:
    """Give every ref the value that it had."""
    made = [f"delete {name}" for name in story.refs() if name not in refs]
    script = [*made, *(f"update {name} {oid}" for name, oid in refs.items())]
    subprocess.run(
        ["git", "update-ref", "--stdin"],
        cwd=story.path,
        input="".join(f"{line}\n" for line in script).encode(),
        check=True,
    )


@pytest.mark.parametrize("pair", PAIRS, ids=" and ".join)
def test_of_two_at_once_one_succeeds_and_one_is_refused(story: Story, tmp_path: Path, pair: tuple[str, str]) -> None:
    import_everything()
    release = story.path / ".git/release"
    os.mkfifo(release)
    story.begin(PLAN, p01_move_old=HELD_PHASE.format(release=release))
    story.git("config", "core.fsync", "none")
    # Open for both, so that neither end waits for the other to be opened.
    held = os.open(release, os.O_RDWR)
    if pair[0].startswith("validate"):
        os.write(held, b"go\n")
        story.made("next", "--no-validate")
        story.plan(PLAN.partition("[[")[0] + HELD_VALIDATION.format(release=release))
    story.write("README.md", "Mine, so that the work tree stays on its branch.\n")
    before = story.refs()
    journal = ["log", "--reverse", "--format=%s", "refs/migrate/tidy/journal", "--not", *before.values()]
    for _ in range(ROUNDS):
        signal.alarm(PATIENCE)
        assert REFUSAL.fullmatch(raced(story, pair, tmp_path, held))
        assert story.git(*journal).splitlines() == PAIRS[pair]
        put_back(story, before)
    os.close(held)
    story.sound()
