"""A command that is refused because of a work tree says what makes the same command work, and that is so."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones
from tests.story import Ran, Story


def do(story: Story, ran: Ran, words: str) -> None:
    """Type a command of git that was advised."""
    found = re.search(rf"{words}[^;]*?(?= (?:leaves|puts|forgets)\b)", ran.err)
    assert found is not None, ran
    command = shlex.split(found[0])
    assert command[0] == "git"
    story.git(*command[1:])


def refused_until_stashed(story: Story, *command: str) -> None:
    """Assert that a command is refused on a dirty tree, and that it works when what is advised was done."""
    story.write("README.md", "unsaved\n")
    before = story.refs("refs/heads")
    ran = story.type(*command).ended(6, "your work tree has 1 change", f"then run migrate {shlex.join(command)} again")
    assert story.refs("refs/heads") == before
    do(story, ran, "git stash")
    story.type(*command).ended(0)
    assert story.refs("refs/heads") != before


@pytest.mark.parametrize("command", ["undo", "rollback p03-drop-notes", "finish --abandon"])
def test_a_command_that_deletes_the_branch_advises_to_stash(story: Story, command: str) -> None:
    story.begin().made("run")
    refused_until_stashed(story, *command.split(), "--yes")
    assert story.branch() in (SECOND, "main")
    assert story.git("show", "stash@{0}:README.md") == "unsaved"


def test_redo_advises_to_stash(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    story.git("switch", "--quiet", SECOND)
    story.made("restack").made("undo", "--yes")
    refused_until_stashed(story, "redo", "--yes")


def test_land_advises_to_stash_on_a_branch_that_landed(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", FIRST)
    story.git("switch", "--quiet", FIRST)
    refused_until_stashed(story, "land", "--yes")


def test_sync_advises_to_stash(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    ada.commit("By hand", {"hand.txt": ""})
    clones.sync(ada)
    bob.git("switch", "--quiet", FIRST)
    refused_until_stashed(bob, "sync")


@pytest.mark.parametrize("command", ["restack", "land --yes"])
@pytest.mark.parametrize("is_kept", [True, False])
def test_what_brings_edits_along_advises_to_commit_or_to_stash(story: Story, command: str, is_kept: bool) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", FIRST)
    story.commit("Else", {"else.txt": ""})
    story.git("switch", "--quiet", THIRD)
    if not is_kept:
        refused_until_stashed(story, *command.split())
        return
    story.write("README.md", "unsaved\n")
    story.type(*command.split()).ended(6, "commit the changes, which makes them a hand edit, or git stash")
    story.commit("By hand")
    story.type(*command.split()).ended(0)
    assert story.git("show", f"{THIRD}:README.md") == "unsaved"


def test_a_base_that_is_checked_out_elsewhere_is_no_place_to_go_to(story: Story, tmp_path: Path) -> None:
    story.begin().made("next")
    story.git("worktree", "add", "--quiet", str(tmp_path / "beside"), "main")
    ran = story.type("undo", "--yes").ended(6, f"main is checked out in {tmp_path}/beside")
    do(story, ran, "git switch")
    story.type("undo", "--yes").ended(0)
    assert story.refs("refs/heads/migrate") == {}


@pytest.mark.parametrize("is_dirty", [True, False])
def test_another_work_tree_is_led_off_the_branch(story: Story, tmp_path: Path, is_dirty: bool) -> None:
    beside = tmp_path / "the other one"
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("worktree", "add", "--quiet", str(beside), FIRST)
    if is_dirty:
        (beside / "README.md").write_text("unsaved\n")
    ran = story.type("undo", "--yes").ended(6, f"{FIRST} would be deleted, but it is checked out in {beside}")
    do(story, ran, "git -C")
    story.type("undo", "--yes").ended(0)
    assert ("unsaved" in (beside / "README.md").read_text()) == is_dirty


def test_a_work_tree_whose_folder_is_gone_is_forgotten(story: Story, tmp_path: Path) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("worktree", "add", "--quiet", str(tmp_path / "beside"), FIRST)
    (tmp_path / "beside").rename(tmp_path / "away")
    do(story, story.type("undo", "--yes").ended(6, "that folder no longer exists"), "git worktree")
    story.type("undo", "--yes").ended(0)


def test_a_rebase_in_another_work_tree_is_to_be_ended(story: Story, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("worktree", "add", "--quiet", str(beside), FIRST)
    story.git("-c", "sequence.editor=echo break >", "rebase", "--quiet", "-i", "main", cwd=beside)
    story.type("undo", "--yes").ended(6, f"is checked out in {beside}", "end the rebase there; then run migrate undo")
    story.git("rebase", "--quit", cwd=beside)
    story.type("undo", "--yes").ended(0)


def test_what_git_has_begun_is_to_be_ended_first(story: Story) -> None:
    story.begin().made("next")
    story.git("revert", "--no-commit", "HEAD")
    story.type("undo", "--yes").ended(6, "git status says how to finish what git began there; then run migrate undo")
    story.git("revert", "--abort")
    story.type("undo", "--yes").ended(0)


RUN_ONCE = """\
    \"\"\"Move old.\"\"\"
    from pathlib import Path


    def apply(ws):
        with Path({file!r}).open("a") as ran:
            ran.write("ran\\n")
        ws.write("{name}.txt", "")
    """


@pytest.mark.parametrize("command", ["restack", "land --yes"])
@pytest.mark.parametrize("is_elsewhere", [True, False])
def test_what_stands_in_the_way_is_seen_before_a_phase_runs(
    story: Story, tmp_path: Path, command: str, is_elsewhere: bool
) -> None:
    ran, beside = tmp_path / "ran", tmp_path / "beside"
    story.begin(**{name: RUN_ONCE.format(file=str(ran), name=name) for name in ("p01_a", "p02_b", "p03_c")}).made("run")
    story.git("switch", "--quiet", "main")
    if command != "restack":
        story.git("merge", "--quiet", "migrate/tidy/p01-a")
    story.commit("Else", {"else.txt": ""})
    said = "migrate/tidy/p03-c would move, but it is checked out in " + str(beside)
    if is_elsewhere:
        story.git("worktree", "add", "--quiet", str(beside), "migrate/tidy/p03-c")
    else:
        said = "you are on migrate/tidy/p03-c, which would move, and your work tree has 1 change"
        story.git("switch", "--quiet", "migrate/tidy/p03-c")
        story.write("README.md", "unsaved\n")
    ran.unlink()
    before = story.refs()
    story.type(*command.split()).ended(6, said)
    assert not ran.exists()
    assert story.refs() == before
