"""Whatever repository it is pointed at, the program works there or says in one sentence why it cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.story import FILES, PHASES, PLAN, Story

HOSTILE = ["with space", 'it\'s "quoted"', "späße 東京", "two\nlines", "-C", "a\\b", "\x1b[31mred"]


def test_a_detached_head_on_a_commit_of_a_branch_is_switched(story: Story) -> None:
    story.begin()
    story.git("switch", "--quiet", "--detach", "main")
    story.migrate("next").ended(0, "You are on migrate/tidy/p01-move-old.")
    assert story.branch() == "migrate/tidy/p01-move-old"


def test_a_detached_head_on_a_commit_that_nothing_else_names_is_kept(story: Story) -> None:
    story.begin()
    story.git("switch", "--quiet", "--detach", "main")
    lonely = story.commit("Mine alone", {"mine": ""})
    story.migrate("next").ended(
        0, "Your branch was not switched: HEAD is detached at a commit that no branch contains."
    )
    assert story.branch() == ""
    assert story.git("rev-parse", "HEAD") == lonely
    assert story.states() == ["passed", "pending", "pending"]


def test_a_bare_repository_is_migrated(story: Story, tmp_path: Path) -> None:
    story.begin()
    story.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    plan = str(story.path / "migrate.toml")
    bare = Story(tmp_path / "bare.git")
    done = story.migrate("-C", str(bare.path), "--plan", plan, "run")
    done.ended(0, "p03-drop-notes passed", "Your branch was not switched: the repository has no work tree.")
    assert len(bare.refs("refs/heads")) == 4
    story.migrate("-C", str(bare.path), "--plan", plan, "rollback", "p02", "--yes").ended(0)
    assert len(bare.refs("refs/heads")) == 2
    story.migrate("-C", str(bare.path), "status").ended(0, "plan migrate.toml on main at ")
    story.migrate("-C", str(bare.path), "init").ended(2, "a bare repository has no place for a plan")
    bare.sound()


def test_a_linked_work_tree_is_stepped_through_and_the_main_one_left_alone(story: Story, tmp_path: Path) -> None:
    story.begin()
    linked = tmp_path / "linked tree"
    story.git("worktree", "add", "--quiet", "-b", "beside", str(linked))
    story.migrate("next", cwd=linked).ended(0, "You are on migrate/tidy/p01-move-old.")
    assert story.git("branch", "--show-current", cwd=linked) == "migrate/tidy/p01-move-old"
    assert story.branch() == "main"
    story.untouched()
    assert story.states() == ["passed", "pending", "pending"]


def test_a_repository_without_a_commit_is_answered(story: Story) -> None:
    story.plan()
    story.phase("p01_move_old.py", PHASES["p01_move_old.py"])
    for command in ("status", "plan", "next", "run", "validate", "log", "pr"):
        story.type(command).ended(2, "this repository has no commit yet", "commit something on the base branch first")
    story.type("analyze").ended(2, 'there is no commit "HEAD" here')
    story.type("where", "x").ended(2, "this repository has no commit yet")


def test_a_shallow_clone_is_migrated_once_it_has_its_history(story: Story, tmp_path: Path) -> None:
    story.begin()
    story.commit("One more")
    story.git("clone", "--quiet", "--depth=1", f"file://{story.path}", str(tmp_path / "shallow"))
    shallow = Story(tmp_path / "shallow")
    shallow.capture = story.capture
    brings = "git remote set-branches --add origin 'migrate/tidy/*' && git fetch --unshallow origin"
    shallow.migrate("run").ended(6, f"{brings}; then run migrate run again")
    subprocess.run(brings, shell=True, cwd=shallow.path, check=True, capture_output=True)
    shallow.migrate("run").ended(0, "p03-drop-notes passed")
    assert shallow.states() == ["passed"] * 3
    shallow.type("where", "old/a.txt").ended(0, "new/a.txt")
    shallow.type("rollback", "p01", "--yes").ended(0)
    assert set(shallow.refs("refs/heads")) == {"refs/heads/main"}
    shallow.sound()


def test_outside_of_a_repository_one_sentence_is_said(story: Story, tmp_path: Path) -> None:
    for command in ("status", "next", "init", "analyze"):
        story.type(command, cwd=tmp_path).ended(2, "is not in a git repository", "use -C DIR")
    story.begin()
    story.type("status", cwd=story.path / ".git").ended(2, "is inside git's own folder")


def test_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = ["sh", "-c", 'rmdir "$1"; exec "$2" -m migrate status', "sh", str(gone), sys.executable]
    done = subprocess.run(script, cwd=gone, capture_output=True, text=True, check=False)
    said = "the current folder no longer exists\ncd to a folder that exists\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", said)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_repository_in_a_folder_with_a_strange_name_works(story: Story, tmp_path: Path, name: str) -> None:
    place = tmp_path / name
    shutil.copytree(story.path, place)
    told = Story(place)
    told.capture = story.capture
    told.begin(PLAN.replace('run = "', 'run = "test -f README.md && '))
    ran = told.type("run").ended(0, "p03-drop-notes passed")
    assert "\x1b" not in ran.text
    assert told.states() == ["passed"] * 3
    told.type("rollback", "p02", "--yes").ended(0)
    told.sound()
    told.untouched()


@pytest.mark.parametrize("name", HOSTILE)
def test_files_with_strange_names_are_moved_and_never_printed_raw(story: Story, name: str) -> None:
    story.begin(p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n')
    story.commit("Strange", {f"old/{name}": "x", f"old/{name}.d/{name}": "y"})
    for arguments in (("plan", "--diff"), ("next",), ("status",), ("rollback", "p01", "--yes"), ("next",)):
        assert "\x1b" not in story.type(*arguments).ended(0).text
    assert story.files("HEAD") >= {f"new/{name}", f"new/{name}.d/{name}"}
    assert not any(path.startswith("old/") for path in story.files("HEAD"))
    assert story.type("where", "--", f"old/{name}").ended(0).out == f"new/{name}\n"
    story.sound()


def test_a_path_that_is_no_text_is_moved_and_found_again(story: Story) -> None:
    story.begin(p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n')
    name = os.fsdecode(b"caf\xe9")
    story.commit("Strange", {f"old/{name}": "x"})
    story.type("plan").ended(0)
    story.type("next").ended(0)
    assert f"new/{name}" in story.files("HEAD")
    assert story.migrate("where", f"old/{name}").ended(0).out == f"new/{name}\n"


def test_who_has_the_plan_on_another_branch_than_the_base_stays_there(story: Story) -> None:
    story.commit("Begin", FILES)
    story.git("switch", "--quiet", "--create", "plans")
    story.begin()
    made = story.type("next").ended(
        0, "Your branch was not switched: the plan is on plans, and not on migrate/tidy/p01-move-old"
    )
    assert "Next: migrate next" in made.text
    story.made("next")
    assert story.states() == ["passed", "passed", "pending"]
