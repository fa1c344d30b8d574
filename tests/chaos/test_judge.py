"""The harness sees what it is there to see: a product that breaks a promise does not get past it."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import pytest

from migrate.errors import MigrateError
from migrate.git.refs import RefUpdate, move_refs
from migrate.git.repository import Repository
from migrate.journal import record
from tests.chaos.child import Ended, import_everything, typed
from tests.chaos.faults import Fault, Kind
from tests.chaos.judge import Before, Scene, advised, manners, truth, violations
from tests.chaos.rows import ROWS
from tests.chaos.stages import PROSE, UNTRACKED, begin
from tests.chaos.state import digest
from tests.chaos.survey import Site, one_in, sort
from tests.story import Story


@pytest.fixture
def told(tmp_path: Path) -> Story:
    """A repository with one phase that was run."""
    story = begin(tmp_path / "work")
    story.migrate("next").ended(0)
    story.write(UNTRACKED, "mine\n")
    return story


def broken(story: Story) -> None:
    """Take away the tree of the base."""
    tree = story.git("rev-parse", "main^{tree}")
    (story.path / ".git/objects" / tree[:2] / tree[2:]).unlink()


BREAKING: dict[str, tuple[Callable[[Story], object], str]] = {
    "a branch moves and the journal does not say so": (
        lambda story: story.git("update-ref", "refs/heads/migrate/tidy/p01-move-old", "main"),
        "refs/heads/migrate/tidy/p01-move-old is at",
    ),
    "a branch goes": (lambda story: story.git("update-ref", "-d", "refs/migrate/tidy/start"), "start is at None"),
    "a commit is lost": (
        lambda story: [story.git("update-ref", "-d", name) for name in story.refs() if name != "refs/heads/main"],
        "no ref reaches",
    ),
    "a file of the user's is overwritten": (lambda story: story.write(UNTRACKED, "ours"), f"the user's {UNTRACKED}"),
    "what the user wrote in a description is lost": (
        lambda story: story.write("mine.md", "generated"),
        "what the user wrote in mine.md is gone",
    ),
    "a tracked file is changed": (lambda story: story.write("README.md", ""), "the work tree was clean: M README.md"),
    "the user is taken off a branch": (
        lambda story: story.git("switch", "--quiet", "--detach"),
        "HEAD was on migrate/tidy/p01-move-old and is detached",
    ),
    "a lock stays": (lambda story: story.write(".git/refs/notes/x.lock"), ".git/refs/notes/x.lock is left"),
    "an object is broken": (broken, "git fsck says"),
}


def test_the_judge_says_what_was_broken(told: Story) -> None:
    told.write("mine.md", f"{PROSE}\ngenerated")
    before = Before.of(told.path, UNTRACKED, prose={"mine.md": PROSE})
    assert list(violations(told.path, before)) == []
    kept = told.path.with_name("kept")
    told.path.rename(kept)
    for strike, said in BREAKING.values():
        shutil.rmtree(told.path, ignore_errors=True)
        shutil.copytree(kept, told.path)
        strike(told)
        assert said in "\n".join(violations(told.path, before))


def test_a_lock_that_goes_when_the_slot_is_taken_next_is_no_breach(told: Story) -> None:
    before = Before.of(told.path, UNTRACKED)
    told.write(".git/worktrees/1/index.lock")
    assert (told.path / ".git/worktrees/1/locked").read_text().endswith("\n")
    assert list(violations(told.path, before)) == []


@pytest.mark.parametrize(
    ("code", "text", "said"),
    [
        (3, "This is a bug of migrate: KeyError: 1", "it takes the fault for a bug"),
        (1, "Traceback (most recent call last):", "it takes the fault for a bug"),
        (1, "", "it says nothing"),
        (-9, "", "it died of signal 9"),
        (None, "", "it hangs"),
    ],
)
def test_the_judge_wants_one_clear_sentence(code: int | None, text: str, said: str) -> None:
    assert next(manners(Ended(code, text))).startswith(said)
    assert list(manners(Ended(1, "git log said: no"))) == []


def test_the_judge_wants_the_truth(told: Story) -> None:
    before = Scene.of(told.path)

    def look() -> Scene:
        return Scene.of(told.path)

    said = Ended(1, "a ref cannot be written, so nothing was moved")
    assert list(truth(said, before, look)) == []
    told.write("new.txt")
    assert list(truth(said, before, look)) == []
    assert "and new.txt was" in "".join(truth(Ended(1, "so nothing was written"), before, look))
    told.git("branch", "moved")
    assert "and refs/heads/moved was" in "".join(truth(said, before, look))
    assert list(truth(Ended(1, "a ref cannot be written"), before, look)) == []


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        (
            "wait for it; if none is: rm /a/b.lock; then run migrate next --yes again",
            ["rm /a/b.lock", "migrate next --yes"],
        ),
        ("migrate sync takes it and pushes again", ["migrate sync"]),
        (
            "git switch main, commit, then: migrate validate p02-add-guide",
            ["git switch main", "migrate validate p02-add-guide"],
        ),
        ("git switch said: no", []),
    ],
)
def test_what_a_person_is_told_to_type_is_found(text: str, commands: list[str]) -> None:
    assert advised(text) == commands


def struck(scratch: Path, kind: Kind, place: str, number: int = 0) -> str:
    """What does not hold after a kind of fault at one of some places of `next`."""
    site = Site(ROWS["next-plain"], scratch)
    found = [fault for fault in site.faults([kind])[kind] if place in fault.place]
    return "\n".join(site.strike(found[number]))


def test_refs_that_move_one_by_one_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def one_by_one(repository: Repository, updates: Sequence[RefUpdate], reason: str) -> None:
        for update in updates:
            move_refs(repository, [update], reason)

    import_everything()
    monkeypatch.setattr(record, "move_refs", one_by_one)
    monkeypatch.setattr(record, "finish_after", lambda *_: False)
    monkeypatch.setattr("migrate.orchestrator.transition.recover", lambda *_: None)
    found = struck(tmp_path, Kind.ALL_KILLED, "tidy/made/p01")
    assert "refs/heads/migrate/tidy/p01-move-old is at" in found
    assert "by the journal at None" in found


def test_a_transaction_that_is_cut_in_two_and_not_finished_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_everything()
    monkeypatch.setattr("migrate.orchestrator.transition.recover", lambda *_: None)
    assert "by the journal at None" in struck(tmp_path, Kind.ALL_KILLED, "rename work/.git/refs/migrate", 1)


def test_a_failing_git_that_is_passed_over_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def hopeful(repository: Repository, updates: Sequence[RefUpdate], reason: str) -> None:
        with suppress(MigrateError):
            move_refs(repository, updates, reason)

    import_everything()
    monkeypatch.setattr(record, "move_refs", hopeful)
    assert "it says that it is done, and it is not" in struck(tmp_path, Kind.GIT_FAILS, "update-ref")


def test_a_full_disk_that_nobody_foresaw_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import_everything()
    monkeypatch.setattr("migrate.cli.app.MACHINE", {errno.EROFS})
    assert "it takes the fault for a bug" in struck(tmp_path, Kind.FULL, "migrate/lock by migrate")


def test_the_call_that_was_counted_is_the_one_that_is_struck(tmp_path: Path) -> None:
    import_everything()
    site = Site(ROWS["approve"], tmp_path)
    for fault in (found[2] for found in site.faults([Kind.FULL, Kind.ALL_KILLED, Kind.ENDED]).values()):
        _, point = site.hit(fault)
        assert sort(str(point)) == sort(fault.place)
    # A run may write something less often than the one in which it was counted.
    _, last = site.hit(Fault(Kind.ALL_KILLED, 100_000))
    assert last is not None


def test_faults_that_are_struck_together_leave_the_same(tmp_path: Path) -> None:
    import_everything()
    site = Site(ROWS["approve"], tmp_path)
    for faults in site.faults([Kind.ONE_KILLED, Kind.PRESSED, Kind.ENDED], compared=True).values():
        together = [list(each) for like, each in groupby(faults, key=attrgetter("alike")) if like is not None]
        longest = max(together, key=len)
        assert len(longest) > 1
        disks = []
        for fault in (longest[0], longest[-1]):
            site.hit(fault)
            disks.append(digest(tmp_path / "site"))
        assert disks[0] == disks[1], longest[0]


def test_a_command_is_waited_for_with_everything_that_it_started(told: Story, tmp_path: Path) -> None:
    busy = "i=0; while test $i -lt 100000; do i=$((i + 1)); done"
    late = tmp_path / "late"
    run = f"setsid sh -c '{busy}; echo >{late}' & kill -KILL $PPID"
    told.plan(extra=f'[[validation]]\nname = "late"\nrun = "{run}"\n')
    assert typed(("validate",), told.path, tmp_path / "output").code == -9
    assert late.exists()


def test_sittings_together_strike_every_point_once() -> None:
    faults = [Fault(Kind.FULL, number) for number in range(17)]
    for shift in (0, 7, 30):
        assert sorted(fault.number for which in range(5) for fault in one_in(faults, (which, 5), shift)) == [*range(17)]
    assert one_in(faults[:2], (0, 5), 3)
