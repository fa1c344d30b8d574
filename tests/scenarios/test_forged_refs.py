"""What somebody pushes says nothing of what landed, of what a phase made, or of where the archive has room."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, THIRD, Clones
from tests.story import PHASES, Story

OURS = "refs/migrate/tidy"
MADE = f"{OURS}/made/p01-move-old"


def begun(clones: Clones) -> Clones:
    """All phases are made, both clones have them, and the base has moved on."""
    clones.ada.made("run")
    clones.ada.git("switch", "--quiet", "main")
    merged(clones.ada, "Else", {"old/b.txt": "b, by somebody else\n"})
    clones.sync(clones.ada, clones.bob)
    pulled(clones.bob)
    return clones


def merged(story: Story, message: str, files: dict[str, str]) -> str:
    """A commit that goes to the base of the remote; what is staged goes with it."""
    commit = story.commit(message, files)
    story.git("push", "--quiet", "origin", "main")
    return commit


def pulled(story: Story) -> None:
    """Bring the base up to date."""
    story.git("switch", "--quiet", "main")
    story.git("pull", "--quiet", "--ff-only")


def pushed(story: Story, oid: str, *refs: str) -> None:
    """Push refs past the program."""
    story.git("push", "--quiet", "--force", "origin", *(f"{oid}:{ref}" for ref in refs))


# -- made -------------------------------------------------------------------------------------------------------


def amended(story: Story, message: str | None = None) -> str:
    """Amend the first phase's commit, and push it with a ref that says that the phase made it so."""
    story.git("switch", "--quiet", FIRST)
    story.write("new/amended.txt", "by hand\n")
    story.git("add", "--all")
    story.git("commit", "--quiet", "--amend", *(["-m", message] if message else ["--no-edit"]))
    commit = story.git("rev-parse", "HEAD")
    pushed(story, commit, f"refs/heads/{FIRST}", MADE)
    story.git("switch", "--quiet", "main")
    return commit


def test_an_amended_commit_that_is_pushed_as_what_the_phase_made_is_carried_by_a_restack(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    said = ada.git("log", "-1", "--format=%B", FIRST)
    amended(ada, said.replace("Move old to new", "Move old to new, at last", 1))
    clones.sync(bob)
    bob.type("restack").ended(0, "p01-move-old", "1 hand edit carried over")
    assert "new/amended.txt" in bob.files(FIRST)
    assert bob.git("log", "-1", "--format=%s", FIRST) == "Move old to new, at last"
    assert bob.status()["phases"][0]["amended"]


def test_where_nobody_can_tell_what_was_amended_it_is_said_and_kept(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    commit = amended(ada)
    ada.phase("p01_move_old.py", PHASES["p01_move_old.py"] + "    ws.note('Another one.')\n")
    merged(ada, "Another phase", {})
    clones.sync(bob)
    pulled(bob)
    said = bob.type("restack").ended(0, f"what somebody may have amended in {commit[:7]} is in the archive alone")
    assert said.text.count("in the archive alone") == 1
    assert commit in bob.refs(f"{OURS}/archive").values()


@pytest.mark.parametrize("command", ["land", "finish"])
def test_an_amended_commit_that_did_not_land_keeps_its_branch(clones: Clones, command: str) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p01")
    said = ada.git("log", "-1", "--format=%B", FIRST)
    clones.sync(ada, bob)
    amended(ada)
    clones.sync(bob)
    ada.git("merge", "--quiet", "--squash", bob.git("rev-parse", f"{FIRST}@{{1}}"))
    merged(ada, said, {})
    pulled(bob)
    options = ["--abandon"] if command == "finish" else []
    bob.type(command, "--yes", *options).ended(0, f"{FIRST} stays: it holds changes that are not in main")
    assert "new/amended.txt" in bob.files(FIRST)


def test_an_amended_commit_of_an_abandoned_phase_keeps_its_branch(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    amended(ada)
    clones.sync(bob)
    bob.type("finish", "--abandon", "--yes").ended(0, "1 commit of it is nowhere else")
    assert set(bob.refs("refs/heads/migrate")) == {f"refs/heads/{FIRST}"}


# -- the archive ------------------------------------------------------------------------------------------------


def test_an_archive_that_is_in_the_way_stops_no_command(clones: Clones) -> None:
    ada, bob, origin = begun(clones)
    main = bob.git("rev-parse", "main")
    last = max(int(ref.split("/")[4]) for ref in (f"{OURS}/archive/0/x", *bob.refs(f"{OURS}/archive")))
    ours = ("made/p03-drop-notes", "p03-drop-notes")
    names = [f"{number}/{name}/x" for number in range(last, last + 12) for name in ours]
    pushed(bob, main, *(f"{OURS}/archive/{name}" for name in [*names, str(last + 12), f"{10**17}/x"]))
    clones.sync(bob)
    third = bob.git("rev-parse", THIRD)
    bob.made("restack")
    assert bob.git("rev-parse", f"{OURS}/archive/{last + 13}/made/p03-drop-notes") == third
    bob.made("rollback", "p03", "--withdraw", "--yes")
    bob.made("undo", "--yes")
    bob.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(bob)
    assert origin.git("for-each-ref", f"refs/heads/{THIRD}") == ""
    clones.sync(ada)
    ada.sound()


def test_what_stands_in_the_way_of_an_archive_on_the_remote_stops_no_sync(clones: Clones) -> None:
    ada, bob, origin = begun(clones)
    ada.made("restack")
    mine = next(ref for ref in ada.refs(f"{OURS}/archive") if ref.endswith("p01-move-old"))
    pushed(bob, bob.git("rev-parse", "main"), f"{mine}/x")
    clones.sync(ada)
    assert origin.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
