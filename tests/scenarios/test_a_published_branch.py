"""What others can see is never rewritten: a new branch takes it back, and only what is ours alone is removed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.story import PHASES, Story

REMOVED = "refs/heads/migrate/tidy/p03-drop-notes"


@pytest.fixture
def published(story: Story, tmp_path: Path) -> Story:
    """Three phases, the lower two of them pushed to a remote."""
    story.begin().made("run")
    story.git("init", "--quiet", "--bare", str(tmp_path / "origin.git"))
    story.git("remote", "add", "origin", str(tmp_path / "origin.git"))
    story.git("push", "--quiet", "origin", "main", "migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide")
    return story


def test_one_published_phase_is_undone_by_one_commit(published: Story) -> None:
    before = published.refs("refs/heads", "refs/remotes")
    top = before.pop(REMOVED)
    said = published.migrate("rollback", "p02", "--yes").ended(0).err
    tip = before["refs/heads/migrate/tidy/p02-add-guide"]
    assert said.splitlines()[:5] == [
        "Rolling back p02-add-guide. This branch will be deleted; its commits stay in refs/migrate/tidy/archive/7:",
        f"  migrate/tidy/p03-drop-notes   {top[:7]}",
        "p02-add-guide is on origin. This does not rewrite a published branch (--withdraw removes it); it can be reverted:",
        f"  new branch migrate/tidy/revert-p02-add-guide with 1 commit that undoes {tip[:7]}",
        "You will be on migrate/tidy/revert-p02-add-guide.",
    ]
    after = published.refs("refs/heads", "refs/remotes")
    revert = after.pop("refs/heads/migrate/tidy/revert-p02-add-guide")
    assert after == before
    assert published.git("rev-parse", f"{revert}^") == tip
    assert published.git("rev-parse", f"{revert}^{{tree}}") == published.git("rev-parse", f"{tip}~^{{tree}}")
    assert list(published.refs("refs/migrate/tidy/archive").values()) == [top]
    assert published.branch() == "migrate/tidy/revert-p02-add-guide"
    published.untouched()
    published.sound()


def test_the_revert_is_validated_and_described(published: Story) -> None:
    published.type("rollback", "p01", "--yes").ended(
        0,
        "p01-move-old, p02-add-guide are on origin.",
        "with 2 commits that undo",
        "check ....",
        "Next: migrate sync",
    )
    tip = published.git("rev-parse", "HEAD")
    assert published.git("rev-parse", "HEAD^{tree}") == published.git("rev-parse", "main^{tree}")
    described = published.type("pr", "p01", "--revert").ended(0)
    assert described.err == "Revert 2 phases: p01-move-old to p02-add-guide\n"
    assert described.out.index("| `p02-add-guide` |") < described.out.index("| `p01-move-old` |")
    assert f"### Validation at {tip[:7]}" in described.out
    assert "| passed |" in described.out
    assert "`migrate/tidy/p02-add-guide`" in described.out
    published.type("pr", "p01", "--revert", "--out", "prs").ended(0, "wrote prs/revert-p01-move-old.md")
    assert (published.path / "prs/revert-p01-move-old.md").read_text() == described.out
    published.type("pr", "--revert").ended(2, "--revert needs the PHASE")
    assert published.type("pr", "p02", "--revert").ended(0).out == described.out
    published.type("pr", "p03", "--revert").ended(
        6, "p03-drop-notes is neither on origin nor part of main: there is nothing to revert"
    )
    published.type("pr", "--all", "--revert").ended(2, "--all cannot be combined with")


def test_a_mended_revert_is_still_described(published: Story) -> None:
    published.type("rollback", "p02", "--yes", "--no-validate").ended(0)
    published.commit("Mend the revert", {"mended": ""})
    described = published.type("pr", "p02", "--revert", "--json").ended(0).json
    assert [(pr["phase"], pr["title"]) for pr in described] == [("revert-p02-add-guide", 'Revert "Add a guide"')]
    assert "| check: " in described[0]["body"]
    assert "not run" in described[0]["body"]


def test_a_revert_that_fails_its_validation_is_said(published: Story) -> None:
    published.plan(extra='[[validation]]\nname = "guide"\nrun = "test -e guide.md"\nphases = ["p02-*"]\n')
    published.commit("Ask for the guide")
    published.type("rollback", "p02", "--yes").ended(1, "guide ....", "failed", "It failed its validations")
    assert "refs/heads/migrate/tidy/revert-p02-add-guide" in published.refs()


def test_a_second_rollback_of_the_same_phase_is_refused(published: Story) -> None:
    published.type("rollback", "p02", "--yes").ended(0)
    before = published.refs()
    published.type("rollback", "p02", "--yes").ended(6, "is there already", "migrate sync pushes it")
    assert published.refs() == before


def test_a_revert_that_later_commits_contradict_moves_nothing(published: Story) -> None:
    published.git("switch", "--quiet", "migrate/tidy/p03-drop-notes")
    published.git("switch", "--quiet", "main")
    published.git("merge", "--quiet", "--ff-only", "migrate/tidy/p02-add-guide")
    published.commit("Change the guide", {"guide.md": "Something else.\n"})
    published.git("switch", "--quiet", "migrate/tidy/p03-drop-notes")
    before = published.refs()
    published.type("rollback", "p02", "--yes").ended(
        6, "p02-add-guide cannot be reverted by itself: later commits touch guide.md", "git revert"
    )
    assert published.refs() == before
    assert published.branch() == "migrate/tidy/p03-drop-notes"


def test_what_is_ours_alone_is_removed_though_what_is_below_is_published(published: Story) -> None:
    published.type("rollback", "p03", "--yes").ended(0, "You are on migrate/tidy/p02-add-guide.")
    assert REMOVED not in published.refs()
    assert not any("revert" in ref for ref in published.refs())
    assert published.states() == ["passed", "passed", "pending"]


def test_a_landed_phase_is_undone_on_the_base(published: Story) -> None:
    published.git("switch", "--quiet", "main")
    published.git("merge", "--quiet", "--ff-only", "migrate/tidy/p01-move-old")
    published.type("rollback", "p01", "--yes").ended(
        0, "p01-move-old is part of main. What has landed is not rewritten; it can be reverted:"
    )
    assert published.git("rev-parse", "HEAD^") == published.git("rev-parse", "main")
    assert published.files("HEAD") >= {"old/a.txt", "old/b.txt"}
    described = published.type("pr", "p01", "--revert").ended(0)
    assert "stands on `main`" in described.out


def test_phases_squashed_into_one_commit_are_not_torn_apart(published: Story) -> None:
    published.git("switch", "--quiet", "main")
    message = published.git("log", "--format=%B%n", "--reverse", "main..migrate/tidy/p02-add-guide")
    published.git("merge", "--quiet", "--squash", "migrate/tidy/p02-add-guide")
    published.git("commit", "--quiet", "-m", f"Both\n\n{message}")
    assert published.states()[:2] == ["landed", "landed"]
    before = published.refs()
    published.type("rollback", "p01", "--yes").ended(6, "p01-move-old landed in one commit with p02-add-guide")
    assert published.refs() == before


def test_a_phase_that_says_nothing_of_itself_cannot_be_reverted(published: Story) -> None:
    published.git(
        "branch", "--force", "migrate/tidy/p02-add-guide", published.git("commit-tree", "main^{tree}", "-m", "x")
    )
    before = published.refs()
    published.type("rollback", "p02", "--yes").ended(6, "no commit of migrate/tidy/p02-add-guide has the trailers of")
    assert published.refs() == before


def test_only_the_phases_named_are_run_again(published: Story) -> None:
    published.phase("p04_more.py", PHASES["p02_add_guide.py"].replace("guide.md", "more.md").replace("a guide", "more"))
    published.commit("One more phase")
    published.type("rollback", "p03", "--yes").ended(0)
    published.type("run", "--to", "p03").ended(0)
    assert published.states() == ["passed", "passed", "passed", "pending"]
    published.type("run", "--to", "3").ended(4, "Every phase up to p03-drop-notes is made.")


def test_where_follows_a_phase_and_what_takes_it_back(published: Story) -> None:
    assert published.type("where", "old/a.txt").ended(0).out.strip() == "new/a.txt"
    published.type("rollback", "p01", "--yes", "--no-validate").ended(0)
    assert published.type("where", "old/a.txt").ended(0).out.strip() == "old/a.txt"


def test_where_follows_a_revert_by_git_too(published: Story) -> None:
    published.git("revert", "--no-edit", published.git("rev-list", "-1", "--grep=^Moved: ", "HEAD"))
    assert published.type("where", "old/a.txt").ended(0).out.strip() == "old/a.txt"
