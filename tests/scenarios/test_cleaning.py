"""`migrate clean` deletes what is made anew when it is needed, says what and how much, and nothing else."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from migrate.cli.output import storage
from migrate.execution.slots import take_slot
from tests.cli.test_questions import Terminal
from tests.conftest import BOUND_BY_PERMISSIONS
from tests.story import PROGRAM, Story

FIRST = "migrate/tidy/p01-move-old"
HOLDING = """
import sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.execution.slots import take_slot
with take_slot(Repository.open(Path(sys.argv[1]))) as place:
    print(place.path, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def used(story: Story) -> Story:
    """Three phases that passed, each validated in a slot."""
    return story.begin().made("run")


def pending_conflict(story: Story) -> Path:
    """A restack that stopped at a conflict, and the slot in which it is laid out."""
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/a.txt": "by the base\n"})
    story.type("restack").ended(5)
    return story.slots / "conflict-tidy-1"


@contextmanager
def held(story: Story) -> Iterator[str]:
    """The first slot while another process uses it."""
    command = [sys.executable, "-c", HOLDING, str(story.path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()


def test_slots_are_deleted_with_what_git_knows_of_them(used: Story) -> None:
    folder, before = used.slots.parent, used.refs()
    size = storage(sum(place.lstat().st_blocks * 512 for place in (used.slots / "1", *(used.slots / "1").rglob("*"))))
    said = used.type("clean", "--yes").ended(0, f"slot 1  {size}  {used.slots}/1", f"{size} deleted.").err
    assert "recreated when needed" in said
    assert said.endswith("Next: migrate status\n")
    assert not folder.exists()
    assert used.git("worktree", "list").count("\n") == 0
    assert not (used.path / ".git/worktrees").exists()
    assert used.refs() == before
    assert (used.path / ".git/migrate/logs").is_dir()
    used.type("clean", "--yes").ended(0, "Nothing to delete.")
    used.type("validate", "--all", "--again").ended(0)
    used.sound()


def test_all_deletes_logs_and_caches_too(used: Story) -> None:
    used.write(".git/migrate/some-cache/x", "")
    used.type("clean", "--all", "--yes").ended(0, "slot 1", "logs", "some-cache")
    assert {place.name for place in (used.path / ".git/migrate").iterdir()} <= {"lock", "slots.lock", "slots-key"}
    used.type("status").ended(0)
    used.type("validate", "--all", "--again").ended(0)


def test_without_a_terminal_it_needs_yes_and_with_one_it_asks(used: Story) -> None:
    said = used.migrate("clean", "--all").ended(6, "slot 1", "there is no terminal to ask on")
    assert "if you agree: migrate clean --all --yes" in said.err
    assert (used.slots / "1").is_dir()
    for answer, code in (("n\n", 1), ("y\n", 0)):
        terminal = Terminal(used, "clean")
        terminal.until("[y/N]")
        terminal.type(answer)
        assert terminal.end() == code
        assert used.slots.exists() == (answer == "n\n")


def test_json_says_what_and_how_much(used: Story) -> None:
    place = pending_conflict(used)
    found = used.type("clean", "--yes", "--json").ended(0).json
    assert [row["name"] for row in found["deleted"]] == ["slot 1"]
    assert found["bytes"] == sum(row["bytes"] for row in found["deleted"]) > 0
    (kept,) = found["kept"]
    assert kept == {
        "name": "slot conflict-tidy-1",
        "path": str(place),
        "why": "a conflict waits in it: migrate continue, or migrate abort",
    }
    assert found["failed"] == []


def test_slot_in_use_is_left_alone(used: Story) -> None:
    with held(used) as path:
        said = used.type("clean", "--yes").ended(0, "These are kept:\n  slot 1  a command is at work in it").err
        assert "will be deleted" not in said
        assert Path(path, ".git").is_file()
        used.git("rev-parse", cwd=Path(path))
    used.type("clean", "--yes").ended(0, "deleted.")


def test_logs_stay_while_another_command_is_at_work(used: Story) -> None:
    program = "import fcntl, sys; f = open(sys.argv[1]); fcntl.flock(f, 2); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", program, str(used.path / ".git/migrate/lock")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        used.type("clean", "--all", "--yes").ended(7, "another migrate is running here")
        assert (used.slots / "1").is_dir()
        assert (used.path / ".git/migrate/logs").is_dir()
        process.communicate()


def test_conflict_that_waits_for_a_person_is_kept_and_one_that_does_not_is_deleted(used: Story) -> None:
    place = pending_conflict(used)
    (place / "new/a.txt").write_text("by both\n")
    used.type("clean", "--all", "--yes").ended(0, "slot conflict-tidy-1  a conflict waits in it: migrate continue")
    assert (place / "new/a.txt").read_text() == "by both\n"
    used.type("continue").ended(0)
    assert used.git("show", f"{FIRST}:new/a.txt") == "by both"
    used.type("clean", "--yes").ended(0, "slot conflict-tidy-1")
    assert not place.exists()


def test_nobody_loses_the_ground_under_their_feet(used: Story) -> None:
    place = used.slots / "1"
    used.type("clean", "--yes", cwd=place / "new").ended(0, "slot 1  you are in it")
    assert place.is_dir()


@pytest.mark.parametrize("plan", ["none", "broken"])
def test_no_plan_is_needed(used: Story, plan: str) -> None:
    used.to_the_plan()
    (used.path / "migrate.toml").unlink() if plan == "none" else used.plan("[")
    said = used.type("clean", "--yes").ended(0, "deleted.").err
    assert "Next:" not in said


def test_repository_that_never_had_a_slot_has_nothing_to_delete(story: Story) -> None:
    story.begin()
    story.type("clean").ended(0, "Nothing to delete.")


def test_folders_that_cannot_be_written_are_deleted_all_the_same(used: Story) -> None:
    deep = used.slots / "1/pkg/mod/cache"
    deep.mkdir(parents=True)
    (deep / "go.mod").touch()
    for folder in (deep, deep.parent, deep.parent.parent):
        folder.chmod(0o555)
    words = [*BOUND_BY_PERMISSIONS, *PROGRAM, "clean", "--yes"]
    assert subprocess.run(words, cwd=used.path, check=False, capture_output=True).returncode == 0
    assert not used.slots.exists()


def test_what_cannot_be_deleted_is_named(used: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(place: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(place))

    monkeypatch.setattr("migrate.execution.slots.remove_tree", refuse)
    ran = used.type("clean", "--yes", "--json").ended(1, "slot 1 was not deleted: Operation not permitted: ")
    assert ran.json["deleted"] == []
    assert ran.json["failed"][0]["name"] == "slot 1"


@pytest.mark.parametrize("after", [".git/worktrees", "the slot", "its link", "half of it"])
def test_clean_that_was_killed_is_finished_by_the_next(used: Story, after: str) -> None:
    place = used.slots / "1"
    if after == ".git/worktrees":
        shutil.rmtree(used.path / after)
    elif after == "the slot":
        shutil.rmtree(place)
    elif after == "its link":
        (place / ".git").unlink()
    else:
        shutil.rmtree(place / "new")
    used.type("validate", "--all", "--again").ended(0)
    assert used.git("worktree", "list").count("\n") == 1
    shutil.rmtree(place)
    used.type("clean", "--yes").ended(0)
    used.type("validate", "--all", "--again").ended(0)
    assert used.git("worktree", "list").count("\n") == 1


def test_slots_that_stood_elsewhere_before_are_deleted_too(used: Story, tmp_path: Path) -> None:
    first = used.slots
    used.git("config", "migrate.slotsDir", str(tmp_path / "elsewhere"))
    used.type("validate", "--again").ended(0)
    used.type("clean", "--yes").ended(0, str(first / "1"), str(tmp_path / "elsewhere"))
    assert not first.parent.exists()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_copy_of_a_repository_deletes_nothing_of_the_original(used: Story, tmp_path: Path) -> None:
    shutil.copytree(used.path, tmp_path / "copy", symlinks=True)
    used.type("clean", "--all", "--yes", cwd=tmp_path / "copy").ended(0)
    assert (used.slots / "1/.git").is_file()
    used.git("rev-parse", cwd=used.slots / "1")


def test_slots_of_repositories_that_no_longer_exist_are_deleted_when_that_is_asked(used: Story, tmp_path: Path) -> None:
    gone, moved = tmp_path / "gone", tmp_path / "moved"
    for place in (gone, moved):
        used.git("clone", "--quiet", ".", str(place))
        with take_slot(Story(place).repository) as made:
            made.checkout("HEAD")
    with take_slot(Story(moved).repository, "conflict-tidy-") as made:
        made.checkout("HEAD")
    slots = Story(gone).slots
    shutil.rmtree(gone)
    moved.rename(tmp_path / "elsewhere")
    used.type("clean", "--yes").ended(0)
    assert slots.is_dir()
    said = used.type("clean", "--orphaned", "--yes").ended(0, f"slots of {gone}/.git").err
    assert f"slots of {moved}/.git  a person may have resolved a conflict in it" in said
    assert not slots.parent.exists()
    assert Story(tmp_path / "elsewhere").slots.is_dir()


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_950, "1.0 MB"),
        (2 * 10**15, "2,000.0 TB"),
    ],
)
def test_sizes_are_read_by_people(count: int, text: str) -> None:
    assert storage(count) == text


def test_json_of_a_refusal_leaves_everything(used: Story) -> None:
    used.migrate("clean", "--json").ended(6)
    assert json.loads(used.migrate("status", "--json").out)["phases"]
    assert (used.slots / "1").is_dir()


def test_what_a_killed_clean_left_of_a_plan_is_not_read(used: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    plans = used.path / ".git/migrate/plans"
    used.git("switch", "--quiet", "migrate/tidy/p01-move-old")
    used.type("status").ended(0)
    there = [file for file in plans.rglob("migrate.toml") if file.is_file()]
    assert there

    def killed(path: Path) -> None:
        for file in path.rglob("migrate.toml") if path.exists() else ():
            file.unlink()
            raise OSError(errno.EIO, os.strerror(errno.EIO), str(file))

    with monkeypatch.context() as patch:
        patch.setattr("migrate.orchestrator.clean.remove_tree", killed)
        used.type("clean", "--all", "--yes")
    used.type("status").ended(0)
