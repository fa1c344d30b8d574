"""`--fetch` brings the base of the remote here, in the same transaction in which the stack follows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
TRACKED = "refs/remotes/origin/main"


@pytest.fixture
def remote(story: Story, tmp_path: Path) -> Path:
    """A stack, and a remote with the same base."""
    story.begin()
    place = tmp_path / "origin.git"
    story.git("init", "--quiet", "--bare", str(place))
    story.git("remote", "add", "origin", str(place))
    story.git("push", "--quiet", "origin", "main")
    story.made("run")
    story.git("switch", "--quiet", "main")
    return place


def theirs(story: Story, remote: Path, files: dict[str, str]) -> str:
    """A colleague's commit on the remote's base, of which we have not heard."""
    clone = Story(remote.with_name("colleague"))
    if not clone.path.exists():
        story.git("clone", "--quiet", str(remote), str(clone.path))
    oid = clone.commit("Theirs", files)
    clone.git("push", "--quiet", "origin", "HEAD:main")
    return oid


@pytest.mark.parametrize("command", ["restack"])
def test_our_base_follows_the_remotes_and_the_stack_stands_on_it(story: Story, remote: Path, command: str) -> None:
    ours = story.git("rev-parse", "main")
    oid = theirs(story, remote, {"old/c.txt": "c\n"})
    story.type(command).ended(4)
    story.type(command, "--fetch").ended(0)
    assert story.git("rev-parse", f"{FIRST}^") == story.git("rev-parse", "main") == oid
    assert "new/c.txt" in story.files(THIRD)
    assert story.branch() == "main"
    assert (story.path / "old/c.txt").exists()
    story.untouched()
    assert story.status()["base"] == {"branch": "main", "commit": oid, "newer": 0, "remote_newer": 0}
    assert story.states() == ["passed"] * 3
    story.type(command, "--fetch").ended(4)
    story.type("undo", "--yes").ended(0)
    assert story.git("rev-parse", "main") == ours
    assert not (story.path / "old/c.txt").exists()
    story.sound()


def test_a_mere_fetch_moves_no_base(story: Story, remote: Path) -> None:
    ours = story.git("rev-parse", "main")
    theirs(story, remote, {"old/c.txt": "c\n"})
    story.git("fetch", "--quiet", "origin")
    story.type("restack").ended(4)
    assert story.status()["base"]["commit"] == ours


def test_a_base_that_is_checked_out_elsewhere_is_not_moved_there(story: Story, remote: Path) -> None:
    theirs(story, remote, {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", THIRD)
    story.git("worktree", "add", "--quiet", str(remote.with_name("beside")), "main")
    before = story.refs("refs/heads")
    story.type("restack", "--fetch").ended(6, "main would move, but it is checked out in")
    assert story.refs("refs/heads") == before


def test_the_base_follows_also_where_no_phase_was_run(story: Story, remote: Path) -> None:
    story.type("rollback", "p01", "--yes").ended(0)
    oid = theirs(story, remote, {"old/c.txt": "c\n"})
    story.type("restack", "--fetch").ended(0, f"→ {oid[:7]}, as on origin")
    assert story.git("rev-parse", "main") == oid


def test_what_landed_on_the_remote_leaves_the_stack(story: Story, remote: Path) -> None:
    story.git("push", "--quiet", "origin", f"{FIRST}:refs/heads/first")
    clone = Story(remote.with_name("colleague"))
    story.git("clone", "--quiet", str(remote), str(clone.path))
    clone.commit("Else", {"else.txt": ""})
    clone.git("merge", "--quiet", "--squash", "origin/first")
    oid = clone.commit("An emptied message (#1)")
    clone.git("push", "--quiet", "origin", "main")
    story.git("switch", "--quiet", FIRST)
    ours = story.git("rev-parse", "main")
    story.type("land", "--fetch", "--yes").ended(0, "p01-move-old has landed", f"You are on {SECOND}")
    assert story.git("rev-parse", f"{SECOND}^") == story.git("rev-parse", "main") == oid
    assert story.states() == ["landed", "passed", "passed"]
    story.type("undo", "--yes").ended(0)
    assert f"refs/heads/{FIRST}" in story.refs()
    assert story.git("rev-parse", "main") == ours
    assert story.refs()[TRACKED] == oid


def test_the_base_follows_also_where_nothing_landed(story: Story, remote: Path) -> None:
    before = story.refs("refs/heads/migrate")
    oid = theirs(story, remote, {"old/c.txt": "c\n"})
    ours = story.git("rev-parse", "main")
    story.type("land", "--fetch").ended(0, f"→ {oid[:7]}, as on origin   (migrate restack puts", "Nothing has")
    assert story.git("rev-parse", "main") == oid
    assert story.refs("refs/heads/migrate") == before
    story.type("land", "--fetch").ended(4, "Nothing has landed.")
    story.untouched()
    story.type("undo", "--yes").ended(0, "take main from origin")
    assert story.git("rev-parse", "main") == ours


@pytest.mark.parametrize("command", [("restack",), ("land", "--yes")])
def test_a_remote_that_cannot_be_reached_is_one_clear_error_and_nothing_moves(
    story: Story, remote: Path, command: tuple[str, ...]
) -> None:
    theirs(story, remote, {"old/c.txt": "c\n"})
    remote.rename(remote.with_name("away.git"))
    before = story.refs()
    said = story.type(*command, "--fetch").ended(2, '"origin" cannot be fetched', "git remote get-url origin").err
    assert said.count("cannot be fetched") == 1
    assert story.refs() == before
    story.untouched()
    story.type(*command).ended(4)


def test_our_own_base_is_the_base_when_it_is_ahead(story: Story, remote: Path) -> None:
    ours = story.commit("Ours", {"old/ours.txt": ""})
    story.type("restack", "--fetch").ended(0)
    assert story.git("rev-parse", f"{FIRST}^") == ours
    assert story.status()["base"]["branch"] == "main"


@pytest.mark.parametrize("command", ["restack", "land"])
def test_a_base_of_which_each_has_what_the_other_lacks_cannot_follow(story: Story, remote: Path, command: str) -> None:
    oid = theirs(story, remote, {"old/theirs.txt": ""})
    ours = story.commit("Ours", {"old/ours.txt": ""})
    story.type(command, "--fetch", "--yes" if command == "land" else "--no-validate").ended(
        6, "main and origin/main have diverged, so main", "git rebase origin/main main"
    )
    assert story.refs()[TRACKED] == oid
    story.type("status").ended(0, "origin/main has 1 commit that main lacks", "git rebase origin/main main")
    assert story.status()["base"]["remote_newer"] == 1
    story.made("restack")
    assert story.git("rev-parse", f"{FIRST}^") == ours
    story.git("rebase", "--quiet", "origin/main", "main")
    story.made("restack", "--fetch")
    assert {"new/ours.txt", "new/theirs.txt"} <= story.files(THIRD)


def test_a_conflict_after_a_fetch_goes_on_with_what_was_fetched(story: Story, remote: Path) -> None:
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    theirs(story, remote, {"old/a.txt": "theirs\n"})
    story.type("restack", "--fetch").ended(5, "conflict in new/a.txt")
    theirs(story, remote, {"old/later.txt": ""})
    (story.slots / "conflict-tidy-1/new/a.txt").write_text("both\n")
    story.type("continue").ended(0)
    assert story.git("show", f"{THIRD}:new/a.txt") == "both"
    assert "new/later.txt" not in story.files(THIRD)
    story.type("restack", "--fetch").ended(0)
    assert "new/later.txt" in story.files(THIRD)
