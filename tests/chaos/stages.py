"""The repositories in which commands are struck, each as it is right before its command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tests.chaos.child import typed
from tests.chaos.forge import TABLE, on_forge
from tests.chaos.judge import ORIGIN
from tests.story import PHASES, PLAN, Ran, Story

DESCRIPTIONS, PROSE = "descriptions", "Please look at the second file first"
UNTRACKED, TRACKED = "untracked.txt", "README.md"
SLOTS = "slots"
"""The folder beside the repository in which its slots stand, so that both can be put back to how they were."""
GATE = """
[[validation]]
name = "look"
manual = "look at it"
phases = ["p01-*"]
"""


class Prepared(Story):
    """A repository to strike. What is typed to prepare it runs in a fork, which need not import the program again."""

    def migrate(self, *arguments: str, cwd: Path | None = None, **_: object) -> Ran:
        """Run the program in a process of its own, with nobody to answer its questions."""
        ended = typed(arguments, cwd or self.path, self.path.parent / "prepared")
        return Ran(-1 if ended.code is None else ended.code, ended.text, "")


def begin(folder: Path) -> Story:
    """A repository with three phases that are not run."""
    folder.mkdir(parents=True)
    story = Prepared(folder)
    story.git("init", "--quiet", "--template=", "--initial-branch=main")
    # Nothing here survives a power cut, and most of the time would go into preparing for one.
    story.git("config", "core.fsync", "none")
    story.git("config", "migrate.slotsDir", f"../{SLOTS}")
    story.begin(PLAN, **{name.removesuffix(".py"): text for name, text in PHASES.items()})
    return story


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
    origin = story.path / ORIGIN
    story.git("init", "--quiet", "--bare", "--template=", str(origin))
    story.git("remote", "add", "origin", str(origin))
    story.git("push", "--quiet", "origin", "main", "migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide")


def on_a_forge(story: Story) -> None:
    """Three phases that passed, the lower two on a remote with a forge, where a person opened a request for one."""
    published(story)
    url = on_forge(story)
    story.plan(extra=TABLE.format(url))
    story.commit("Say where the requests are")
    story.git("push", "--quiet", "origin", "main")
    story.migrate("restack").ended(0)
    story.git("switch", "--quiet", "main")


def withdrawn(story: Story) -> None:
    """Three phases that were taken back here; the remote still has the lower two."""
    published(story)
    story.migrate("sync", "--yes").ended(0)
    story.migrate("rollback", "p01", "--withdraw", "--yes").ended(0)


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
    on_main(story, "Else", {"else.txt": ""})
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


def described(story: Story) -> None:
    """Three phases that passed, and descriptions of an earlier state in which a person wrote something."""
    story.migrate("next", "--no-validate").ended(0)
    story.migrate("pr", "--all", "--out", DESCRIPTIONS).ended(0)
    file = story.path / DESCRIPTIONS / "p01-move-old.md"
    file.write_text(f"{PROSE}\n\n{file.read_text()}\n{PROSE}, too\n")
    story.write(f"{DESCRIPTIONS}/p02-add-guide.md", f"{PROSE}\n")
    passed(story)


def unplanned(story: Story) -> None:
    """A repository without a plan, and a folder of that name that is the user's."""
    story.git("rm", "--quiet", "-r", "migrate.toml", "phases")
    story.commit("Plan nothing")
    story.write("phases/notes.txt", "mine\n")


def ended(story: Story) -> None:
    """Three phases all of which have landed; their branches are on the remote still."""
    published(story)
    story.migrate("sync", "--yes").ended(0)
    story.git("push", "--quiet", "origin", "migrate/tidy/p03-drop-notes:main")
    story.migrate("land", "--fetch", "--yes").ended(0)


def archived(story: Story) -> None:
    """Three phases that were made twice, so that there are archives of the first time."""
    passed(story)
    story.migrate("rollback", "p02", "--yes").ended(0)
    story.migrate("run", "--no-validate").ended(0)


def followed(story: Story) -> None:
    """Three phases of which a colleague has edited the lowest, on the remote."""
    published(story)
    story.migrate("sync", "--yes").ended(0)
    tip = story.git("rev-parse", "migrate/tidy/p03-drop-notes")
    made = story.git("commit-tree", f"{tip}^{{tree}}", "-p", tip, "-m", "By a colleague")
    story.git("push", "--quiet", "origin", f"{made}:refs/heads/migrate/tidy/p03-drop-notes")
    story.git("fetch", "--quiet", "origin")
    story.git("switch", "--quiet", "main")


def moved_there(story: Story) -> None:
    """Three phases that passed and are published; somebody's commit is on the remote's base alone."""
    published(story)
    story.migrate("sync", "--yes").ended(0)
    story.git("switch", "--quiet", "--detach", "main")
    newer = story.commit("Newer", {"old/c.txt": "c\n"})
    story.git("push", "--quiet", str(story.path / ORIGIN), f"{newer}:refs/heads/main")
    story.git("switch", "--quiet", "main")


def landed_there(story: Story) -> None:
    """Three phases that passed and are published, the first of which the remote's base has, squashed."""
    published(story)
    story.migrate("sync", "--yes").ended(0)
    squashed = story.git("commit-tree", "migrate/tidy/p01-move-old^{tree}", "-p", "main", "-m", "Tidy up (#1)")
    story.git("push", "--quiet", str(story.path / ORIGIN), f"{squashed}:refs/heads/main")
    story.git("switch", "--quiet", "main")


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
