"""A published phase that is taken back: removed here, deleted on the remote by the next sync, and then elsewhere."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Sandbox
from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone, hook, sync
from tests.story import Story

NOTE = "refs/migrate/tidy/withdrawn/p03-drop-notes"


def branches(place: Sandbox) -> set[str]:
    """The branches of a repository."""
    return set(place.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines())


def remark(story: Story) -> str:
    """What `status` says of the third phase, and then."""
    said = story.type("status").ended(0).out
    return said[said.index("p03-drop-notes") :]


def shared(clones: Clones) -> Clones:
    """All three phases, made by Ada and known to Bob."""
    clones.ada.made("run")
    return clones.sync(clones.ada, clones.bob)


def test_what_was_withdrawn_is_deleted_on_the_remote_by_the_next_sync(clones: Clones) -> None:
    ada, _, origin = shared(clones)
    tip = ada.git("rev-parse", THIRD)
    said = ada.type("rollback", "p03", "--withdraw", "--yes").ended(0, "Next: migrate sync").err
    assert f"origin has {THIRD} at {tip[:7]}; the next migrate sync deletes it there." in said
    assert THIRD in branches(origin)
    assert ada.refs(NOTE) == {NOTE: tip}
    assert ada.states() == ["passed", "passed", "pending"]
    told = remark(ada)
    assert "taken back here; origin still has it until migrate sync" in told
    assert "Next: migrate sync" in told
    said = ada.type("sync").ended(6, "there is no terminal to ask on").err
    assert f"To origin:\n  p03-drop-notes  {tip[:7]} → deleted  (taken back here)\n" in said
    assert THIRD in branches(origin)
    done = sync(ada, "--json").ended(0).json
    assert {"ref": f"refs/heads/{THIRD}", "old": tip, "new": None} in done["pushed"]
    assert branches(origin) == {"main", FIRST, SECOND}
    assert not any("p03-drop-notes" in ref for ref in ada.refs() if "/archive/" not in ref)
    assert tip in ada.refs("refs/migrate/tidy/archive").values()
    assert "Next: migrate next" in remark(ada)
    ada.type("sync").ended(4)


def test_a_clone_that_did_not_change_it_removes_it_too(clones: Clones) -> None:
    ada, bob, origin = shared(clones)
    tip = bob.git("rev-parse", THIRD)
    bob.git("switch", "--quiet", THIRD)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(ada)
    bob.type("sync").ended(0, f"p03-drop-notes  {tip[:7]} → deleted  (roll back p03-drop-notes, Ada Lovelace)")
    assert THIRD not in branches(bob)
    assert bob.branch() == "main"
    assert tip in bob.refs("refs/migrate/tidy/archive").values()
    assert bob.states() == ada.states() == ["passed", "passed", "pending"]
    assert clones.shared(bob) == clones.shared(ada)
    bob.type("sync").ended(4)
    assert branches(origin) == {"main", FIRST, SECOND}
    bob.untouched()
    bob.sound()


def test_a_clone_that_changed_it_keeps_it_and_publishes_it_only_when_told(clones: Clones) -> None:
    ada, bob, origin = shared(clones)
    bob.git("switch", "--quiet", THIRD)
    bob.commit("His own", {"his.txt": ""})
    ada.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(ada)
    for _ in range(2):
        bob.type("sync", "--yes").ended(
            4 if _ else 0,
            f"{THIRD} was taken back by Ada Lovelace; yours has changes, so it stays here",
            f"git push origin {THIRD}",
        )
        assert THIRD in branches(bob)
        assert THIRD not in branches(origin)
    bob.git("push", "--quiet", "origin", THIRD)
    clones.sync(bob, ada)
    assert ada.git("rev-parse", THIRD) == bob.git("rev-parse", THIRD)


def test_what_was_brought_back_by_hand_after_that_stays(clones: Clones) -> None:
    ada, bob, _ = shared(clones)
    tip = bob.git("rev-parse", THIRD)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(ada, bob)
    bob.git("branch", THIRD, tip)
    bob.type("sync", "--yes").ended(4, "stays here")
    assert THIRD in branches(bob)


def test_undo_of_what_was_published_withdraws_it_and_redo_ends_that(clones: Clones) -> None:
    ada, bob, origin = shared(clones)
    ada.git("switch", "--quiet", "main")
    ada.type("undo", "--yes").ended(0, f"origin has {THIRD} at", "the next migrate sync deletes it there")
    assert len(ada.refs("refs/migrate/tidy/withdrawn")) == 3
    ada.type("redo", "--yes").ended(0)
    assert ada.refs("refs/migrate/tidy/withdrawn") == {}
    assert ada.states() == ["passed"] * 3
    ada.made("undo", "--yes")
    clones.sync(ada, bob)
    assert branches(origin) == branches(ada) == branches(bob) == {"main"}
    assert bob.states() == ["pending"] * 3


def test_undo_of_a_withdrawal_that_was_synced_publishes_it_again(clones: Clones) -> None:
    ada, bob, origin = shared(clones)
    before = ada.refs("refs/heads")
    ada.made("rollback", "p02", "--withdraw", "--yes")
    clones.sync(ada, bob)
    assert branches(origin) == branches(bob) == {"main", FIRST}
    ada.made("undo", "--yes")
    clones.sync(ada, bob)
    assert ada.refs("refs/heads") == before
    assert clones.shared(bob) == clones.shared(ada)
    assert branches(origin) == {"main", FIRST, SECOND, THIRD}


def test_a_branch_on_which_a_colleague_went_on_counts_again(clones: Clones) -> None:
    ada, bob, _ = shared(clones)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    bob.git("switch", "--quiet", THIRD)
    bob.commit("Mended", {"mended": ""})
    clones.sync(bob)
    ada.git("fetch", "--quiet")
    assert "on origin" in remark(ada)
    sync(ada).ended(0, "p03-drop-notes  new → ")
    assert ada.git("rev-parse", THIRD) == bob.git("rev-parse", THIRD)
    assert ada.refs("refs/migrate/tidy/withdrawn") == {}
    clones.sync(bob)
    assert THIRD in branches(bob)


def test_a_phase_that_is_made_again_takes_the_place_of_the_withdrawn_one(clones: Clones) -> None:
    ada, bob, origin = shared(clones)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    ada.phase("p03_drop_notes.py", '"""Drop them."""\n\n\ndef apply(ws):\n    ws.delete("notes.txt")\n')
    ada.git("switch", "--quiet", "main")
    ada.commit("Another module")
    ada.git("push", "--quiet", "origin", "main")
    ada.made("next")
    assert ada.status()["phases"][2]["remote"]["place"] == "local"
    clones.sync(ada)
    assert origin.git("rev-parse", THIRD) == ada.git("rev-parse", THIRD)
    assert ada.refs("refs/migrate/tidy/withdrawn") == {}
    clones.sync(bob)
    assert bob.git("rev-parse", THIRD) == ada.git("rev-parse", THIRD)


def test_what_was_pushed_by_hand_is_deleted_too(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("next")
    ada.git("push", "--quiet", "origin", FIRST)
    ada.made("rollback", "p01", "--withdraw", "--yes")
    clones.sync(ada)
    assert branches(origin) == {"main"}


def test_only_what_is_as_it_was_seen_is_deleted(clones: Clones, tmp_path: Path) -> None:
    ada, bob, origin = shared(clones)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    ada.git("config", "core.hooksPath", str(tmp_path / "hooks"))
    later = bob.git("commit-tree", f"{THIRD}^{{tree}}", "-p", THIRD, "-m", "Later")
    (tmp_path / "hooks").mkdir()
    hook(ada, "unused", "")
    race = tmp_path / "hooks/pre-push"
    race.write_text(f"#!/bin/sh\nunset GIT_DIR\ngit -C {bob.path} push --quiet origin {later}:refs/heads/{THIRD}\n")
    race.chmod(0o755)
    sync(ada).ended(6, "somebody else pushed to origin meanwhile")
    assert origin.git("rev-parse", THIRD) == later


def test_what_has_landed_or_holds_commits_of_others_is_not_withdrawn(clones: Clones) -> None:
    ada, bob, _ = shared(clones)
    bob.git("switch", "--quiet", THIRD)
    bob.commit("His", {"his.txt": ""})
    clones.sync(bob)
    ada.git("switch", "--quiet", THIRD)
    ada.commit("Hers", {"hers.txt": ""})
    ada.git("fetch", "--quiet")
    before = ada.refs()
    ada.type("rollback", "p03", "--withdraw", "--yes").ended(6, "origin has commits of p03-drop-notes that were never")
    assert ada.refs() == before
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--ff-only", FIRST)
    ada.type("rollback", "p01", "--withdraw", "--yes").ended(6, "p01-move-old is part of main", "migrate rollback p01")


def test_a_branch_that_was_deleted_here_by_hand_comes_back(clones: Clones) -> None:
    ada, bob, _ = shared(clones)
    bob.git("branch", "-D", THIRD)
    assert "Next: migrate sync" in remark(bob)
    bob.type("sync").ended(0)
    assert bob.git("rev-parse", THIRD) == ada.git("rev-parse", THIRD)


def test_fetch_only_deletes_nothing(clones: Clones) -> None:
    ada, _, origin = shared(clones)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    ada.type("sync", "--fetch-only").ended(4, "Next: migrate sync")
    assert THIRD in branches(origin)


def test_a_clone_made_afterwards_knows_nothing_of_it(clones: Clones, tmp_path: Path) -> None:
    ada, _, origin = shared(clones)
    ada.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(ada)
    eve = clone(ada, origin, tmp_path / "eve", "Eve")
    clones.sync(eve)
    assert eve.states() == ["passed", "passed", "pending"]
