"""The base alone says what landed and what was taken back, in every clone and however long ago."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, Clones, clone
from tests.story import PHASES, Story


def squash(clones: Clones, branch: str, message: str | None = None, delete: bool = False) -> str:
    """Merge a branch on the remote as a forge does by a squash; the commit."""
    forge = clone(clones.ada, clones.origin, clones.origin.path.parent / f"forge-{branch.replace('/', '-')}", "Forge")
    forge.git("merge", "--quiet", "--squash", f"origin/{branch}")
    forge.git("commit", "--quiet", "-m", message or forge.git("log", "-1", "--format=%B", f"origin/{branch}"))
    forge.git("push", "--quiet", "origin", "main")
    if delete:
        forge.git("push", "--quiet", "origin", "--delete", branch)
    return forge.git("rev-parse", "HEAD")


def fresh(clones: Clones, name: str) -> Story:
    """A clone that has nothing but branches."""
    return clone(clones.ada, clones.origin, clones.origin.path.parent / name, name)


def states(story: Story) -> list[tuple[str, str]]:
    return [(phase["id"], phase["state"]) for phase in story.status()["phases"]]


def test_a_fresh_clone_knows_what_landed(clones: Clones) -> None:
    clones.ada.made("run", "--to", "p02")
    clones.sync(clones.ada)
    squash(clones, FIRST, delete=True)
    clones.ada.type("land", "--fetch", "--yes").ended(0)
    clones.sync(clones.ada)
    other = fresh(clones, "fresh")
    assert states(other)[0] == ("p01-move-old", "landed")
    other.type("land", "--yes").ended(4, "p01-move-old left the stack before")
    other.type("verify").ended(0)


def test_a_fresh_clone_knows_what_landed_in_silence_from_the_phase_above(clones: Clones) -> None:
    clones.ada.made("run", "--to", "p02")
    clones.sync(clones.ada)
    commit = squash(clones, FIRST, "Tidy (#1)", delete=True)
    clones.ada.type("land", "--fetch", "--yes").ended(0)
    clones.sync(clones.ada)
    first = fresh(clones, "fresh").status()["phases"][0]
    assert (first["state"], first["commit"]) == ("landed", commit)
    squash(clones, SECOND)
    first = fresh(clones, "fresher").status()["phases"][0]
    assert (first["state"], first["commit"]) == ("landed", commit)


def test_a_squash_with_an_emptied_message_is_recognised_by_looking(clones: Clones) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    squash(clones, SECOND, "Tidy twice (#2)")
    assert [state for _, state in states(fresh(clones, "fresh"))][:2] == ["landed", "landed"]
    clones.ada.git("fetch", "--quiet")
    clones.ada.git("fetch", "--quiet", "origin", "main:main")
    assert states(clones.ada)[:2] == states(fresh(clones, "fresher"))[:2]


def test_a_base_that_only_the_remote_has_counts_when_something_landed_there(clones: Clones) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    squash(clones, FIRST)
    clones.ada.git("fetch", "--quiet")
    assert states(clones.ada)[0] == ("p01-move-old", "landed")
    clones.ada.type("status").ended(0, "base origin/main at ")


def test_a_newer_base_on_the_remote_is_named_after_a_mere_fetch(clones: Clones) -> None:
    clones.ada.made("run")
    clones.bob.commit("More", {"more.txt": ""})
    clones.bob.git("push", "--quiet", "origin", "main")
    clones.ada.type("status").ended(0)
    clones.ada.git("fetch", "--quiet")
    clones.ada.type("status").ended(0, "origin/main has 1 commit that main lacks   (migrate restack --fetch)")


# -- taken back -------------------------------------------------------------------------------------------------


def landed(story: Story) -> Story:
    """A migration of which the first phase is in the base by a squash."""
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.commit(story.git("log", "-1", "--format=%B", FIRST))
    story.type("land", "--yes").ended(0)
    story.git("switch", "--quiet", "main")
    return story


@pytest.mark.parametrize("how", ["git revert", "our branch", "by hand"])
def test_a_phase_that_the_base_took_back_is_reverted_and_can_land_again(story: Story, how: str) -> None:
    landed(story)
    if how == "git revert":
        story.git("revert", "--no-edit", "HEAD")
    elif how == "our branch":
        story.type("rollback", "p01", "--yes").ended(0)
        story.git("switch", "--quiet", "main")
        story.git("merge", "--quiet", "--squash", "migrate/tidy/revert-p01-move-old")
        story.commit("Take it back\n\n" + story.git("log", "-1", "--format=%B", "migrate/tidy/revert-p01-move-old"))
    else:
        story.git("checkout", "--quiet", "HEAD~1", "--", "old", "README.md")
        story.git("rm", "--quiet", "-r", "new")
        story.commit("As it was")
    assert story.states()[0] == "reverted"
    assert "reverted on main by" in story.status()["phases"][0]["reason"]
    # Our rollback takes back what stands on the phase, too.
    story.made("run" if how == "our branch" else "restack")
    assert story.states()[:2] == ["passed", "passed"]
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.commit(story.git("log", "-1", "--format=%B", FIRST))
    assert story.states()[0] == "landed"


def test_next_makes_a_reverted_phase_again(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"]).made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", FIRST)
    story.git("revert", "--no-edit", "HEAD")
    story.type("status").ended(0, "reverted", "Next: migrate next   (makes it again)")
    story.type("next").ended(0, "p01-move-old passed")
    assert story.states() == ["passed"]


def test_old_dates_make_nothing_stale(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    story.git("branch", "point")
    for number in range(12):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"@{1_000_000_000 - number * 1000} +0000")
        story.commit(f"Old {number}")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@1700000000 +0000")
    story.made("run")
    story.git("branch", "-f", "point2", "main")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "@900000000 +0000")
    story.git("switch", "--quiet", "main")
    for number in range(12):
        story.commit(f"Older {number}")
    assert story.states() == ["passed"] * 3


def test_a_shallow_clone_sees_the_stack_and_says_what_it_cannot_see(clones: Clones) -> None:
    clones.ada.made("run")
    clones.sync(clones.ada)
    place = clones.origin.path.parent / "shallow"
    ci = clone(clones.ada, clones.origin, place, "CI", "--depth=1", "--no-single-branch")
    ci.git("switch", "--quiet", "--detach", f"origin/{SECOND}")
    assert "stale" not in ci.states()
    assert "pending" not in ci.states()
    ci.type("status").ended(0, "this clone is shallow", "git fetch --unshallow")
    ci.type("validate").ended(0, "p02-add-guide passed")
