"""Whatever people do, in whatever order, and wherever it is killed: the promises hold after every step.

The phases are those of `tests/story.py`, so small that what each must make of a tree can be said in a few lines here.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.chaos.child import Ended, import_everything, typed
from tests.chaos.faults import Fault, Kind
from tests.chaos.stages import begin
from tests.chaos.watch import Watch
from tests.story import Story

PHASES = ("p01-move-old", "p02-add-guide", "p03-drop-notes")
GUIDE = "Read new/a.txt first.\n"
UNTRACKED = "untracked.txt"
EXAMPLES = int(os.environ.get("SEQUENCE_EXAMPLES", "6"))
STEPS = 14

NUMBERS = st.integers(0, 2)
COMMANDS = st.sampled_from(
    [
        ("next", "--no-validate"),
        ("run", "--no-validate"),
        ("next",),
        ("restack", "--no-validate"),
        ("undo", "--yes"),
        ("redo", "--yes"),
        ("rollback", "p02", "--yes"),
        ("carry", "feature"),
        ("land", "--yes", "--no-validate"),
    ]
)


def expected(phase: str, files: dict[str, str]) -> dict[str, str]:
    """What a phase makes of a tree, said a second time."""
    if phase == "p01-move-old":
        moved = {f"new/{path[4:]}" if path.startswith("old/") else path: text for path, text in files.items()}
        return {**moved, "README.md": moved["README.md"].replace("old/", "new/")}
    if phase == "p02-add-guide":
        return {**files, "guide.md": GUIDE}
    return {path: text for path, text in files.items() if path != "notes.txt"}


class People(RuleBasedStateMachine):
    """A release engineer, reviewers who push fixes, colleagues with a branch, and somebody with a power switch."""

    template: Path
    output: Path

    def __init__(self) -> None:
        super().__init__()
        self.scratch = Path(tempfile.mkdtemp(dir=self.template.parent))
        self.story = Story(self.scratch / "repo")
        self.count = 0
        self.last = Ended(0, "")
        self.reachable: frozenset[str] = frozenset()
        self.was_killed = False

    @initialize()
    def begin(self) -> None:
        """Everybody starts from the same repository."""
        shutil.copytree(self.template, self.story.path, symlinks=True)
        self.reachable = self.commits()

    def teardown(self) -> None:
        """Nothing of it is needed any more."""
        shutil.rmtree(self.scratch, ignore_errors=True)

    # -- what people do -----------------------------------------------------------------------------------------

    @rule(arguments=COMMANDS)
    def command(self, arguments: tuple[str, ...]) -> None:
        """Somebody types a command."""
        self.type(*arguments)

    @rule(arguments=COMMANDS, git=st.integers(0, 60))
    def kill(self, arguments: tuple[str, ...], git: int) -> None:
        """Somebody types a command, and it is killed."""
        self.type(*arguments, fault=Fault(Kind.KILLED, git))
        self.was_killed = True

    @rule(number=NUMBERS, clashing=st.booleans())
    def hand_edit(self, number: int, clashing: bool) -> None:
        """A reviewer pushes a fix to the branch of a phase."""
        if self.go(f"migrate/tidy/{PHASES[number]}"):
            self.count += 1
            path = "new/a.txt" if clashing else f"hand-{self.count}.txt"
            self.commit(f"Fix {self.count}", path, f"by hand {self.count}\n")
            self.reachable = self.commits()

    @rule(number=NUMBERS)
    def amend(self, number: int) -> None:
        """A reviewer amends the branch of a phase."""
        if self.go(f"migrate/tidy/{PHASES[number]}"):
            self.count += 1
            self.story.write(f"hand-{self.count}.txt", f"amended {self.count}\n")
            self.story.git("add", f"hand-{self.count}.txt")
            self.story.git("commit", "--quiet", "--amend", "--no-edit")
            self.reachable = self.commits()

    @rule(clashing=st.booleans())
    def base_commit(self, clashing: bool) -> None:
        """Somebody merges something else into the base."""
        if self.go("main"):
            self.count += 1
            path = "old/a.txt" if clashing and "old/a.txt" in self.story.files("main") else f"old/base-{self.count}.txt"
            self.commit(f"Base {self.count}", path, f"base {self.count}\n")
            self.reachable = self.commits()

    @rule()
    def feature_commit(self) -> None:
        """A colleague works on."""
        if self.go("feature"):
            self.count += 1
            self.commit(f"Feature {self.count}", f"old/feature-{self.count}.txt", f"{self.count}\n")
            self.reachable = self.commits()

    @rule(emptied=st.booleans())
    def merge_lowest(self, emptied: bool) -> None:
        """The lowest branch of the stack is squashed into the base."""
        there = [name for name in PHASES if f"refs/heads/migrate/tidy/{name}" in self.story.refs()]
        if there and self.go("main"):
            branch = f"migrate/tidy/{there[0]}"
            message = "Squashed (#1)" if emptied else self.story.git("log", "-1", "--format=%B", branch)
            with suppress(AssertionError):
                self.story.git("merge", "--quiet", "--squash", branch)
                self.story.git("commit", "--quiet", "--allow-empty", "-m", message)
            self.story.git("reset", "--quiet", "--hard")
            self.reachable = self.commits()

    @rule(number=NUMBERS, taking=st.sampled_from([(), ("-X", "ours"), ("-X", "theirs"), ("-s", "ours")]))
    def update_branch(self, number: int, taking: tuple[str, ...]) -> None:
        """Somebody merges the base into the branch of a phase, as a forge's button does."""
        self.merge_into(f"migrate/tidy/{PHASES[number]}", "main", *taking)

    @rule()
    def merge_the_second(self) -> None:
        """The pull request of the second phase is merged into the branch of the first."""
        self.merge_into(f"migrate/tidy/{PHASES[0]}", f"migrate/tidy/{PHASES[1]}")

    @precondition(lambda self: self.pending_conflict())
    @rule(settle=st.booleans())
    def answer(self, settle: bool) -> None:
        """A person settles a conflict, or gives it up."""
        if settle:
            slot = self.story.slots / "conflict-tidy-1"
            for path in self.story.git("diff", "--name-only", "--diff-filter=U", cwd=slot).splitlines():
                (slot / path).write_text("settled\n")
            self.type("continue")
        else:
            self.type("abort")

    # -- what must hold -----------------------------------------------------------------------------------------

    @invariant()
    def git_finds_nothing_wrong(self) -> None:
        """Every object is there and whole."""
        if self.story.path.exists():
            self.story.sound()

    @invariant()
    def nothing_is_lost(self) -> None:
        """Every commit that a ref reached is still reached by one."""
        if self.story.path.exists():
            now = self.commits()
            assert self.reachable <= now, self.last
            self.reachable = now

    @invariant()
    def every_end_is_explained(self) -> None:
        """No command blows up, whatever it was told."""
        if not self.was_killed:
            assert self.last.code in (0, 1, 2, 4, 5, 6), self.last
        assert "Traceback" not in self.last.text, self.last
        assert "This is a bug" not in self.last.text, self.last

    @invariant()
    def the_users_files_are_as_they_were(self) -> None:
        """What git does not know stays, and the work tree is what HEAD says."""
        if self.story.path.exists():
            assert (self.story.path / UNTRACKED).read_text() == "mine\n"
            if not self.was_killed:
                assert self.story.git("status", "--porcelain", "--untracked-files=no") == "", self.last

    @invariant()
    def status_tells_and_the_journal_agrees(self) -> None:
        """Looking works; and what only the program moves is where the journal says that it moved it."""
        if not self.story.path.exists():
            return
        told = typed(("status", "--json"), self.story.path, self.output)
        assert told.code == 0, told
        refs = self.story.refs()
        if "refs/migrate/tidy/intent" in refs:
            return
        for ref, value in self.journaled():
            if ref.startswith("refs/migrate/tidy/") or ref.startswith("refs/notes/"):
                assert refs.get(ref) == value, (ref, self.last)

    @invariant()
    def a_phase_made_what_it_makes_of_its_parent(self) -> None:
        """The same tree and the same phase give the same tree, however often it ran again."""
        if self.story.path.exists():
            for ref, oid in self.story.refs("refs/migrate/tidy/made").items():
                name = ref.rpartition("/")[2]
                if name in PHASES:
                    assert self.contents(oid) == expected(name, self.contents(f"{oid}^")), name

    @invariant()
    def a_finished_restack_leaves_nothing_stale(self) -> None:
        """After it every phase stands on the one below, and the lowest on the base; edits that fit are there."""
        if self.typed == ("restack", "--no-validate") and self.last.code in (0, 4) and not self.was_killed:
            states = json.loads(typed(("status", "--json"), self.story.path, self.output).text)
            assert "stale" not in [phase["state"] for phase in states["phases"]], self.last
            again = typed(("restack", "--no-validate"), self.story.path, self.output)
            assert again.code == 4, again

    # -- how ----------------------------------------------------------------------------------------------------

    typed: tuple[str, ...] = ()

    def type(self, *arguments: str, fault: Fault | None = None) -> None:
        """Run a command to its end, or to where it is killed."""
        self.last = typed(arguments, self.story.path, self.output, fault and Watch(self.scratch, fault))
        self.typed = arguments
        self.was_killed = False

    def go(self, branch: str) -> bool:
        """Stand on a branch, if there is one and nothing is in the way."""
        self.typed = ()
        if f"refs/heads/{branch}" not in self.story.refs():
            return False
        with suppress(AssertionError):
            self.story.git("switch", "--quiet", branch)
            return self.story.git("status", "--porcelain", "--untracked-files=no") == ""
        return False

    def commit(self, message: str, path: str, text: str) -> None:
        """Commit one file."""
        self.story.write(path, text)
        self.story.git("add", path)
        self.story.git("commit", "--quiet", "-m", message)

    def merge_into(self, branch: str, other: str, *options: str) -> None:
        """Merge a branch into another one, unless that conflicts."""
        if f"refs/heads/{other}" in self.story.refs() and self.go(branch):
            with suppress(AssertionError):
                self.story.git("merge", "--quiet", "--no-edit", "--no-ff", *options, other)
            self.story.git("reset", "--quiet", "--hard")
            self.reachable = self.commits()

    def pending_conflict(self) -> bool:
        """Whether a command waits for a person."""
        return self.story.path.exists() and "refs/migrate/tidy/stopped" in self.story.refs()

    def commits(self) -> frozenset[str]:
        """Every commit that some ref reaches, and HEAD; the entry of an operation that never began goes with it."""
        return frozenset(self.story.git("rev-list", "--exclude=refs/migrate/tidy/intent", "--all", "HEAD").split())

    def contents(self, revision: str) -> dict[str, str]:
        """The files of a commit, but for the plan and its phases."""
        listed = self.story.git("ls-tree", "-r", "-z", revision).split("\0")
        found = {line.partition("\t")[2]: line.split()[2] for line in listed if line}
        skipped = ("phases/", "migrate.toml")
        paths = [path for path in found if not path.startswith(skipped)]
        return {path: self.story.git("cat-file", "blob", found[path]) + "\n" for path in paths}

    def journaled(self) -> Iterator[tuple[str, str | None]]:
        """The last value that the journal gives to each ref."""
        bodies = (
            self.story.git("log", "--reverse", "--format=%b%x00", "refs/migrate/tidy/journal").split("\0")
            if ("refs/migrate/tidy/journal" in self.story.refs())
            else []
        )
        moved = {ref["ref"]: ref["new"] for body in bodies if body.strip() for ref in json.loads(body)["refs"]}
        yield from moved.items()


@pytest.mark.property
def test_the_promises_hold_after_every_step(tmp_path: Path) -> None:
    import_everything()
    story = begin(tmp_path / "template")
    story.write(UNTRACKED, "mine\n")
    story.git("branch", "feature")
    People.template = story.path
    People.output = tmp_path / "output"
    run_state_machine_as_test(
        People,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
            print_blob=False,
        ),
    )
