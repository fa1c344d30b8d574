"""A repository with a small migration, and the program typed at it: as a process of its own, or within this one."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from textwrap import dedent
from typing import Any, NamedTuple, TypeVar

import pytest

from migrate.cli.app import run_command_line
from tests.conftest import Sandbox
from tests.world import World

PATIENCE = 60
"""Seconds for one test."""

PROGRAM = (sys.executable, "-m", "migrate")
PLAN = """\
[migration]
name = "tidy"
title = "Tidy up"

[[validation]]
name = "check"
run = "if test -e broken; then echo main.c:7: it is broken; exit 1; fi"
"""
PHASES = {
    "p01_move_old.py": '''\
        """Move old to new.

        The old folder was never meant to stay.
        """


        def apply(ws):
            ws.move("old", "new")
            ws.replace("old/", "new/", "README.md")
        ''',
    "p02_add_guide.py": '''\
        """Add a guide."""


        def apply(ws):
            ws.write("guide.md", "Read new/a.txt first.\\n")
        ''',
    "p03_drop_notes.py": '''\
        """Drop the notes."""


        def apply(ws):
            ws.delete("notes.txt")
        ''',
}
FILES = {
    "old/a.txt": "a\n",
    "old/b.txt": "b\n",
    "README.md": "See old/a.txt.\n",
    "notes.txt": "notes\n",
}
BREAKING = '''\
    """Break it."""


    def apply(ws):
        ws.write("broken", "")
    '''


class Ran(NamedTuple):
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def text(self) -> str:
        """Both streams."""
        return self.out + self.err

    def ended(self, code: int, *said: str) -> Ran:
        """Assert the exit code, that each of some texts was printed, and that nothing blew up."""
        assert self.code == code, self
        assert "Traceback" not in self.text, self
        for text in said:
            assert text in self.text, (text, self)
        return self


class Story(Sandbox):
    """A repository with a plan, and what a person types in it."""

    capture: Callable[[], tuple[str, str]]
    world: World | None = None
    """What knows the states that others left; a repository that stands outside of it is in none."""

    @classmethod
    def of(cls, place: Path, other: Story) -> Story:
        """A repository beside another one."""
        told = cls(place)
        told.capture = other.capture
        if other.world is not None and place.is_relative_to(other.world.top):
            told.world = other.world
        return told

    def plan(self, text: str = PLAN, extra: str = "") -> None:
        """Write the plan, where it is read from: in the work tree of the base branch."""
        self.to_the_plan()
        self.write("migrate.toml", text + extra)

    def phase(self, file: str, text: str) -> Path:
        """Write a phase module, where it is read from: in the work tree of the base branch."""
        self.to_the_plan()
        return self.write(f"phases/{file}", dedent(text))

    def to_the_plan(self) -> None:
        """Leave a phase's branch for the base branch, where the plan is read from the work tree."""
        if self.branch().startswith("migrate/"):
            self.git("switch", "--quiet", "main")

    def begin(self, plan: str = PLAN, **phases: str) -> Story:
        """Commit the files, the plan and the phases to `main`: three small phases when none is given."""

        def make() -> None:
            self.plan(plan)
            for file, text in ({f"{name}.py": text for name, text in phases.items()} or PHASES).items():
                self.phase(file, text)
            self.commit("Begin", FILES)

        return self.step(("begin", plan, *phases.items()), make)

    def step(self, name: Hashable, make: Callable[[], object]) -> Story:
        """Make a step that leaves nothing but files, unless what it left in this very state is known."""
        if self.world is None:
            make()
        else:
            self.world.step((self.path, name), make)
        return self

    def migrate(self, *arguments: str, cwd: Path | None = None, **options: Any) -> Ran:
        """Run the program as a process of its own, with nobody to answer its questions."""
        given: dict[str, Any] = {"timeout": PATIENCE}
        given |= {"stdin": subprocess.DEVNULL} if "input" not in options else {}
        done = subprocess.run(
            [*PROGRAM, *arguments],
            cwd=cwd or self.path,
            capture_output=True,
            text=True,
            errors="surrogateescape",
            check=False,
            **{**given, **options},
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    @contextmanager
    def started(self, *arguments: str) -> Iterator[subprocess.Popen[str]]:
        """The program while it runs; it is ended when the block is left."""
        with subprocess.Popen(
            [*PROGRAM, *arguments],
            cwd=self.path,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.terminate()

    def type(self, *arguments: str, cwd: Path | None = None) -> Ran:
        """Run the program within this process."""
        before = Path.cwd()
        os.chdir(cwd or self.path)
        try:
            self.capture()
            code = run_command_line(arguments)
            return Ran(int(code), *self.capture())
        finally:
            os.chdir(before)

    def made(self, *arguments: str) -> Story:
        """Type a command that must succeed."""
        typed = arguments or ("run",)
        return self.step(typed, lambda: self.type(*typed).ended(0))

    def status(self) -> Any:
        """What `status --json` says."""
        return self.type("status", "--json").ended(0).json

    def states(self) -> list[str]:
        """The state of every phase."""
        return [phase["state"] for phase in self.status()["phases"]]

    def refs(self, *prefixes: str) -> dict[str, str]:
        """Every ref and what it names, without the journal of what was typed."""
        lines = self.git("for-each-ref", "--format=%(refname) %(objectname)", *prefixes).splitlines()
        return dict(line.split(" ") for line in lines)

    def branch(self) -> str:
        """The branch that is checked out; empty when HEAD is detached."""
        ref = self.head_file()
        if ref is None:
            return self.git("branch", "--show-current")
        return ref.removeprefix("refs/heads/") if ref != "HEAD" else ""

    def files(self, revision: str) -> set[str]:
        """The paths of a commit."""
        return set(self.git("ls-tree", "-r", "-z", "--name-only", revision).split("\0")) - {""}

    def sound(self) -> None:
        """Assert that git finds nothing wrong, not even a warning."""
        done = subprocess.run(
            ["git", "fsck", "--strict", "--no-progress", "--no-dangling"],
            cwd=self.path,
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")

    def untouched(self) -> None:
        """Assert that the work tree is what HEAD says."""
        assert self.git("status", "--porcelain") == ""


Told = TypeVar("Told")


def prepared(make: Callable[[Told], Told]) -> Callable[[Told], Told]:
    """Let what a function does to a story, or to clones, be one step: it leaves files, and gives back what it took."""

    @wraps(make)
    def made(*arguments: Told, **named: Told) -> Told:
        (told,) = (*arguments, *named.values())
        where = told if isinstance(told, Story) else told.ada
        where.step((make.__module__, make.__qualname__), lambda: make(told))
        return told

    return made


@pytest.fixture
def story(repo: Sandbox, world: World, capsys: pytest.CaptureFixture[str]) -> Iterator[Story]:
    """A repository to tell a story in."""
    told = Story(repo.path)
    told.capture = capsys.readouterr
    told.world = world
    world.begin()
    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(PATIENCE)
    yield told
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def too_long(number: int, frame: object) -> None:
    """End a test that waits for what never comes, such as the other end of a pipe."""
    raise TimeoutError(f"the story took more than {PATIENCE} s")
