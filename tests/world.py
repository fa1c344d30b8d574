"""The folder in which a test works: it stands at the same place for each, so that a copy of a state is that state.

Most stories begin alike, and to get there takes far longer than what they tell. A step that leaves nothing but files,
and was made before in the same state, is therefore not made again: what it left is copied.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

Seen = Mapping[str, tuple[int, int, int]]
"""Each path below the folder with its mode, its size and when it was written."""


class State(NamedTuple):
    """The steps that led somewhere, the environment they were made in, and what they left."""

    steps: tuple[Hashable, ...]
    copy: Path
    seen: Seen


class World:
    """The folder, which is emptied for each test, and the copies of what steps left there."""

    def __init__(self, top: Path, copies: Path) -> None:
        self.top = top
        self.copies = copies
        self._states: dict[tuple[Hashable, ...], State] = {}
        self._now: State | None = None
        self._is_ours = True

    def clear(self) -> None:
        """Make the folder anew. What cannot be removed is put aside, with what may still be at work in it."""
        self._now, self._is_ours = None, True
        if self.top.exists():
            aside = Path(tempfile.mkdtemp(dir=self.copies))
            self.top.rename(aside / "before")
            shutil.rmtree(aside, ignore_errors=True)
        self.top.mkdir()

    def begin(self) -> None:
        """What is in the folder now is the same for every test: steps may follow."""
        self._now = State((surroundings(),), self.top, seen_below(self.top)) if self._is_ours else None

    def end(self) -> None:
        """The program is another one from here to the end of the test: each step is made."""
        self._now, self._is_ours = None, False

    def step(self, name: Hashable, make: Callable[[], object]) -> None:
        """Make a step, or copy what it left when it was made in this state before.

        A step is known by its name. Anything else that a test does to the folder, or to the environment, ends the
        known states: what follows is made.
        """
        before = self._now
        self._now = None
        if before is None or before.steps[0] != surroundings() or before.seen != seen_below(self.top):
            make()
            return
        steps = (*before.steps, name)
        known = self._states.get(steps)
        if known is None:
            make()
            known = self._states[steps] = self._kept(steps)
        else:
            replace_below(self.top, known.copy)
        self._now = known

    def _kept(self, steps: tuple[Hashable, ...]) -> State:
        copy = self.copies / str(len(self._states))
        shutil.copytree(self.top, copy, symlinks=True)
        return State(steps, copy, seen_below(self.top))


def surroundings() -> Hashable:
    """The environment, without what pytest says in it of the test."""
    return frozenset((name, value) for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST")


def seen_below(top: Path) -> Seen:
    """What is below a folder, without reading it. When a folder was written says no more than what is in it."""
    return dict(entries_below(str(top), len(str(top))))


def entries_below(folder: str, prefix: int) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Each path below a folder, without so many characters at its beginning."""
    with os.scandir(folder) as entries:
        for entry in entries:
            about = entry.stat(follow_symlinks=False)
            is_folder = entry.is_dir(follow_symlinks=False)
            yield entry.path[prefix:], (about.st_mode, *((0, 0) if is_folder else (about.st_size, about.st_mtime_ns)))
            if is_folder:
                yield from entries_below(entry.path, prefix)


def replace_below(top: Path, copy: Path) -> None:
    """Let a folder hold what another one holds, and nothing else."""
    for entry in top.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    shutil.copytree(copy, top, symlinks=True, dirs_exist_ok=True)
