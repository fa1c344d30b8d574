"""What a rollback decides before anything happens, and where it leaves the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import RefusedError
from migrate.orchestrator.rollback import RollbackPlan, plan_rollback
from migrate.orchestrator.switch import switch_if_safe
from migrate.stack.project import Project
from tests.story import Story


def decided(story: Story, name: str | None) -> RollbackPlan:
    """What rolling back would do now."""
    project = Project.open(story.path, None)
    return plan_rollback(project.look(), name)


def test_a_phase_goes_with_those_on_top_of_it(story: Story) -> None:
    story.begin().made("run")
    first = decided(story, "p01")
    assert [phase.id for phase in first.removed] == ["p01-move-old", "p02-add-guide", "p03-drop-notes"]
    assert (first.checkout_after, first.revert_branch) == ("main", None)
    assert decided(story, "p03_drop_notes.py").checkout_after == "migrate/tidy/p02-add-guide"
    assert decided(story, "migrate/tidy/p02-add-guide").checkout_after == "migrate/tidy/p01-move-old"


def test_without_a_failure_the_phase_must_be_named(story: Story) -> None:
    story.begin()
    with pytest.raises(RefusedError, match="name the phase to roll back") as nothing:
        decided(story, None)
    assert nothing.value.advice == "migrate status shows what there is"
    story.made("next")
    with pytest.raises(RefusedError, match="name the phase to roll back") as one:
        decided(story, None)
    assert one.value.advice == "migrate rollback p01-move-old"
    with pytest.raises(RefusedError, match="p02-add-guide has not been run"):
        decided(story, "p02")


def test_the_archive_keeps_hand_edits_too(story: Story) -> None:
    story.begin().made("next")
    edit = story.commit("By hand", {"hand.txt": "mine\n"})
    story.type("rollback", "p01", "--yes").ended(0, "+1 hand edit")
    kept = [ref for ref, oid in story.refs("refs/migrate/tidy/archive").items() if oid == edit]
    assert kept == ["refs/migrate/tidy/archive/3/p01-move-old"]
    assert story.branch() == "main"
    assert not (story.path / "hand.txt").exists()


def test_rollbacks_one_after_the_other_keep_everything(story: Story) -> None:
    story.begin()
    tips = []
    for _ in range(3):
        story.made("next")
        tips.append(story.commit("By hand", {f"{len(tips)}.txt": ""}))
        story.type("rollback", "p01", "--yes").ended(0)
    assert set(tips) <= set(story.refs("refs/migrate/tidy/archive").values())
    story.sound()


def test_a_rebase_in_progress_on_a_branch_that_goes_is_not_pulled_away(story: Story) -> None:
    story.begin().made("next")
    story.commit("By hand", {"hand.txt": ""})
    story.git("-c", "sequence.editor=sed -i 1s/pick/edit/", "rebase", "--quiet", "-i", "HEAD~1")
    before = story.refs("refs/heads")
    story.type("rollback", "p01", "--yes").ended(
        6, "migrate/tidy/p01-move-old would be deleted, but it is checked out in"
    )
    assert story.refs("refs/heads") == before


def test_a_switch_is_refused_with_its_reason(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    project = Project.open(story.path, None)
    story.write(".git/hooks/post-checkout", "#!/bin/sh\ntouch switched\n").chmod(0o755)
    assert switch_if_safe(project, "migrate/tidy/p03-drop-notes").done
    assert not (story.path / "switched").exists(), "the user is there, and git need not be asked"
    assert "switch" in switch_if_safe(project, "no-such-branch").why
    story.git("worktree", "add", "--quiet", str(tmp_path / "beside"), "main")
    assert switch_if_safe(project, "main").why == f"main is checked out in {tmp_path / 'beside'}"
    story.git("merge", "--quiet", "--no-commit", "--no-ff", "-s", "ours", "main", "migrate/tidy/p01-move-old")
    story.write("README.md", "mine\n")
    assert "1 change" in switch_if_safe(project, "migrate/tidy/p01-move-old").why
    assert story.branch() == "migrate/tidy/p03-drop-notes"


def test_a_phase_without_anything_below_cannot_be_undone(story: Story, tmp_path: Path) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", "migrate/tidy/p01-move-old")
    story.git("clone", "--quiet", "--depth=1", f"file://{story.path}", str(tmp_path / "shallow"))
    shallow = Story(tmp_path / "shallow")
    shallow.capture = story.capture
    shallow.git("branch", "migrate/tidy/p01-move-old")
    shallow.type("rollback", "p01", "--yes").ended(6, "p01-move-old is the first commit in this clone", "--unshallow")
