"""The base moves, modules change, people push fixes: the phases run again, and nothing that a person did is lost."""

from __future__ import annotations

import shutil

import pytest

from tests.story import PLAN, Story, prepared

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


def base_moves(story: Story, files: dict[str, str], message: str = "Somebody else's") -> str:
    """A commit on the base, and back to where the user was."""
    here = story.branch()
    story.git("switch", "--quiet", "main")
    oid = story.commit(message, files)
    story.git("switch", "--quiet", here)
    return oid


def edit(story: Story, branch: str, files: dict[str, str], message: str = "By hand") -> str:
    """A person's commit on a branch."""
    story.git("switch", "--quiet", branch)
    return story.commit(message, files)


def tree(story: Story, revision: str) -> str:
    """The tree of a revision."""
    return story.git("rev-parse", f"{revision}^{{tree}}")


def test_the_stack_is_made_anew_on_the_base_as_it_is_now(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"old/c.txt": "c\n"})
    story.type("status").ended(0, "1 commit newer than the stack")
    said = story.type("restack").ended(0).err
    assert "p01-move-old passed" in said
    assert story.states() == ["passed"] * 3
    assert story.git("rev-parse", f"{FIRST}^") == story.git("rev-parse", "main")
    assert story.files(THIRD) >= {"new/a.txt", "new/c.txt", "guide.md"}
    assert story.branch() == THIRD
    story.untouched()
    story.sound()


def test_a_restack_gives_the_same_trees_as_a_fresh_run(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"old/c.txt": "c\n", "README.md": "See old/a.txt and old/b.txt.\n"})
    story.made("restack")
    again = [tree(story, branch) for branch in (FIRST, SECOND, THIRD)]
    story.type("rollback", "p01", "--yes").ended(0)
    story.made("run")
    assert [tree(story, branch) for branch in (FIRST, SECOND, THIRD)] == again


def test_a_restack_with_nothing_to_do_says_so(story: Story) -> None:
    story.begin().made("run")
    before = story.refs()
    story.type("restack").ended(4, "Every phase is up to date.")
    assert story.refs() == before


def test_only_the_phases_from_the_first_stale_one_run_again(story: Story) -> None:
    story.begin().made("run")
    first = story.git("rev-parse", FIRST)
    story.to_the_plan()
    file = story.path / "phases/p02_add_guide.py"
    file.write_text(file.read_text().replace("Read new", "Please read new"))
    assert story.states() == ["passed", "stale", "stale"]
    story.type("status").ended(0, "Next: migrate restack")
    story.made("restack")
    assert story.git("rev-parse", FIRST) == first
    assert story.git("show", f"{THIRD}:guide.md") == "Please read new/a.txt first."
    assert story.states() == ["passed"] * 3


def test_a_phase_whose_tree_comes_out_the_same_keeps_its_receipts(story: Story) -> None:
    story.begin(PLAN.replace("if test", "echo ran >> {log}; if test".format(log=story.path / ".git/ran"))).made("run")
    story.to_the_plan()
    file = story.path / "phases/p02_add_guide.py"
    file.write_text(file.read_text() + "# a word more\n")
    ran = (story.path / ".git/ran").read_text()
    story.type("restack").ended(0)
    assert (story.path / ".git/ran").read_text() == ran
    assert story.states() == ["passed"] * 3


def test_a_phase_that_is_inserted_below_others_is_run_by_the_restack(story: Story) -> None:
    story.begin().made("run")
    story.phase("p015_middle.py", '"""Write."""\n\n\ndef apply(ws):\n    ws.write("middle.txt", "")\n')
    story.plan(
        PLAN.replace(
            'title = "Tidy up"',
            'title = "Tidy up"\norder = [\n  "p01-move-old", "p015-middle", "p02-add-guide", "p03-drop-notes"]',
        )
    )
    story.made("restack")
    assert story.states() == ["passed"] * 4
    assert "middle.txt" in story.files(THIRD)


def test_what_stands_above_a_new_phase_says_that_it_has_not_run_yet(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    (story.path / "phases/p03_drop_notes.py").rename(story.path / "phases/p04_drop_notes.py")
    story.phase("p03_middle.py", '"""Write."""\n\n\ndef apply(ws):\n    ws.write("middle.txt", "")\n')
    phases = story.status()["phases"]
    assert [phase["state"] for phase in phases] == ["passed", "passed", "pending", "stale"]
    assert phases[3]["reason"] == "it was p03-drop-notes when it ran"
    (story.path / "phases/p04_drop_notes.py").rename(story.path / "phases/p03_drop_notes.py")
    (story.path / "phases/p03_middle.py").unlink()
    story.phase("p00_first.py", '"""Write."""\n\n\ndef apply(ws):\n    ws.write("first.txt", "")\n')
    reasons = [phase["reason"] for phase in story.status()["phases"]]
    assert reasons[1] == "p00-first, below it, has not run yet"
    assert "gone" not in "".join(filter(None, reasons))


def test_a_phase_that_cannot_run_on_the_new_base_moves_nothing(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"new/a.txt": "in the way\n"})
    before = story.refs()
    story.type("restack").ended(1, "phases/p01_move_old.py", '"new/a.txt" is there already')
    assert story.refs() == before
    assert story.states() == ["passed"] * 3
    story.untouched()


def test_hand_edits_are_carried_with_their_authors_and_dates(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", FIRST)
    story.write("new/a.txt", "a\nby hand\n")
    story.git("add", "--all")
    story.git(
        "-c", "user.name=Grace", "-c", "user.email=g@example.com", "commit", "-q", "-m", "Fix a", "--date=@1 +0100"
    )
    base_moves(story, {"old/b.txt": "b\nmore\n"})
    story.type("restack").ended(0, "1 hand edit carried over")
    assert story.git("show", f"{THIRD}:new/a.txt") == "a\nby hand"
    assert story.git("show", f"{THIRD}:new/b.txt") == "b\nmore"
    assert story.git("log", "-1", "--format=%an %ae %ad %s", "--date=raw", FIRST) == "Grace g@example.com 1 +0100 Fix a"
    assert story.status()["phases"][0]["hand_edits"] == 1
    assert story.states() == ["passed"] * 3


@pytest.mark.parametrize("how", ["amended", "squashed"])
def test_what_was_changed_in_the_phases_own_commit_is_carried(story: Story, how: str) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "a\nby hand\n"})
    if how == "squashed":
        edit(story, FIRST, {"more.txt": "more\n"})
    message = story.git("log", "-1", "--format=%B", "refs/migrate/tidy/made/p01-move-old")
    story.git("reset", "--quiet", "--soft", "main")
    story.git("commit", "--quiet", "-m", message.replace("Move old to new", "Move old to new, and mend it"))
    base_moves(story, {"old/b.txt": "b\nmore\n"})
    story.made("restack")
    assert story.git("show", f"{THIRD}:new/a.txt") == "a\nby hand"
    assert story.git("show", f"{THIRD}:new/b.txt") == "b\nmore"
    assert story.git("log", "-1", "--format=%s", FIRST) == "Move old to new, and mend it"
    assert story.git("rev-list", "--count", f"main..{FIRST}") == "1"
    assert ("more.txt" in story.files(THIRD)) == (how == "squashed")


def test_a_phase_that_was_rebased_by_hand_keeps_what_was_changed_and_takes_nothing_else_for_a_change(
    story: Story,
) -> None:
    story.begin().made("next")
    edit(story, FIRST, {"new/a.txt": "a\nby hand\n"})
    message = story.git("log", "-1", "--format=%B", "refs/migrate/tidy/made/p01-move-old")
    story.git("reset", "--quiet", "--soft", "main")
    story.git("commit", "--quiet", "-m", message)
    base_moves(story, {"else.txt": "else\n"})
    story.git("rebase", "--quiet", "main")
    base_moves(story, {"else.txt": "else again\n"})
    story.made("restack")
    assert story.git("show", f"{FIRST}:new/a.txt") == "a\nby hand"
    assert story.git("show", f"{FIRST}:else.txt") == "else again"


def test_a_hand_edit_that_the_base_has_now_is_left_out_and_said(story: Story) -> None:
    story.begin().made("run")
    edit(story, THIRD, {"else.txt": "the same\n"}, "Add else")
    base_moves(story, {"else.txt": "the same\n"})
    story.type("restack").ended(0, "left out, because it no longer changes anything", "Add else")
    assert story.status()["phases"][2]["hand_edits"] == 0


@prepared
def conflicting(story: Story) -> Story:
    """A hand edit that does not fit on the base as it is now."""
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "by hand\n"}, "Edit a")
    edit(story, FIRST, {"new/b.txt": "by hand too\n"}, "Edit b")
    base_moves(story, {"old/a.txt": "by the base\n", "old/b.txt": "by the base too\n"})
    return story


def test_a_conflict_stops_with_the_tree_in_a_slot_and_is_continued(story: Story) -> None:
    conflicting(story)
    before = story.refs("refs/heads")
    said = story.type("restack").ended(5, "p01-move-old: hand edit", '"Edit a" does not fit: conflict in new/a.txt').err
    assert "migrate continue" in said
    assert story.refs("refs/heads") == before
    slot = story.slots / "conflict-tidy-1"
    assert "<<<<<<<" in (slot / "new/a.txt").read_text()
    assert story.git("status", "--porcelain", cwd=slot) == "UU new/a.txt"
    story.type("status").ended(0, "migrate restack stopped at a conflict", "Next: migrate continue")
    settled = f"migrate continue when it is resolved in {slot}, or migrate abort"
    for command in (("next",), ("run",), ("restack",), ("undo",), ("rollback", "p01", "--yes"), ("validate",)):
        story.type(*command).ended(6, "stopped at a conflict", settled)
    story.type("continue").ended(5, "1 file still in conflict: new/a.txt")
    (slot / "new/a.txt").write_text("by both\n")
    story.type("continue").ended(5, '"Edit b" does not fit: conflict in new/b.txt')
    assert story.refs("refs/heads") == before
    (slot / "new/b.txt").write_text("by both too\n")
    story.type("continue").ended(0, "2 hand edits carried over")
    assert story.git("show", f"{THIRD}:new/a.txt") == "by both"
    assert story.git("show", f"{THIRD}:new/b.txt") == "by both too"
    assert story.git("log", "--format=%s", f"main..{FIRST}").splitlines()[:2] == ["Edit b", "Edit a"]
    assert story.states() == ["passed"] * 3
    story.type("continue").ended(6, "no command stopped at a conflict")
    story.sound()


def test_where_a_conflict_is_to_be_resolved_is_said_again(story: Story) -> None:
    conflicting(story)
    assert story.status()["conflict"] is None
    story.type("restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    for _ in range(2):
        story.type("status").ended(0, f"  resolve it in  {slot}\nNext: migrate continue")
        story.type("continue").ended(
            5, f"cd {slot}, edit away the lines with <<<<<<< and >>>>>>>, then: migrate continue"
        )
    assert story.status()["conflict"] == {"folder": str(slot), "files": ["new/a.txt"]}
    (slot / "new/a.txt").write_text("by both\n")
    story.git("commit", "--quiet", "--all", "--message", "Settle it", cwd=slot)
    story.type("status").ended(0, f"  resolve it in  {slot}\n")
    shutil.rmtree(slot)
    assert story.status()["conflict"] == {"folder": None, "files": ["new/a.txt"]}
    story.type("status").ended(0, "stopped at a conflict", "Next: migrate continue")
    story.type("continue").ended(5, "has been recreated", f"cd {slot}, edit what conflicts")
    story.type("status").ended(0, f"  resolve it in  {slot}\n")


def test_a_conflict_that_is_given_up_leaves_everything_as_it_was(story: Story) -> None:
    conflicting(story)
    before = story.refs("refs/heads")
    story.type("restack").ended(5)
    story.type("abort").ended(0, "No branch moved")
    assert story.refs("refs/heads") == before
    story.type("abort").ended(6, "no command stopped at a conflict")
    story.type("restack").ended(5, '"Edit a" does not fit')


def test_a_conflict_that_nobody_can_read_is_given_up_as_well(story: Story) -> None:
    story.begin().made("run")
    before = story.refs("refs/heads")
    pending_conflict = "refs/migrate/tidy/stopped"
    story.git("update-ref", "--create-reflog", "-m", "migrate: stop", pending_conflict, "main")
    for command in ("status", "next", "restack", "continue"):
        story.type(command).ended(2, "does not say what stopped", "migrate abort forgets it")
    story.type("abort").ended(0, "What stopped was given up. No branch moved.")
    assert pending_conflict not in story.refs()
    assert story.refs("refs/heads") == before
    assert story.type("journal", "-n", "1").ended(0).out.splitlines()[-1].startswith(f"    {pending_conflict}  ")
    story.type("status").ended(0)


@pytest.mark.parametrize("meanwhile", ["commit", "add", "reset", "gone"])
def test_plain_git_in_the_slot_confuses_nothing(story: Story, meanwhile: str) -> None:
    conflicting(story)
    story.type("restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    if meanwhile == "commit":
        story.git("add", "--all", cwd=slot)
        story.git("commit", "--quiet", "-m", "Mine", cwd=slot)
    elif meanwhile == "add":
        story.git("add", "new/a.txt", cwd=slot)
    elif meanwhile == "reset":
        story.git("reset", "--quiet", "--hard", cwd=slot)
        (slot / "new/a.txt").write_text("by both\n")
    else:
        story.git("worktree", "remove", "--force", "--force", str(slot))
        story.type("continue").ended(5, "it has been recreated")
        (slot / "new/a.txt").write_text("by both\n")
    story.type("continue").ended(5, '"Edit b" does not fit')
    (slot / "new/b.txt").write_text("by both too\n")
    story.type("continue").ended(0)
    assert story.git("show", f"{THIRD}:new/a.txt") == "by both"


def test_a_resolution_outlives_a_base_that_moves_on(story: Story) -> None:
    conflicting(story)
    story.type("restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    base_moves(story, {"old/b.txt": "b\n"})
    story.type("continue").ended(0)  # The tree is another one now, and the files that conflict are the same.
    assert story.git("show", f"{THIRD}:new/a.txt") == "by both"
    assert story.git("show", f"{THIRD}:new/b.txt") == "by hand too"


def test_a_binary_conflict_needs_a_decision(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "hand\0\n"}, "Edit a")
    base_moves(story, {"old/a.txt": "base\0\n"})
    story.type("restack").ended(5, "conflict in new/a.txt")
    slot = story.slots / "conflict-tidy-1"
    story.type("continue").ended(5, "1 file still in conflict: new/a.txt", f"cd {slot}, git add it or git rm it")
    story.git("checkout", "--theirs", "new/a.txt", cwd=slot)
    story.git("add", "new/a.txt", cwd=slot)
    story.type("continue").ended(0)
    assert story.git("show", f"{THIRD}:new/a.txt") == "hand\0"


def test_a_branch_that_is_checked_out_elsewhere_is_not_moved(story: Story, tmp_path: object) -> None:
    story.begin().made("run")
    story.git("worktree", "add", "--quiet", f"{tmp_path}/beside", SECOND)
    base_moves(story, {"old/c.txt": "c\n"})
    before = story.refs()
    story.type("restack").ended(6, f"{SECOND} would move, but it is checked out in {tmp_path}/beside")
    assert story.refs("refs/heads") == {k: v for k, v in before.items() if k.startswith("refs/heads")}


def test_a_dirty_tree_on_a_branch_that_moves_is_left_alone(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"old/c.txt": "c\n"})
    story.write("guide.md", "unsaved\n")
    before = story.refs("refs/heads")
    story.type("restack").ended(6, "which would move, and your work tree has 1 change")
    assert (story.path / "guide.md").read_text() == "unsaved\n"
    assert story.refs("refs/heads") == before


def test_a_dirty_tree_on_another_branch_does_not_hinder(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", "main")
    story.write("README.md", "unsaved\n")
    story.type("restack").ended(0)
    assert (story.path / "README.md").read_text() == "unsaved\n"
    assert story.branch() == "main"


def test_a_validation_that_fails_on_the_new_base_is_said(story: Story) -> None:
    story.begin().made("run")
    base_moves(story, {"broken": ""})
    story.type("restack").ended(1, "p01-move-old failed check: main.c:7: it is broken")
    assert story.states() == ["failed", "waiting", "waiting"]


def test_plan_shows_the_restack_before_it_happens(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    edit(story, FIRST, {"new/a.txt": "a\nby hand\n"})
    base_moves(story, {"old/c.txt": "c\n"})
    before = story.refs()
    said = story.type("plan").ended(0, "Restack: 2 phases to run again, 0 unchanged.", "Next: migrate restack").out
    assert "p01-move-old   runs again: the base has moved; 3 moved, 1 rewritten\n  + hand edit " in said
    assert "p02-add-guide   runs again: the branch that it stands on has moved; 1 written\n" in said
    assert "p03-drop-notes   Drop the notes\n  - notes.txt\n" in said
    assert story.refs() == before
    shown = story.type("plan", "--json").ended(0).json
    assert [row["id"] for row in shown["restack"]] == ["p01-move-old", "p02-add-guide"]
    assert [row["id"] for row in shown["phases"]] == ["p03-drop-notes"]
    assert shown["next"] == "migrate restack"


def test_plan_shows_what_stands_in_the_way_of_a_restack(story: Story) -> None:
    conflicting(story)
    before = story.refs()
    story.type("plan").ended(5, "! p01-move-old: hand edit", "does not fit: conflict in new/a.txt", "1 problem.")
    base_moves(story, {"new/a.txt": "in the way\n"})
    story.type("plan").ended(1, "p01-move-old   Move old to new", "is there already", "1 problem.")
    assert story.refs("refs/heads/migrate") == {k: v for k, v in before.items() if k.startswith("refs/heads/migrate")}


def test_a_message_that_was_reworded_and_what_others_added_to_it_stay(story: Story) -> None:
    story.begin().made("next")
    message = story.git("log", "-1", "--format=%B")
    story.git(
        "commit", "--quiet", "--amend", "-m", message.replace("was never", "should never have been") + "\nChange-Id: I1"
    )
    base_moves(story, {"old/c.txt": "c\n"})
    story.made("restack")
    said = story.git("log", "-1", "--format=%B", FIRST)
    assert "should never have been" in said
    assert said.rstrip().endswith("Change-Id: I1")
    assert said.count("Migration-Phase: p01-move-old") == 1
    assert story.status()["phases"][0]["hand_edits"] == 0


def test_hand_edits_follow_when_the_phase_moves_things_elsewhere_now(story: Story) -> None:
    story.begin().made("run")
    edit(story, FIRST, {"new/a.txt": "a\nby hand\n", "new/extra.txt": "extra\n"})
    story.git("switch", "--quiet", "main")
    file = story.path / "phases/p01_move_old.py"
    file.write_text(file.read_text().replace('"new', '"newer'))
    guide = story.path / "phases/p02_add_guide.py"
    guide.write_text(guide.read_text().replace("new/a", "newer/a"))
    story.type("restack").ended(0, "1 hand edit carried over")
    assert story.git("show", f"{THIRD}:newer/a.txt") == "a\nby hand"
    assert story.files(THIRD) >= {"newer/b.txt", "newer/extra.txt"}
    assert not [path for path in story.files(THIRD) if path.startswith("new/")]


def test_who_settles_a_conflict_may_type_everything_where_they_stand(story: Story) -> None:
    conflicting(story)
    story.type("restack").ended(5)
    slot = story.slots / "conflict-tidy-1"
    (slot / "new/a.txt").write_text("by both\n")
    story.type("status", cwd=slot / "new").ended(0, "Next: migrate continue")
    story.type("continue", cwd=slot / "new").ended(5, '"Edit b" does not fit')
    (slot / "new/b.txt").write_text("by both too\n")
    story.type("continue", cwd=slot).ended(0)
    assert story.states() == ["passed"] * 3


def test_undo_after_a_settled_conflict_does_not_bring_the_conflict_back(story: Story) -> None:
    conflicting(story)
    before = story.refs("refs/heads")
    story.type("restack").ended(5)
    for name in ("a", "b"):
        (story.slots / f"conflict-tidy-1/new/{name}.txt").write_text("by both\n")
        story.type("continue")
    story.type("undo", "--yes").ended(0)
    assert story.refs("refs/heads") == before
    story.type("restack").ended(5, '"Edit a" does not fit')


def test_what_a_person_settled_is_not_laid_out_over_when_git_fails_in_the_slot(story: Story) -> None:
    conflicting(story)
    story.type("restack").ended(5)
    file = story.slots / "conflict-tidy-1/new/a.txt"
    file.write_text("by both\n")
    head = story.path / ".git/worktrees/conflict-tidy-1/HEAD"
    whole = head.read_text()
    head.write_text("0" * 40 + "\n")
    assert story.type("continue").code in (1, 2)
    assert file.read_text() == "by both\n"
    head.write_text(whole)
    story.type("continue").ended(5, '"Edit b" does not fit')
