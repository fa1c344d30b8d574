"""Two people at one migration, one after the other: what one did is there for the other."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Sandbox
from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone, sync


def test_a_colleague_goes_on_at_the_same_phase_with_the_receipts(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    sync(ada).ended(0, "To origin:\n  p01-move-old  new → ", "journal", "origin is up to date now")
    sync(bob).ended(0, "From origin:\n  p01-move-old  new → ", "make p01-move-old, Ada Lovelace", "Next: migrate next")
    assert clones.shared(bob) == clones.shared(ada)
    assert bob.status()["phases"][0]["validations"][0]["outcome"] == "passed"
    bob.made("run")
    clones.sync(bob, ada)
    assert clones.shared(bob) == clones.shared(ada)
    assert ada.states() == ["passed"] * 3
    assert set(origin_branches(origin)) == {"main", FIRST, SECOND, THIRD}
    for story in (ada, bob):
        story.sound()
        story.untouched()


def origin_branches(origin: Sandbox) -> list[str]:
    """The branches of a bare repository."""
    return origin.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines()


def test_with_nothing_new_on_either_side_there_is_nothing_to_do(clones: Clones) -> None:
    ada, bob, _ = clones
    sync(ada).ended(4, "Nothing new on origin.")
    ada.made("next")
    clones.sync(ada, bob)
    before = ada.refs(), bob.refs()
    ada.type("sync").ended(4)
    bob.type("sync").ended(4)
    assert (ada.refs(), bob.refs()) == before


def test_it_says_what_it_pushes_and_pushes_nothing_unasked(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    before = ada.refs(), origin.git("for-each-ref")
    said = ada.type("sync").ended(6, "there is no terminal to ask on", "if you agree: migrate sync --yes").err
    tip = ada.git("rev-parse", "--short=7", FIRST)
    assert said.startswith(f"To origin:\n  p01-move-old  new → {tip}\n  receipts\n")
    assert (ada.refs(), origin.git("for-each-ref")) == before
    sync(ada).ended(0)
    bob.type("sync").ended(0, "Up to date with origin.")


def test_fetch_only_takes_and_leaves_the_remote_as_it_is(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada)
    bob.type("sync", "--fetch-only").ended(0, "From origin:")
    bob.made("next")
    before = origin.git("for-each-ref")
    bob.type("sync", "--fetch-only").ended(4, "you have unpushed changes", "Next: migrate sync")
    assert origin.git("for-each-ref") == before


def test_programs_are_told_what_was_pushed_taken_and_left(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    pushed = sync(ada, "--json").json
    tip = ada.git("rev-parse", FIRST)
    assert {"ref": f"refs/heads/{FIRST}", "old": None, "new": tip} in pushed["pushed"]
    assert (pushed["remote"], pushed["taken"], pushed["left"]) == ("origin", [], [])
    taken = sync(bob, "--json").json
    assert {"ref": f"refs/heads/{FIRST}", "old": None, "new": tip} in taken["taken"]
    bob.type("undo", "--yes").ended(6)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    bob.git("branch", "-D", FIRST)
    bob.git("pull", "--quiet", "--ff-only")
    left = bob.type("sync", "--json").ended(4).json["left"]
    assert left == [{"ref": f"refs/heads/{FIRST}", "why": "removed here"}]


def test_hand_edits_travel_under_the_one_who_stands_on_the_branch(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    ada.commit("By hand", {"hand.txt": "by hand\n"})
    clones.sync(ada)
    bob.git("switch", "--quiet", FIRST)
    bob.write("README.md", "half a thought\n")
    before = bob.refs("refs/heads")
    bob.type("sync").ended(6, f"you are on {FIRST}, which would move", "your work tree has 1 change")
    assert bob.refs("refs/heads") == before
    bob.git("checkout", "--quiet", "README.md")
    bob.type("sync").ended(0, "commits by hand")
    assert (bob.path / "hand.txt").read_text() == "by hand\n"
    assert bob.branch() == FIRST
    bob.untouched()
    assert bob.status()["phases"][0]["hand_edits"] == 1


def test_what_was_restacked_here_takes_the_place_of_the_old_there(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    old = bob.refs("refs/heads/migrate")
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.git("push", "--quiet", "origin", "main")
    ada.made("restack")
    sync(ada).ended(0, "(rewritten by restack p01-move-old to p03-drop-notes)")
    bob.git("switch", "--quiet", SECOND)
    clones.sync(bob)
    assert bob.refs("refs/heads/migrate") == ada.refs("refs/heads/migrate") != old
    assert (bob.path / "new/c.txt").exists()
    assert set(old.values()) <= set(bob.refs("refs/migrate/tidy/archive").values())
    bob.untouched()


def test_a_mere_fetch_in_between_does_not_let_an_old_branch_win(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada, bob)
    ada.commit("By hand", {"hand.txt": ""})
    clones.sync(ada)
    bob.git("fetch", "--quiet")
    sync(bob).ended(0)
    assert bob.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST) == origin.git("rev-parse", FIRST)


def test_a_branch_that_was_taken_back_here_is_deleted_there(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    tip = ada.git("rev-parse", "--short=7", THIRD)
    ada.type("rollback", "p03", "--withdraw", "--yes").ended(0)
    sync(ada).ended(0, f"p03-drop-notes  {tip} → deleted  (taken back here)")
    assert THIRD not in origin_branches(origin)
    ada.type("sync").ended(4)
    assert [phase["published"] for phase in ada.status()["phases"]] == [True, True, False]
    clones.sync(bob)
    assert f"refs/heads/{THIRD}" not in bob.refs()


def test_a_landed_branch_stays_away_on_both_sides(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.git("push", "--quiet", "origin", "--delete", FIRST)
    ada.type("land", "--fetch", "--yes").ended(0)
    clones.sync(ada)
    assert FIRST not in origin_branches(origin)
    sync(bob).ended(0, f"{FIRST} was deleted on origin, and stays here")
    assert FIRST not in origin_branches(origin)
    assert bob.states() == ada.states() == ["landed", "passed", "passed"]


def test_a_revert_travels_and_what_is_carried_does_not(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("branch", "migrate/tidy/carried/feature", "main")
    ada.git("branch", "elsewhere", "main")
    ada.type("rollback", "p03", "--yes").ended(0)
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", "migrate/tidy/carried/feature")
    assert "carried" not in sync(bob).ended(0).err
    ada.git("push", "--quiet", "origin", "--delete", "migrate/tidy/carried/feature")
    revert = "migrate/tidy/revert-p03-drop-notes"
    assert set(origin_branches(origin)) == {"main", FIRST, SECOND, THIRD, revert}
    assert bob.git("rev-parse", revert) == ada.git("rev-parse", revert)


def test_what_a_colleague_carried_is_no_matter_of_ones_own(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.git("switch", "--quiet", "-c", "feature")
    ada.commit("Feature", {"feature.txt": ""})
    ada.git("push", "--quiet", "origin", "feature")
    ada.git("switch", "--quiet", "main")
    ada.made("next")
    clones.sync(ada, bob)
    bob.git("fetch", "--quiet")
    ada.made("carry", "feature")
    bob.made("carry", "feature")
    clones.sync(bob, ada)
    ada.git("branch", "--force", "feature", "main")
    ada.git("switch", "--quiet", "feature")
    ada.commit("Feature anew", {"feature.txt": "anew\n"})
    ada.type("carry", "feature").ended(0)


def test_a_phase_of_which_the_plan_here_knows_nothing_is_left_there(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.phase("p04_more.py", '"""More."""\n\n\ndef apply(ws):\n    ws.write("more", "")\n')
    ada.commit("More to do")
    ada.made("run")
    clones.sync(ada)
    said = "migrate/tidy/p04-more is on origin, and your plan has no such phase\n  if main on origin has it: git switch"
    sync(bob).ended(0, said, "git push origin --delete migrate/tidy/p04-more")
    assert "refs/heads/migrate/tidy/p04-more" not in bob.refs()


def test_a_remote_that_was_made_anew_gets_everything(clones: Clones, tmp_path: Path) -> None:
    ada, _, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "anew.git"))
    ada.git("remote", "set-url", "origin", str(tmp_path / "anew.git"))
    sync(ada).ended(0, "of main that main on origin does not have")
    assert {FIRST, SECOND, THIRD} <= set(ada.git("ls-remote", "origin").replace("refs/heads/", "").split())


def test_a_shallow_clone_takes_part(clones: Clones, tmp_path: Path) -> None:
    ada, _, origin = clones
    ada.commit("More", {"more": ""})
    ada.git("push", "--quiet", "origin", "main")
    ada.made("next")
    clones.sync(ada)
    eve = clone(ada, origin, tmp_path / "eve", "Eve", "--depth=1")
    eve.type("sync").ended(0)
    eve.made("next")
    clones.sync(eve, ada)
    assert ada.states() == eve.states() == ["passed", "passed", "pending"]
