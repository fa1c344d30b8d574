"""The commands that are struck, a row for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.story import PHASES, PLAN, Story

UNTRACKED, TRACKED = "untracked.txt", "README.md"
SLOTS = "slots"
"""The folder beside the repository in which its slots stand, so that both can be put back to how they were."""
GATE = """
[[validation]]
name = "look"
manual = "look at it"
phases = ["p01-*"]
"""
LOWEST = "refs/heads/migrate/tidy/p01-move-old"
MADE = ("waiting", "passed")
"""The states of a phase that has its branch."""


class Now(NamedTuple):
    """What `migrate status --json` says of each phase, and every ref."""

    states: Mapping[str, str]
    refs: Mapping[str, str]

    def state(self, number: int) -> str:
        """The state of a phase by its number."""
        return next(state for name, state in self.states.items() if name.startswith(f"p{number:02}"))

    def has(self, part: str) -> bool:
        """Whether the name of some ref ends so."""
        return any(name.endswith(part) for name in self.refs)


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

    @property
    def attempts(self) -> tuple[tuple[str, ...], ...]:
        """What is typed after a fault, in order."""
        return self.again or (self.arguments,)


def made(story: Story) -> None:
    """Three phases with their branches, not validated."""
    story.migrate("run", "--no-validate").ended(0)


def half_way(story: Story) -> None:
    """One phase that passed, one that was not validated, one that is not run."""
    story.migrate("next").ended(0)
    story.migrate("next", "--no-validate").ended(0)


def passed(story: Story) -> None:
    """Three phases that passed."""
    story.migrate("run").ended(0)


def gated(story: Story) -> None:
    """One phase that waits for a person."""
    story.plan(extra=GATE)
    story.commit("Ask a person")
    story.migrate("next").ended(0)


def published(story: Story) -> None:
    """Three phases that passed, the lower two on a remote."""
    passed(story)
    origin = story.path / ".git/origin.git"
    story.git("init", "--quiet", "--bare", "--template=", str(origin))
    story.git("remote", "add", "origin", str(origin))
    story.git("push", "--quiet", "origin", "main", "migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide")


def base_moved(story: Story) -> None:
    """Three phases that passed, one with a hand edit, on a base that has gone on; the user stands on one of them."""
    passed(story)
    edited(story, "p01-move-old", {"new/a.txt": "a\nby hand\n"})
    on_main(story, "Newer", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", "migrate/tidy/p02-add-guide")


def conflicting(story: Story) -> None:
    """A hand edit that does not fit on the base as it is now."""
    passed(story)
    edited(story, "p01-move-old", {"new/a.txt": "by hand\n"})
    on_main(story, "Newer", {"old/a.txt": "by the base\n"})


def stopped(story: Story) -> None:
    """A restack that stopped at a conflict, which a person has settled."""
    conflicting(story)
    story.migrate("restack", "--no-validate").ended(5)
    (story.slots / "conflict-tidy-1/new/a.txt").write_text("by both\n")


def landed(story: Story) -> None:
    """Three phases, the first of which the base has, squashed and without its message."""
    passed(story)
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    story.git("merge", "--quiet", "--squash", "migrate/tidy/p01-move-old")
    story.git("commit", "--quiet", "-m", "Tidy up (#1)")
    story.git("switch", "--quiet", "migrate/tidy/p01-move-old")


def featured(story: Story) -> None:
    """Three phases, and a colleague's branch that knows nothing of them."""
    story.git("switch", "--quiet", "-c", "feature")
    story.commit("Edit a", {"old/a.txt": "a\nmine\n"})
    story.commit("Add c", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", "main")
    passed(story)


def undone(story: Story) -> None:
    """Three phases of which the last two were undone."""
    story.migrate("next").ended(0)
    story.migrate("run").ended(0)
    story.migrate("undo", "--yes").ended(0)


def edited(story: Story, phase: str, files: Mapping[str, str]) -> None:
    """A person's commit on the branch of a phase, and what stands on it is made anew."""
    story.git("switch", "--quiet", f"migrate/tidy/{phase}")
    for path, text in files.items():
        story.write(path, text)
    story.git("add", *files)
    story.git("commit", "--quiet", "-m", "By hand")


def on_main(story: Story, message: str, files: Mapping[str, str]) -> None:
    """Somebody else's commit on the base."""
    story.git("switch", "--quiet", "main")
    for path, text in files.items():
        story.write(path, text)
    story.git("add", *files)
    story.git("commit", "--quiet", "-m", message)


def everything(*states: str) -> Callable[[Now], bool]:
    """Whether every phase is in one of the states."""
    return lambda now: bool(now.states) and set(now.states.values()) <= {*states}


ROWS = {
    row.name: row
    for row in (
        Row("next", ("next",), lambda now: now.state(1) == "passed"),
        Row("next-plain", ("next", "--no-validate"), lambda now: now.state(1) in MADE, dirty=True),
        Row("run", ("run",), everything("passed"), half_way),
        Row("run-plain", ("run", "--no-validate"), everything(*MADE), dirty=True),
        Row("validate", ("validate", "p01"), lambda now: now.state(1) == "passed", made, dirty=True),
        Row("approve", ("approve", "p01", "look"), lambda now: now.state(1) == "passed", gated),
        Row("rollback", ("rollback", "p02", "--yes"), lambda now: now.state(2) == now.state(3) == "pending", passed),
        Row("restack", ("restack",), everything("passed"), base_moved),
        Row("stop", ("restack",), lambda now: now.has("tidy/stopped"), conflicting, code=5),
        Row("continue", ("continue",), everything(*MADE), stopped, (("continue",), ("restack", "--no-validate"))),
        Row("abort", ("abort",), lambda now: not now.has("tidy/stopped"), stopped),
        Row("land", ("land", "--yes"), lambda now: not now.has(LOWEST) and now.state(3) == "passed", landed),
        Row("carry", ("carry", "feature"), lambda now: now.has("carried/feature"), featured),
        Row("undo", ("undo", "--yes"), lambda now: now.state(1) == "pending", passed),
        Row("redo", ("redo", "--yes"), lambda now: now.state(3) == "passed", undone),
        Row("sync", ("sync", "--yes"), lambda now: now.has("remotes/origin/migrate/tidy/p03-drop-notes"), published),
        Row("revert", ("rollback", "p01", "--yes"), lambda now: now.has("/revert-p01-move-old"), published),
        Row("withdraw", ("rollback", "p01", "--withdraw", "--yes"), everything("pending"), published),
    )
}


def begin(folder: Path) -> Story:
    """A repository with three phases that are not run, and a file of the user's that git does not know."""
    folder.mkdir(parents=True)
    story = Story(folder)
    story.git("init", "--quiet", "--template=", "--initial-branch=main")
    # Nothing here survives a power cut, and most of the time would go into preparing for one.
    story.git("config", "core.fsync", "none")
    story.git("config", "migrate.slotsDir", f"../{SLOTS}")
    story.begin(PLAN, **{name.removesuffix(".py"): text for name, text in PHASES.items()})
    story.write(UNTRACKED, "mine\n")
    return story


def prepared(row: Row, folder: Path) -> Story:
    """The repository of a row, ready for its command."""
    story = begin(folder)
    row.prepare(story)
    story.write(UNTRACKED, "mine\n")
    if row.dirty:
        story.write(TRACKED, "See old/a.txt, which I am writing about.\n")
    return story
