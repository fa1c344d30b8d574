"""`carry`: a colleague's branch comes across the migration, conflicts only where it would have anyway, and stays as it
was."""

from __future__ import annotations

import pytest

from tests.story import PHASES, Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
FEATURE = "migrate/tidy/carried/feature"


def commit_on(story: Story, branch: str, *steps: tuple[str, dict[str, str]], start: str = "main") -> str:
    """Commits on a branch of a colleague's; back on the branch where the user was."""
    here = story.branch()
    if f"refs/heads/{branch}" not in story.refs():
        story.git("branch", branch, start)
    story.git("switch", "--quiet", branch)
    for message, files in steps:
        for path, text in files.items():
            story.write(path, text)
        story.git("add", "--all")
        who = ("-c", "user.name=Grace", "-c", "user.email=g@example.com")
        story.git(*who, "commit", "--quiet", "--message", message, "--date=@5 +0200")
    tip = story.git("rev-parse", "HEAD")
    story.git("switch", "--quiet", here)
    return tip


def test_a_branch_is_carried_commit_by_commit_onto_the_stack(story: Story) -> None:
    story.begin()
    tip = commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}), ("Add c", {"old/c.txt": "c\n"}))
    story.made("run")
    story.type("carry", "feature").ended(0, f"feature is carried to {FEATURE}", "2 commits", f"git switch {FEATURE}")
    assert story.git("rev-parse", "feature") == tip
    assert story.git("rev-parse", f"{FEATURE}~2") == story.git("rev-parse", THIRD)
    log = story.git("log", "--format=%s|%an|%ae|%ad", "--date=raw", f"{THIRD}..{FEATURE}").splitlines()
    assert log == ["Add c|Grace|g@example.com|5 +0200", "Edit a|Grace|g@example.com|5 +0200"]
    assert story.files(FEATURE) == story.files(THIRD) | {"new/c.txt"}
    assert story.git("show", f"{FEATURE}:new/a.txt") == "a\nmine"
    assert story.branch() == THIRD
    story.sound()


def test_what_is_carried_is_what_the_migration_makes_of_the_branch(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n", "README.md": "See old/a.txt, old/b.txt.\n"}))
    story.made("run").made("carry", "feature")
    carried = story.git("rev-parse", f"{FEATURE}^{{tree}}")
    story.type("rollback", "p01", "--yes").ended(0)
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", "feature")
    story.made("run")
    assert story.git("rev-parse", f"{THIRD}^{{tree}}") == carried


@pytest.mark.parametrize("landed", [False, True])
def test_it_conflicts_where_a_plain_rebase_would_and_goes_on(story: Story, landed: bool) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "mine\n"}), ("Edit b", {"old/b.txt": "mine\n"}))
    story.commit("Theirs", {"old/a.txt": "theirs\n"})
    story.made("run")
    if landed:
        story.git("switch", "--quiet", "main")
        story.git("merge", "--quiet", "--no-ff", "-m", "Merge", THIRD)
        story.commit("On and on", {"else.txt": ""})
        story.type("land", "--yes").ended(0)
    before = story.refs("refs/heads")
    story.type("carry", "feature").ended(5, "feature: ", '"Edit a" (where it goes without the migration) does not fit')
    story.type("status").ended(0, '"Edit a" (where it goes without the migration).\n')
    assert story.refs("refs/heads") == before
    slot = story.slots / "conflict-tidy-1"
    (slot / "old/a.txt").write_text("both\n")
    story.type("continue").ended(0, f"feature is carried to {FEATURE}")
    assert story.git("show", f"{FEATURE}:new/a.txt") == "both"
    assert story.git("show", f"{FEATURE}:new/b.txt") == "mine"
    assert ("else.txt" in story.files(FEATURE)) == landed


def test_a_branch_is_carried_onto_the_base_when_everything_has_landed(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    story.made("run")
    story.git("switch", "--quiet", "main")
    for branch in (FIRST, SECOND, THIRD):
        message = story.git("log", "-1", "--format=%B", branch)
        story.git("cherry-pick", "--no-commit", branch)
        story.git("commit", "--quiet", "-m", message)
        story.commit("In between", {f"{branch[13:16]}.txt": ""})
    story.type("land", "--yes").ended(0)
    story.type("carry", "feature").ended(0)
    assert story.git("rev-parse", f"{FEATURE}^") == story.git("rev-parse", "main")
    assert story.git("diff", "--name-only", "main", FEATURE) == "new/a.txt"


def test_reports_of_landed_phases_do_not_change_with_a_branch(story: Story) -> None:
    report = '"""Count."""\n\n\ndef apply(ws):\n    ws.write("COUNT.md", f"{len(ws.files())} files\\n")\n'
    story.begin(p01_count=report, p02_move=PHASES["p01_move_old.py"])
    commit_on(story, "feature", ("Add c", {"old/c.txt": "c\n"}))
    story.made("run")
    story.type("carry", "feature").ended(0)
    top = "migrate/tidy/p02-move"
    assert story.git("diff", "--name-only", top, FEATURE).split() == ["COUNT.md", "new/c.txt"]
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", top)
    story.type("carry", "feature").ended(0)
    assert story.git("diff", "--name-only", "main", FEATURE) == "new/c.txt"


def test_a_branch_that_stands_on_a_phase_is_carried_past_the_phases_above(story: Story) -> None:
    story.begin().made("run", "--to", "p01")
    commit_on(story, "feature", ("Edit a", {"new/a.txt": "a\nmine\n"}), start=FIRST)
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/b.txt": "b\nnewer\n"})
    story.made("restack").made("run")
    story.type("carry", "feature").ended(0, "1 commit")
    assert story.git("rev-parse", f"{FEATURE}^") == story.git("rev-parse", THIRD)
    assert story.git("diff", "--name-only", THIRD, FEATURE) == "new/a.txt"


def test_a_merge_of_the_base_into_the_branch_keeps_what_it_settled(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "mine\n"}))
    story.commit("Newer", {"old/b.txt": "b\nnewer\n"})
    story.git("switch", "--quiet", "feature")
    story.git("merge", "--quiet", "--no-ff", "--no-commit", "main")
    story.write("old/a.txt", "mine, merged\n")
    story.git("commit", "--quiet", "--all", "-m", "Merge main")
    story.git("switch", "--quiet", "main")
    story.made("run")
    story.type("carry", "feature").ended(0)
    assert story.git("show", f"{FEATURE}:new/a.txt") == "mine, merged"
    assert story.git("show", f"{FEATURE}:new/b.txt") == "b\nnewer"


def test_carrying_again_changes_nothing_unless_the_branch_did(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    story.made("run").made("carry", "feature")
    before = story.refs()
    story.type("carry", "feature").ended(4, f"{FEATURE} has all of feature already")
    assert story.refs() == before
    commit_on(story, "feature", ("Edit b", {"old/b.txt": "b\nmine\n"}))
    story.type("carry", "feature").ended(0, "2 commits")
    assert before[f"refs/heads/{FEATURE}"] in story.refs("refs/migrate/tidy/archive").values()


def test_a_carried_branch_on_which_somebody_worked_is_not_replaced(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    story.made("run").made("carry", "feature")
    story.git("switch", "--quiet", FEATURE)
    story.commit("Mine", {"mine.txt": ""})
    story.type("carry", "feature").ended(6, "is not as carry left it", "git branch -m")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("featur", 'there is no branch "featur" here or on origin; did you mean "feature"?'),
        ("main", "belongs to the migration itself"),
        (FIRST, "belongs to the migration itself"),
        ("empty", "empty has no commit of its own"),
        ("orphan", "orphan shares no history with main"),
        ("done", "done already has every phase that was made"),
    ],
)
def test_what_cannot_be_carried_is_said(story: Story, name: str, said: str) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    story.git("branch", "empty", "main")
    story.git("switch", "--quiet", "--orphan", "orphan")
    story.commit("Alone", {"alone.txt": ""})
    story.git("switch", "--quiet", "main")
    story.made("run")
    commit_on(story, "done", ("On top", {"top.txt": ""}), start=THIRD)
    before = story.refs()
    story.type("carry", name).ended(6, said)
    assert story.refs() == before


def test_a_branch_on_a_newer_base_than_the_stack_asks_for_a_restack(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"newer.txt": ""})
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    story.type("carry", "feature").ended(6, "feature stands on a newer main than the stack", "migrate restack")
    story.made("restack").made("carry", "feature")


def test_every_branch_of_the_remote_is_carried_with_a_table(story: Story, tmp_path: object) -> None:
    story.begin()
    commit_on(story, "feature", ("Edit a", {"old/a.txt": "a\nmine\n"}))
    commit_on(story, "clash", ("Edit b", {"old/b.txt": "mine\n"}))
    story.git("branch", "empty", "main")
    story.commit("Newer", {"old/b.txt": "theirs\n"})
    story.git("init", "--quiet", "--bare", f"{tmp_path}/origin.git")
    story.git("remote", "add", "origin", f"{tmp_path}/origin.git")
    story.git("push", "--quiet", "origin", "main", "feature", "clash", "empty")
    story.git("branch", "-D", "feature", "clash", "empty")
    story.made("run")
    said = story.type("carry", "--all").ended(5, "Next: migrate carry clash").out
    assert said.splitlines() == [
        "clash    conflicts  old/b.txt",
        "empty    stays      has no commit of its own",
        f"feature  carried    1 commit → {FEATURE}",
    ]
    assert f"refs/heads/{FEATURE}" in story.refs()
    rows = story.type("carry", "--all", "--json").ended(5).json
    assert [(row["name"], row["outcome"]) for row in rows] == [
        ("clash", "conflicts"),
        ("empty", "stays"),
        ("feature", "same"),
    ]
    story.type("carry", "origin/feature").ended(4)
    story.type("undo", "--yes").ended(0)
    assert f"refs/heads/{FEATURE}" not in story.refs()


def test_a_commit_on_which_the_migration_cannot_run_is_named(story: Story) -> None:
    story.begin()
    commit_on(story, "feature", ("In the way", {"new/a.txt": "in the way\n"}))
    story.made("run")
    story.type("carry", "feature").ended(6, "the migration cannot run on ", '"In the way"', "new/a.txt")


def test_a_package_that_the_branch_deletes_is_no_obstacle(story: Story) -> None:
    story.begin()
    story.git("switch", "--quiet", "-c", "feature")
    story.git("rm", "--quiet", "-r", "old", "notes.txt")
    story.commit("Drop it all")
    story.git("switch", "--quiet", "main")
    story.made("run")
    story.type("carry", "feature").ended(0)
    assert "new/a.txt" not in story.files(FEATURE)


def test_the_words_are_checked(story: Story) -> None:
    story.begin().made("run")
    story.type("carry").ended(2, "give a BRANCH or --all")
    story.type("carry", "feature", "--all").ended(2, "give a BRANCH or --all")
