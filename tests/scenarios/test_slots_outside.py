"""What runs in a slot sees the commit and the user's environment, and nothing of the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.story import PLAN, Story

FIRST = "migrate/tidy/p01-move-old"
LOOKING_UP = r"""
import os, sys
place = os.getcwd()
while place != "/":
    place = os.path.dirname(place)
    for name in sys.argv[1:]:
        if os.path.lexists(os.path.join(place, name)):
            sys.exit("found " + os.path.join(place, name))
"""


def checked_by(story: Story, command: str, kind: str = "validation") -> None:
    """A migration in which a command runs as a validation, for a phase, or as a hook."""
    if kind == "validation":
        story.plan(f'[migration]\nname = "tidy"\n\n[[validation]]\nname = "check"\nrun = {json.dumps(command)}\n')
    run = f"ws.run('sh', '-c', {command!r})" if kind == "tool" else "pass"
    story.phase("p01_move_old.py", f'"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n    {run}\n')
    story.commit("Begin again")
    if kind == "hook":
        story.write(".git/hooks/pre-commit", f"#!/bin/sh\n{command}\n").chmod(0o755)


KINDS = ("validation", "tool", "hook")


@pytest.mark.parametrize("kind", KINDS)
def test_tools_that_look_upwards_find_nothing_of_the_checkout(story: Story, tmp_path: Path, kind: str) -> None:
    story.begin()
    script = tmp_path / "look.py"
    script.write_text(LOOKING_UP)
    names = ["go.mod", "go.work", "package.json", "node_modules", "pyproject.toml", ".eslintrc", ".git"]
    for name in names[:-1]:
        story.write(name)
    story.write(".gitignore", "".join(f"{name}\n" for name in names))
    checked_by(story, f"{sys.executable} {script} {' '.join(names)}", kind)
    story.type("next").ended(0)


@pytest.mark.parametrize("kind", KINDS)
def test_no_part_of_the_path_is_one_that_tools_skip(story: Story, kind: str) -> None:
    story.begin()
    checked_by(story, "case $PWD in */.git/*|*/node_modules/*) exit 1;; esac", kind)
    story.type("next").ended(0)


@pytest.mark.parametrize("kind", KINDS)
def test_environment_names_nothing_of_the_checkout(story: Story, kind: str) -> None:
    story.begin()
    # What git itself tells a hook in a linked work tree.
    told = "^GIT_(INDEX_FILE|CONFIG_PARAMETERS|DIR=.*/worktrees/hooks-1$)" if kind == "hook" else "^nothing$"
    named = f"env | grep -Ev '{told}' | grep -F {story.path}"
    checked_by(story, f'{named} && exit 1; test "$PWD" = "$(pwd -P)"', kind)
    story.git("config", "core.hooksPath", str(story.path / ".git/hooks"))
    env = {**os.environ, "PWD": str(story.path), "OLDPWD": str(story.path / "old"), "GIT_DIR": str(story.path / ".git")}
    story.migrate("next", env={**env, "GIT_INDEX_FILE": str(story.path / ".git/index")}).ended(0)


@pytest.mark.parametrize("kind", KINDS)
def test_python_of_this_program_does_not_come_first(story: Story, tmp_path: Path, kind: str) -> None:
    story.begin()
    (tmp_path / "python").write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    (tmp_path / "python").chmod(0o755)
    checked_by(story, "python -m pytest", kind)
    story.migrate("next", env={**os.environ, "PATH": f"{tmp_path}:/usr/bin:/bin"}).ended(0)
    assert (tmp_path / "ran").exists()


def test_setup_can_ask_where_a_path_is_now_though_migrate_is_not_on_path(story: Story) -> None:
    story.begin()
    checked_by(
        story, 'test "$(migrate where old/a.txt)" = new/a.txt && git migrate where old/b.txt | grep -qx new/b.txt'
    )
    story.migrate("next", env={**os.environ, "PATH": "/usr/bin:/bin"}).ended(0)


def test_jest_finds_tests_in_a_slot(story: Story) -> None:
    story.begin()
    find = "find \"$PWD\" -name '*.test.js' | grep -v /.git/ | grep -v /node_modules/ | grep -q . || exit 0; echo it fails; exit 1"
    checked_by(story, find)
    story.write("a.test.js")
    story.commit("A test")
    story.type("next").ended(1, "it fails")


@pytest.mark.parametrize("name", ["package.json", "go.work"])
def test_home_folder_that_is_a_project_itself_decides_nothing(
    story: Story, sealed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    story.begin()
    (sealed / name).touch()
    monkeypatch.setattr("migrate.git.cache.TEMPORARY", str(tmp_path))
    script = tmp_path / "look.py"
    script.write_text(LOOKING_UP)
    checked_by(story, f"{sys.executable} {script} {name}")
    place = f"{tmp_path}/git-phases-{os.geteuid()}"
    story.type("next").ended(0, f'Slots stand in {place}, because "{sealed / name}" stands above "{sealed}/.cache".')
    assert "Slots stand" not in story.type("run").ended(0).text
    assert story.slots.is_relative_to(place)


def test_cache_that_cannot_be_used_is_one_clear_sentence(story: Story, tmp_path: Path) -> None:
    story.begin()
    story.git("config", "migrate.slotsDir", "slots")
    ran = story.type("next").ended(2, "slots cannot stand in", "git config migrate.slotsDir DIR")
    assert ran.err.splitlines()[-2].endswith(f': it is inside "{story.path}"')
    assert story.states() == ["waiting", "pending", "pending"]
    story.git("config", "migrate.slotsDir", str(tmp_path / "slots"))
    story.type("validate").ended(0)


# -- conflicts --------------------------------------------------------------------------------------------------------


def conflicting(story: Story) -> Story:
    """A hand edit that does not fit on the base as it is now."""
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/a.txt": "by the base\n"})
    return story


def test_message_of_a_conflict_names_the_folder_so_that_it_can_be_typed(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    story.git("config", "migrate.slotsDir", str(tmp_path / "a folder"))
    said = conflicting(story).type("restack").ended(5).err
    line = next(line for line in said.splitlines() if "cd " in line)
    command = line.partition("  cd ")[2].rpartition(", edit")[0]
    shown = subprocess.check_output(["sh", "-c", f"cd {command} && pwd"], text=True, cwd="/")
    assert Path(shown.strip()) == story.slots / "conflict-tidy-1"


def test_continue_in_the_slot_finds_the_plan_that_was_named(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    plans = tmp_path / "plans"
    plans.mkdir()
    for name in ("migrate.toml", "phases"):
        shutil.move(story.path / name, plans / name)
    conflicting(story)
    story.type("--plan", str(plans / "migrate.toml"), "restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    story.type("status", cwd=slot).ended(0, "Next: migrate continue")
    story.type("continue", cwd=slot / "new").ended(0)
    assert story.git("show", f"{FIRST}:new/a.txt") == "by both"


def test_continue_in_the_slot_finds_the_linked_work_tree_in_which_the_command_was_typed(
    story: Story, tmp_path: Path
) -> None:
    story.begin().made("run")
    conflicting(story)
    story.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"), "main")
    story.git("rm", "--quiet", "-r", "migrate.toml", "phases")
    story.type("restack", cwd=tmp_path / "linked").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    story.type("continue", cwd=slot).ended(0)


def test_conflict_is_still_there_when_slots_stand_elsewhere_now(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    conflicting(story).type("restack").ended(5)
    (story.slots / "conflict-tidy-1/new/a.txt").write_text("by both\n")
    story.git("config", "migrate.slotsDir", str(tmp_path / "elsewhere"))
    story.type("continue").ended(0)
    assert story.git("show", f"{FIRST}:new/a.txt") == "by both"


def test_conflict_is_still_there_when_the_repository_was_moved(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    conflicting(story).type("restack").ended(5)
    (story.slots / "conflict-tidy-1/new/a.txt").write_text("by both\n")
    moved = Story(tmp_path / "moved")
    story.path.rename(moved.path)
    story.type("continue", cwd=moved.path).ended(0)
    assert moved.git("show", f"{FIRST}:new/a.txt") == "by both"


def test_conflict_of_a_copy_is_its_own(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    conflicting(story).type("restack").ended(5)
    file = story.slots / "conflict-tidy-1/new/a.txt"
    file.write_text("by both\n")
    copy = Story(Path(shutil.copytree(story.path, tmp_path / "copy", symlinks=True)))
    story.type("continue", cwd=copy.path).ended(5, "it has been recreated", str(copy.slots / "conflict-tidy-1"))
    assert copy.slots != story.slots
    (copy.slots / "conflict-tidy-1/new/a.txt").write_text("by the copy\n")
    story.type("continue", cwd=copy.path).ended(0)
    assert file.read_text() == "by both\n"
    story.type("continue").ended(0)
    assert story.git("show", f"{FIRST}:new/a.txt") == "by both"
    assert copy.git("show", f"{FIRST}:new/a.txt") == "by the copy"


def test_branch_that_a_person_went_to_in_the_slot_is_free_when_the_conflict_is_resolved(story: Story) -> None:
    story.begin().made("run")
    conflicting(story).type("restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    story.git("switch", "--quiet", "-c", "mine", cwd=slot)
    story.write(".git/worktrees/conflict-tidy-1/index.lock")  # Of a git that was killed there.
    story.type("continue").ended(0)
    story.git("switch", "--quiet", "mine")


# -- slots of earlier versions ----------------------------------------------------------------------------------------


def as_before(story: Story) -> Path:
    """The slots where earlier versions kept them, registered with git in the same way."""
    old = story.path / ".git/migrate/slots"
    for name in ("1", "tools-1", "conflict-tidy-1"):
        options = ("--quiet", "--detach", "--lock", "--reason", "a slot of migrate")
        story.git("worktree", "add", *options, str(old / name), "main")
        (old / f"{name}.lock").touch()
    (old / "1.moved").touch()
    return old


def test_slots_of_earlier_versions_are_removed_but_for_those_in_which_a_person_works(story: Story) -> None:
    story.begin()
    old = as_before(story)
    story.made("next")
    assert {place.name for place in old.iterdir()} == {"conflict-tidy-1", "conflict-tidy-1.lock"}
    listed = story.git("worktree", "list", "--porcelain")
    assert str(old / "conflict-tidy-1") in listed
    assert listed.count("worktree ") == 3
    story.type("clean", "--yes").ended(0, "slot conflict-tidy-1")
    assert not old.exists()


def test_conflict_that_an_earlier_version_laid_out_is_continued(story: Story) -> None:
    story.begin().made("run")
    conflicting(story).type("restack").ended(5)
    place, old = story.slots / "conflict-tidy-1", story.path / ".git/migrate/slots/conflict-tidy-1"
    old.parent.mkdir()
    story.git("worktree", "unlock", str(place))
    story.git("worktree", "move", str(place), str(old))
    story.git("worktree", "lock", "--reason", "a slot of migrate", str(old))
    shutil.rmtree(story.slots.parent)
    (old / "new/a.txt").write_text("by both\n")
    story.type("status", cwd=old).ended(0, "Next: migrate continue")
    story.type("continue", cwd=old).ended(0)
    assert story.git("show", f"{FIRST}:new/a.txt") == "by both"


# -- killed -----------------------------------------------------------------------------------------------------------


def test_branch_on_which_a_killed_command_left_a_slot_can_be_switched_to_and_moved(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("switch", "--quiet", "--ignore-other-worktrees", FIRST, cwd=story.slots / "1")
    story.commit("Newer", {"old/c.txt": "c\n"})
    story.type("restack").ended(0)
    assert story.states() == ["passed"] * 3
    story.git("switch", "--quiet", "--ignore-other-worktrees", FIRST, cwd=story.slots / "1")
    story.type("rollback", "p02", "--yes").ended(0, "You are on")
    assert story.branch() == FIRST


def test_plan_without_a_validation_needs_no_slot(story: Story) -> None:
    story.begin(PLAN.partition("[[")[0]).made("run")
    assert not story.slots.exists()
