"""The commands that are struck, a row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.chaos import stages
from tests.chaos.forge import OWN, STATE, forge_beside, is_submitted
from tests.chaos.judge import NONE, ORIGIN
from tests.chaos.stages import DESCRIPTIONS, PROSE, SLOTS, TRACKED, UNTRACKED
from tests.story import Story

LOWEST, HIGHEST = "refs/heads/migrate/tidy/p01-move-old", "refs/heads/migrate/tidy/p03-drop-notes"
THERE = "refs/remotes/origin/migrate/tidy/p03-drop-notes"
NAMES = ("p01-move-old", "p02-add-guide", "p03-drop-notes")
MADE = ("waiting", "passed")
"""The states of a phase that has its branch."""


class Now(NamedTuple):
    """What `migrate status --json` says of each phase, every ref, and where it is."""

    states: Mapping[str, str]
    refs: Mapping[str, str]
    folder: Path

    def state(self, number: int) -> str:
        """The state of a phase by its number."""
        return next(state for name, state in self.states.items() if name.startswith(f"p{number:02}"))

    def has(self, part: str) -> bool:
        """Whether the name of some ref ends so."""
        return any(name.endswith(part) for name in self.refs)

    def has_followed(self) -> bool:
        """Whether the base is where it is on the remote."""
        return self.says(f"{ORIGIN}/refs/heads/main", self.refs["refs/heads/main"])

    def has_archives(self) -> bool:
        """Whether something is archived."""
        return any("/archive/" in name for name in self.refs)

    def says(self, file: str, text: str) -> bool:
        """Whether a file is there and holds a text."""
        return (self.folder / file).is_file() and text in (self.folder / file).read_text(errors="replace")


@dataclass(frozen=True)
class Row:
    """A command: how its repository is prepared, what is typed, and how one sees that it has finished.

    `prepare` is given a repository with three phases that are committed and not run. `again` is what a person types
    after a fault, more than one line where one is not enough; without it, the same once more. `dirty`: the user has a
    tracked file open.
    """

    name: str
    arguments: tuple[str, ...]
    finished: Callable[[Now], bool]
    prepare: Callable[[Story], object] = lambda _: None
    again: tuple[tuple[str, ...], ...] = ()
    dirty: bool = False
    code: int = 0
    """With what it exits when nothing happens to it."""
    prose: Mapping[str, str] = field(default_factory=dict)
    """What a person wrote in files that the command writes."""
    discards: bool = False
    """Whether it is there to take something away for good."""
    planned: bool = True
    """Whether there is a plan before it."""
    silent: str = NONE
    """A pattern of refs that it moves without an entry in the journal."""
    beside: Callable[[Path], AbstractContextManager[object]] = nullcontext
    """What must run beside a repository that will stand in a folder."""

    @property
    def attempts(self) -> tuple[tuple[str, ...], ...]:
        """What is typed after a fault, in order."""
        return self.again or (self.arguments,)


def everything(*states: str) -> Callable[[Now], bool]:
    """Whether every phase is in one of the states."""
    return lambda now: bool(now.states) and set(now.states.values()) <= {*states}


ROWS = {
    row.name: row
    for row in (
        Row("next", ("next",), lambda now: now.state(1) == "passed"),
        Row("next-plain", ("next", "--no-validate"), lambda now: now.state(1) in MADE, dirty=True),
        Row("run", ("run",), everything("passed"), stages.half_way),
        Row("run-plain", ("run", "--no-validate"), everything(*MADE), dirty=True),
        Row("validate", ("validate", "p01"), lambda now: now.state(1) == "passed", stages.made, dirty=True),
        Row("approve", ("approve", "p01", "look"), lambda now: now.state(1) == "passed", stages.gated),
        Row(
            "rollback",
            ("rollback", "p02", "--yes"),
            lambda now: now.state(2) == now.state(3) == "pending",
            stages.passed,
        ),
        Row("restack", ("restack",), everything("passed"), stages.base_moved),
        Row(
            "stop",
            ("restack",),
            lambda now: now.has("tidy/stopped"),
            stages.conflicting,
            (("restack",), ("continue",)),
            code=5,
        ),
        Row(
            "continue", ("continue",), everything(*MADE), stages.stopped, (("continue",), ("restack", "--no-validate"))
        ),
        Row("abort", ("abort",), lambda now: not now.has("tidy/stopped"), stages.stopped),
        Row("land", ("land", "--yes"), lambda now: not now.has(LOWEST) and now.state(3) == "passed", stages.landed),
        Row(
            "restack-fetch",
            ("restack", "--fetch"),
            lambda now: now.has_followed() and set(now.states.values()) == {"passed"},
            stages.moved_there,
        ),
        Row(
            "land-fetch",
            ("land", "--fetch", "--yes"),
            lambda now: now.has_followed() and not now.has(LOWEST) and now.state(3) == "passed",
            stages.landed_there,
        ),
        Row("carry", ("carry", "feature"), lambda now: now.has("carried/feature"), stages.featured),
        Row("undo", ("undo", "--yes"), lambda now: now.state(1) == "pending", stages.passed),
        Row("redo", ("redo", "--yes"), lambda now: now.state(3) == "passed", stages.undone),
        Row(
            "sync",
            ("sync", "--yes"),
            lambda now: THERE in now.refs,
            stages.published,
        ),
        Row("revert", ("rollback", "p01", "--yes"), lambda now: now.has("/revert-p01-move-old"), stages.published),
        Row("take", ("sync", "--yes"), lambda now: now.refs[HIGHEST] == now.refs[THERE], stages.followed),
        Row(
            "pr",
            ("pr", "--all", "--out", DESCRIPTIONS),
            lambda now: all(now.says(f"{DESCRIPTIONS}/{name}.md", "end of the generated text") for name in NAMES),
            stages.described,
            prose={f"{DESCRIPTIONS}/{name}.md": PROSE for name in NAMES[:2]},
        ),
        Row(
            "init",
            ("init", "--name", "tidy"),
            lambda now: now.says("migrate.toml", "[migration]") and now.says("phases/p01_first_step.py", "def apply("),
            stages.unplanned,
            planned=False,
            prose={"phases/notes.txt": "mine"},
        ),
        Row("finish", ("finish", "--yes"), lambda now: not now.has("tidy/journal"), stages.ended, discards=True),
        Row(
            "prune",
            ("prune", "--keep", "0", "--yes"),
            lambda now: not now.has_archives(),
            stages.archived,
            discards=True,
        ),
        Row(
            "clean",
            ("clean", "--all", "--yes"),
            lambda now: not list((now.folder.parent / SLOTS).glob("*/slots/1")),
            stages.passed,
        ),
        Row(
            "submit",
            ("submit", "--yes"),
            lambda now: THERE in now.refs and is_submitted(now.folder),
            stages.on_a_forge,
            beside=forge_beside,
            prose={STATE: OWN},
        ),
        Row("withdraw", ("rollback", "p01", "--withdraw", "--yes"), everything("pending"), stages.published),
        Row(
            "unpublish",
            ("sync", "--yes"),
            lambda now: not now.has("origin/migrate/tidy/p01-move-old"),
            stages.withdrawn,
            silent=r"refs/migrate/tidy/withdrawn/.*",
        ),
    )
}


def prepared(row: Row, folder: Path) -> Story:
    """The repository of a row, ready for its command."""
    story = stages.begin(folder)
    row.prepare(story)
    story.write(UNTRACKED, "mine\n")
    if row.dirty:
        story.write(TRACKED, "See old/a.txt, which I am writing about.\n")
    return story
