"""Submodules move with the folder that they are in, and what happens inside of them is nobody else's business."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import Story

MOVE = '''\
    """Move the folder with the submodule."""


    def apply(ws):
        ws.move("old", "new")
        ws.references.update()
    '''


@pytest.fixture
def library(story: Story, tmp_path: Path) -> str:
    """A story with the submodule `old/lib`; the commit that it is at."""
    other = Story(tmp_path / "library")
    other.path.mkdir()
    other.git("init", "--quiet")
    commit = other.commit("Library", {"lib.txt": "library\n"})
    story.begin(p01_move=MOVE)
    story.git("submodule", "--quiet", "add", str(other.path), "old/lib")
    story.commit("Add a library")
    return commit


def test_a_submodule_moves_and_gitmodules_follows(story: Story, library: str) -> None:
    story.made("next")
    assert story.git("ls-tree", "HEAD", "new/lib") == f"160000 commit {library}\tnew/lib"
    assert story.git("config", "--blob", "HEAD:.gitmodules", "submodule.old/lib.path") == "new/lib"
    story.git("submodule", "--quiet", "update", "--init")
    assert (story.path / "new/lib/lib.txt").read_text() == "library\n"
    story.sound()


def test_a_submodule_that_is_not_initialised_moves_too(story: Story, library: str, tmp_path: Path) -> None:
    story.git("clone", "--quiet", ".", str(tmp_path / "clone"))
    clone = Story(tmp_path / "clone")
    clone.capture = story.capture
    clone.made("next")
    assert clone.git("ls-tree", "HEAD", "new/lib") == f"160000 commit {library}\tnew/lib"
    clone.untouched()


def test_changes_inside_of_a_submodule_neither_block_nor_get_lost(story: Story, library: str) -> None:
    inside = story.write("old/lib/lib.txt", "mine\n")
    new = story.write("old/lib/new.txt", "mine too\n")
    story.type("next").ended(0, "You are on migrate/tidy/p01-move.")
    assert (inside.read_text(), new.read_text()) == ("mine\n", "mine too\n")
    story.type("rollback", "p01", "--yes").ended(0, "You are on main.")
    assert (inside.read_text(), new.read_text()) == ("mine\n", "mine too\n")


def test_a_submodule_at_another_commit_is_a_change_that_is_left_alone(story: Story, library: str) -> None:
    lib = Story(story.path / "old/lib")
    newer = lib.commit("Newer", {"lib.txt": "newer\n"})
    story.type("next").ended(0, "Your branch was not switched: your work tree has 1 change")
    assert lib.git("rev-parse", "HEAD") == newer
    assert story.git("ls-tree", "migrate/tidy/p01-move", "new/lib") == f"160000 commit {library}\tnew/lib"


def test_a_tool_and_a_hook_keep_a_submodule_that_they_do_not_have(story: Story, library: str) -> None:
    story.git("switch", "--quiet", "main")
    tool = MOVE.replace("ws.references.update()", 'ws.run("sh", "-c", "echo x > made.txt")')
    story.phase("p01_move.py", tool)
    story.commit("Use a tool")
    story.write(".git/hooks/pre-commit", "#!/bin/sh\ngit add --all\n").chmod(0o755)
    story.made("next")
    assert story.git("ls-tree", "HEAD", "new/lib") == f"160000 commit {library}\tnew/lib"
    assert "made.txt" in story.files("HEAD")


def test_submodules_that_git_would_switch_too_are_no_obstacle(story: Story, library: str) -> None:
    story.git("config", "submodule.recurse", "true")
    story.type("next").ended(0, "p01-move passed")
    assert story.git("ls-tree", "migrate/tidy/p01-move", "new/lib") == f"160000 commit {library}\tnew/lib"
    assert (story.path / story.git("rev-parse", "--git-dir") / "modules/old/lib/HEAD").exists()
