"""Two people at one migration: what one did is there for the other, and what both did is lost by neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, at_once, clone, cloned, sync
from tests.story import PLAN, Story

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look."\nphases = ["p01-*"]\n'


@pytest.fixture
def clones(story: Story, tmp_path: Path) -> Clones:
    return cloned(story.begin(), tmp_path)


def test_a_colleague_goes_on_at_the_same_phase_with_the_receipts(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    sync(ada).ended(0, "To origin:\n  p01-move-old  new → ", "journal", "origin has all of it now")
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


def origin_branches(origin: Story) -> list[str]:
    """The branches of a bare repository."""
    return origin.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines()


def test_with_nothing_new_on_either_side_there_is_nothing_to_do(clones: Clones) -> None:
    ada, bob, _ = clones
    sync(ada).ended(4, "There is nothing new on origin.")
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
    said = ada.type("sync").ended(2, "nobody can be asked here", "if you agree: migrate sync --yes").err
    tip = ada.git("rev-parse", "--short=7", FIRST)
    assert said.startswith(f"To origin:\n  p01-move-old  new → {tip}\n  receipts\n")
    assert (ada.refs(), origin.git("for-each-ref")) == before
    sync(ada).ended(0)
    bob.type("sync").ended(0, "You have all that origin has.")


def test_fetch_only_takes_and_leaves_the_remote_as_it_is(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada)
    bob.type("sync", "--fetch-only").ended(0, "From origin:")
    bob.made("next")
    before = origin.git("for-each-ref")
    bob.type("sync", "--fetch-only").ended(4, "which lacks some of yours", "Next: migrate sync")
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
    bob.type("undo", "--yes").ended(1)
    bob.git("branch", "-D", FIRST)
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
    bob.type("sync").ended(2, f"you are on {FIRST}, which moves", "your work tree has 1 change")
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


def test_of_two_who_ran_the_same_phase_one_wins_and_the_other_is_told(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    bob.made("next")
    clones.sync(ada)
    before, there = bob.refs("refs/heads", "refs/migrate", "refs/notes"), origin.git("for-each-ref")
    theirs = ada.git("rev-parse", "--short=7", FIRST)
    sync(bob).ended(
        1,
        f"{FIRST} changed here and on origin: {theirs} there by Ada Lovelace <ada@example.com>, 2024-05-01T12:00:00",
        '"make p01-move-old". Nothing was moved, and nothing was pushed',
        f"migrate undo takes yours back, or git branch -m {FIRST} NAME",
    )
    assert bob.refs("refs/heads", "refs/migrate", "refs/notes") == before
    assert origin.git("for-each-ref") == there
    bob.type("undo", "--yes").ended(0)
    clones.sync(bob)
    assert clones.shared(bob)[f"refs/heads/{FIRST}"] == clones.shared(ada)[f"refs/heads/{FIRST}"]
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


def test_a_branch_that_lost_can_be_kept_under_another_name(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    bob.made("next")
    clones.sync(ada)
    mine = bob.git("rev-parse", FIRST)
    bob.git("branch", "-m", FIRST, "mine")
    clones.sync(bob)
    assert bob.git("rev-parse", "mine") == mine
    assert bob.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST) != mine
    assert bob.states()[0] == "passed"


def test_hand_edits_of_both_are_put_on_top_of_each_other_by_a_rebase(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.git("switch", "--quiet", FIRST)
    ada.commit("Hers", {"hers.txt": ""})
    bob.commit("His", {"his.txt": ""})
    clones.sync(ada)
    sync(bob).ended(1, '"Hers"', f"git rebase origin/{FIRST} {FIRST} puts your commits on top")
    bob.git("rebase", "--quiet", f"origin/{FIRST}", FIRST)
    clones.sync(bob, ada)
    assert {"hers.txt", "his.txt"} <= ada.files(FIRST)


def test_the_receipts_of_both_are_there_when_both_only_validated(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run", "--no-validate")
    clones.sync(ada, bob)
    ada.made("validate", "p01")
    bob.made("validate", "p02")
    clones.sync(ada, bob, ada, bob)
    assert clones.shared(ada) == clones.shared(bob)
    assert ada.states() == bob.states() == ["passed", "passed", "waiting"]
    said = ada.type("journal").ended(0).out
    assert "validate p01-move-old" in said
    assert "validate p02-add-guide" in said
    ada.type("sync").ended(4)
    bob.type("sync").ended(4)
    ada.sound()


def test_an_approval_there_is_seen_here_and_so_is_that_it_was_taken_back(clones: Clones) -> None:
    ada, bob, _ = clones
    for story in (ada, bob):
        story.plan(PLAN, GATE)
    ada.made("next")
    clones.sync(ada, bob)
    assert bob.states()[0] == "waiting"
    ada.made("approve", "p01", "smoke")
    clones.sync(ada, bob)
    assert bob.states()[0] == "passed"
    ada.type("undo", "--yes").ended(0, '"approve p01-move-old smoke"')
    bob.made("validate", "p01", "--again")
    clones.sync(bob, ada, bob)
    assert (ada.states()[0], bob.states()[0]) == ("waiting", "waiting")


def test_undo_takes_back_ones_own_and_passes_over_what_a_colleague_did(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.made("next")
    clones.sync(bob, ada)
    before = ada.refs("refs/heads")
    ada.type("undo", "--yes").ended(1, f'"make p01-move-old" cannot be undone: {SECOND} stands on {FIRST}')
    assert ada.refs("refs/heads") == before
    bob.type("undo", "--yes").ended(0, '"make p02-add-guide"')
    bob.type("undo", "--yes").ended(1, "there is nothing of yours to undo")
    assert bob.states()[:2] == ["passed", "pending"]


def test_what_was_undone_after_a_sync_is_undone_there_too(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    before = ada.refs("refs/heads/migrate")
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.made("restack")
    sync(ada).ended(0, "Inside them 1 commit of main get there too")
    clones.sync(bob)
    ada.type("undo", "--yes").ended(0)
    sync(ada).ended(0, "(rewritten by undo: restack")
    clones.sync(bob)
    assert bob.refs("refs/heads/migrate") == before


def test_a_branch_that_was_taken_back_here_stays_there(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.type("undo", "--yes").ended(0)
    sync(ada).ended(0, f"{THIRD} stays on origin; for all to be rid of it: git push origin --delete {THIRD}")
    assert THIRD in origin_branches(origin)
    ada.type("sync").ended(4, f"{THIRD} stays on origin")
    assert ada.states() == ["pending"] * 3
    bob.git("switch", "--quiet", THIRD)
    bob.commit("Mended", {"mended": ""})
    clones.sync(bob)
    sync(ada).ended(0, "p03-drop-notes  new → ")
    assert ada.git("rev-parse", THIRD) == bob.git("rev-parse", THIRD)


def test_a_landed_branch_stays_away_on_both_sides(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.git("push", "--quiet", "origin", "--delete", FIRST)
    ada.git("fetch", "--quiet")
    ada.type("land", "--yes").ended(0)
    clones.sync(ada)
    assert FIRST not in origin_branches(origin)
    sync(bob).ended(0, f"{FIRST} is gone from origin, and stays here")
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
    ada.made("run")
    clones.sync(ada)
    sync(bob).ended(0, "migrate/tidy/p04-more is on origin, and your plan has no such phase")
    assert "refs/heads/migrate/tidy/p04-more" not in bob.refs()


def test_archives_with_the_same_number_keep_what_both_replaced(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    for story in (ada, bob):
        story.git("switch", "--quiet", THIRD)
        story.commit("By hand", {"hand.txt": f"{story.path}\n"})
    kept = {story.git("rev-parse", THIRD) for story in (ada, bob)}
    ada.made("validate", "p01", "--again")
    for story in (ada, bob):
        # The rollback of a branch that is on the remote would be a revert.
        story.git("update-ref", "-d", f"refs/remotes/origin/{THIRD}")
        story.type("rollback", "p03", "--yes").ended(0)
    names = [
        name
        for story in (ada, bob)
        for name in story.refs("refs/migrate/tidy/archive")
        if name.endswith("8/p03-drop-notes")
    ]
    assert len(names) == 2
    assert len(set(names)) == 1
    clones.sync(ada, bob, ada)
    for story in (ada, bob):
        assert kept <= set(story.refs("refs/migrate/tidy/archive").values())


def test_a_remote_that_was_made_anew_gets_everything(clones: Clones, tmp_path: Path) -> None:
    ada, _, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("init", "--quiet", "--bare", "--initial-branch=main", str(tmp_path / "anew.git"))
    ada.git("remote", "set-url", "origin", str(tmp_path / "anew.git"))
    sync(ada).ended(0, "of main get there too")
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


def test_two_who_push_at_the_same_moment_do_not_overwrite_each_other(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.git("switch", "--quiet", FIRST)
    for round_ in range(10):
        for story in (ada, bob):
            story.commit(f"Edit {round_}", {f"{round_}.txt": f"{story.path}\n"})
        codes = at_once((ada, bob), "sync", "--yes")
        assert sorted(codes) == [0, 1]
        winner, loser = (ada, bob) if codes[0] == 0 else (bob, ada)
        assert origin.git("rev-parse", FIRST) == winner.git("rev-parse", FIRST)
        sync(loser).ended(1, f"{FIRST} changed here and on origin")
        loser.git("reset", "--quiet", "--hard", "HEAD~")
        clones.sync(loser)
        assert loser.git("rev-parse", FIRST) == winner.git("rev-parse", FIRST)
    ada.sound()
