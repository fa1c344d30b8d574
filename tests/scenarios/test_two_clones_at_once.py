"""Two people at one migration at the same time: what both did is lost by neither, and one's own stays one's own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, at_once, clone, sync
from tests.story import PLAN, Ran

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look."\nphases = ["p01-*"]\n'


def test_of_two_who_ran_a_phase_otherwise_one_wins_and_the_other_is_told(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    bob.phase("p01_move_old.py", '"""Move old."""\n\n\ndef apply(ws):\n    ws.move("old", "newer")\n')
    bob.made("next")
    clones.sync(ada)
    before, there = bob.refs("refs/heads", "refs/migrate", "refs/notes"), origin.git("for-each-ref")
    theirs = ada.git("rev-parse", "--short=7", FIRST)
    sync(bob).ended(
        6,
        f"{FIRST} changed here and on origin: {theirs} there by Ada Lovelace <ada@example.com>, 2024-05-01T12:00:00",
        '"make p01-move-old"; nothing was moved, and nothing was pushed',
        f"migrate undo takes yours back, or git branch -m {FIRST} NAME",
    )
    assert bob.refs("refs/heads", "refs/migrate", "refs/notes") == before
    assert origin.git("for-each-ref") == there
    bob.type("undo", "--yes").ended(0)
    clones.sync(bob)
    assert clones.shared(bob)[f"refs/heads/{FIRST}"] == clones.shared(ada)[f"refs/heads/{FIRST}"]
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


def test_of_two_who_made_the_same_one_takes_the_others(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    bob.made("run")
    assert ada.git("rev-parse", FIRST) != bob.git("rev-parse", FIRST)
    old = bob.git("rev-parse", THIRD)
    clones.sync(ada)
    sync(bob).ended(0, "(make p01-move-old, Ada Lovelace; yours is the same)")
    assert bob.refs("refs/heads/migrate") == ada.refs("refs/heads/migrate")
    assert bob.states() == ["passed"] * 3
    assert old in bob.refs("refs/migrate/tidy/archive").values()
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)
    ada.type("sync").ended(4)
    bob.type("sync").ended(4)
    bob.sound()


def test_what_stood_on_a_phase_that_was_taken_is_restacked_before_it_is_pushed(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    bob.made("run")
    clones.sync(ada)
    sync(bob).ended(
        0, "p02-add-guide is not pushed: it stands on the earlier p01-move-old of this clone", "Next: migrate restack"
    )
    assert bob.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
    assert bob.states() == ["passed", "stale", "stale"]
    there = origin.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines()
    assert there == ["main", FIRST]
    bob.made("restack")
    clones.sync(bob, ada)
    assert ada.states() == bob.states() == ["passed"] * 3
    assert clones.shared(bob) == clones.shared(ada)


def test_the_same_tree_with_a_commit_by_hand_is_no_reason_to_take_the_others(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    bob.made("next")
    bob.commit("By hand", {"hand.txt": ""})
    clones.sync(ada)
    sync(bob).ended(6, f"{FIRST} changed here and on origin")


def test_a_branch_that_lost_can_be_kept_under_another_name(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    bob.made("next")
    bob.commit("By hand", {"hand.txt": ""})
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
    sync(bob).ended(6, '"Hers"', f"git rebase origin/{FIRST} {FIRST} puts your commits on top")
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
    ada.type("undo", "--yes").ended(6, f'"make p01-move-old" cannot be undone: {SECOND} stands on {FIRST}')
    assert ada.refs("refs/heads") == before
    bob.type("undo", "--yes").ended(0, '"make p02-add-guide"')
    bob.type("undo", "--yes").ended(6, "there is nothing of yours to undo")
    assert bob.states()[:2] == ["passed", "pending"]


def test_what_was_undone_after_a_sync_is_undone_there_too(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    before = ada.refs("refs/heads/migrate")
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.made("restack")
    sync(ada).ended(0, "They contain 1 commit of main that main on origin does not have")
    clones.sync(bob)
    ada.type("undo", "--yes").ended(0)
    sync(ada).ended(0, "(rewritten by undo: restack")
    clones.sync(bob)
    assert bob.refs("refs/heads/migrate") == before


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


def test_two_who_push_at_the_same_moment_do_not_overwrite_each_other(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.git("switch", "--quiet", FIRST)
    for round_ in range(4):
        for story in (ada, bob):
            story.commit(f"Edit {round_}", {f"{round_}.txt": f"{story.path}\n"})
        codes = at_once((ada, bob), "sync", "--yes")
        assert sorted(codes) == [0, 6]
        winner, loser = (ada, bob) if codes[0] == 0 else (bob, ada)
        assert origin.git("rev-parse", FIRST) == winner.git("rev-parse", FIRST)
        sync(loser).ended(6, f"{FIRST} changed here and on origin")
        loser.git("reset", "--quiet", "--hard", "HEAD~")
        clones.sync(loser)
        assert loser.git("rev-parse", FIRST) == winner.git("rev-parse", FIRST)
    ada.sound()


def who_ran_otherwise(clones: Clones, *commands: str) -> Clones:
    """Two people made the same phases, one of them from another module; Ada's are on the remote."""
    ada, bob, _ = clones
    bob.phase("p01_move_old.py", '"""Move old."""\n\n\ndef apply(ws):\n    ws.move("old", "newer")\n')
    for command in commands:
        ada.made(*command.split())
        bob.made(*command.split())
    return clones.sync(ada)


def done_as_told(clones: Clones, ran: Ran, *, renames: bool) -> None:
    """Assert that what a refusal advises makes the next sync work; `renames` chooses the second way."""
    bob = clones.bob
    bob.git("switch", "--quiet", "main")
    way = (
        ran.err.splitlines()[-1].partition("; then: ")[0].rpartition("or " if renames else ", or ")[2 if renames else 0]
    )
    found = re.match(r"migrate undo(?:, (\d) times,)? takes", way)
    if found is not None:
        for _ in range(int(found[1] or 1)):
            bob.type("undo", "--yes").ended(0)
    else:
        for command in re.split(r" && ", re.sub(r" (?:puts|keeps) .*", "", way)):
            bob.git(*command.split()[1:])
    clones.sync(bob)
    assert clones.shared(bob)[f"refs/heads/{FIRST}"] is not None
    assert [bob.git("merge-base", "--is-ancestor", f"origin/{each}", each) for each in (FIRST, SECOND)] == ["", ""]


@pytest.mark.parametrize("renames", [False, True])
@pytest.mark.parametrize(("commands", "said"), [(("run",), "migrate undo takes"), (("next", "next"), "undo, 2 times,")])
def test_of_several_branches_that_commands_made_the_advice_helps_all(
    clones: Clones, commands: tuple[str, ...], said: str, renames: bool
) -> None:
    who_ran_otherwise(clones, *commands)
    ran = sync(clones.bob).ended(6, FIRST, SECOND, said, f"git branch -m {SECOND} NAME2")
    done_as_told(clones, ran, renames=renames)


@pytest.mark.parametrize("renames", [False, True])
def test_of_several_branches_with_commits_by_hand_the_advice_helps_all(clones: Clones, renames: bool) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p02")
    clones.sync(ada, bob)
    for story, word in ((ada, "hers"), (bob, "his")):
        for branch in (FIRST, SECOND):
            story.git("switch", "--quiet", branch)
            story.commit(word, {f"{word}-{branch[-3:]}.txt": ""})
    clones.sync(ada)
    ran = sync(bob).ended(6, f"git rebase origin/{FIRST} {FIRST} && git rebase origin/{SECOND} {SECOND} puts")
    done_as_told(clones, ran, renames=renames)


def test_where_undo_would_be_refused_it_is_not_advised(clones: Clones) -> None:
    who_ran_otherwise(clones, "run")
    clones.bob.git("switch", "--quiet", THIRD)
    clones.bob.commit("By hand", {"hand.txt": ""})
    ran = sync(clones.bob).ended(6, f"git branch -m {THIRD} NAME3 keeps yours beside them; then: migrate sync")
    assert "undo" not in ran.err
    assert "rebase" not in ran.err
    done_as_told(clones, ran, renames=True)


def test_who_took_a_branch_by_a_sync_did_not_make_it(clones: Clones, tmp_path: Path) -> None:
    ada, bob, origin = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.made("next")
    clones.sync(bob)
    said = sync(clone(ada, origin, tmp_path / "eve", "Eve")).ended(0).text
    assert re.search(r"p01-move-old +new → \w+  \(make p01-move-old, Ada Lovelace\)", said)
    assert re.search(r"p02-add-guide +new → \w+  \(make p02-add-guide, Bob\)", said)
