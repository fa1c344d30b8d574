"""What somebody pushes says nothing of what landed, of what a phase made, or of where the archive has room."""

from __future__ import annotations

from tests.scenarios.clones import FIRST, THIRD, Clones
from tests.story import Story

OURS = "refs/migrate/tidy"


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
