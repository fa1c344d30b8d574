"""The plan is read where its base branch has it: whatever is checked out, everybody runs the same phases."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from tests.scenarios.clones import Clones, clone
from tests.story import PHASES, PLAN, Story

GUIDE = PHASES["p02_add_guide.py"]
OTHER_GUIDE = GUIDE.replace("Read new/a.txt first.", "Begin with new/a.txt.")


def test_on_a_phases_branch_the_plan_is_that_of_the_base(story: Story) -> None:
    story.begin().made("next")
    assert story.branch() == "migrate/tidy/p01-move-old"
    story.type("status").ended(0, f"plan migrate.toml on main at {story.git('rev-parse', '--short', 'main')}\n")
    assert story.status()["plan"] == {
        "file": "migrate.toml",
        "from": "base",
        "commit": story.git("rev-parse", "main"),
        "differs": False,
    }


def test_an_edit_on_a_phases_branch_is_not_used_and_status_says_so(story: Story) -> None:
    story.begin().made("next")
    story.write("phases/p02_add_guide.py", OTHER_GUIDE)
    for report in ("status", "plan", "verify", "log"):
        told = story.type(report).ended(0, "the copy in your work tree differs and is not used").text
        assert f"migrate.toml on main at {story.git('rev-parse', '--short', 'main')}" in told
        assert story.type(report, "--json").json["plan"]["differs"] is True
    story.type("next").ended(0)
    assert story.git("show", "migrate/tidy/p02-add-guide:guide.md") == "Read new/a.txt first."


def test_where_the_base_is_checked_out_its_work_tree_counts_edits_included(story: Story) -> None:
    story.begin()
    story.phase("p02_add_guide.py", OTHER_GUIDE)
    story.type("status").ended(0, "plan migrate.toml, from your work tree\n")
    story.made("run")
    assert story.git("show", "migrate/tidy/p02-add-guide:guide.md") == "Begin with new/a.txt."


def test_a_branch_that_is_older_than_the_plan_has_one(story: Story) -> None:
    story.commit("Before any plan")
    story.git("branch", "old")
    story.begin().made("next")
    story.git("switch", "--quiet", "old")
    assert not (story.path / "migrate.toml").exists()
    assert story.states() == ["passed", "pending", "pending"]
    story.type("next").ended(0, "p02-add-guide passed")


def test_a_base_with_another_name_is_found_where_the_remote_says_so(story: Story, tmp_path: Path) -> None:
    story.commit("Before any plan")
    story.git("branch", "old")
    story.git("switch", "--quiet", "-c", "release")
    story.begin(PLAN.replace("[migration]", '[migration]\nbase = "release"'))
    story.git("clone", "--quiet", str(story.path), str(tmp_path / "clone"))
    other = Story(tmp_path / "clone")
    other.capture = story.capture
    other.git("switch", "--quiet", "--detach", "origin/old")
    other.type("status").ended(0, "plan migrate.toml on release at ")


def test_a_plan_that_git_does_not_track_is_read_from_disk(story: Story, tmp_path: Path) -> None:
    story.commit("Begin", {"old/a.txt": "a\n", "README.md": "See old/.\n"})
    story.plan()
    story.phase("p01_move_old.py", PHASES["p01_move_old.py"])
    story.made("next")
    story.write("migrate.toml", PLAN.replace("Tidy up", "Tidy up well"))
    story.type("status").ended(0, "tidy · Tidy up well", "plan migrate.toml\n")


def test_a_plan_that_is_named_wins_over_all(story: Story, tmp_path: Path) -> None:
    story.begin().made("next")
    named = tmp_path / "named.toml"
    named.write_text(PLAN.replace("Tidy up", "Tidy otherwise") + "")
    (tmp_path / "phases").mkdir()
    (tmp_path / "phases/p01_move_old.py").write_text('"""Other."""\n\n\ndef apply(ws):\n    pass\n')
    story.type("--plan", str(named), "status").ended(0, "Tidy otherwise", f"plan {named}\n")


def test_a_restack_that_fetches_runs_the_new_module(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    bob.phase("p02_add_guide.py", OTHER_GUIDE)
    bob.commit("Begin otherwise")
    bob.git("push", "--quiet", "origin", "main")
    ada.type("restack", "--fetch").ended(0, "p02-add-guide")
    assert ada.git("show", "migrate/tidy/p02-add-guide:guide.md") == "Begin with new/a.txt."
    assert ada.states() == ["passed"] * 3


def test_a_restack_that_fetches_on_the_base_itself_runs_the_new_module_too(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", "main")
    bob.phase("p02_add_guide.py", OTHER_GUIDE)
    bob.commit("Begin otherwise")
    bob.git("push", "--quiet", "origin", "main")
    ada.type("restack", "--fetch").ended(0)
    assert ada.git("show", "migrate/tidy/p02-add-guide:guide.md") == "Begin with new/a.txt."
    assert ada.branch() == "main"
    ada.untouched()


def test_the_plan_of_the_base_is_named_with_its_branch_where_it_is_wrong(story: Story) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.write("migrate.toml", PLAN.replace("title", "titel"))
    story.commit("Spoil the plan")
    story.git("switch", "--quiet", "migrate/tidy/p01-move-old")
    story.type("status").ended(2, 'main:migrate.toml:3: [migration] knows no "titel"; did you mean "title"?')


def test_a_reviewer_in_a_plain_clone_sees_and_validates_the_phase_that_they_look_at(
    clones: Clones, tmp_path: Path
) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    reviewer = clone(ada, origin, tmp_path / "reviewer", "Rita")
    reviewer.git("switch", "--quiet", "migrate/tidy/p02-add-guide")
    phases = reviewer.status()["phases"]
    assert [phase["remote"]["place"] for phase in phases] == ["remote", "pushed", "remote"]
    assert "pending" not in [phase["state"] for phase in phases]
    reviewer.type("validate").ended(0, "p02-add-guide passed")
    reviewer.type("pr").ended(0, "**Phase 2 of 3**")
    reviewer.type("next").ended(6, "p01-move-old is on origin", "migrate sync")


def test_ci_at_a_detached_commit_of_a_phase_sees_validates_and_describes_it(clones: Clones, tmp_path: Path) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ci = clone(ada, origin, tmp_path / "ci", "CI")
    ci.git("switch", "--quiet", "--detach", "origin/migrate/tidy/p02-add-guide")
    assert "pending" not in ci.states()
    ci.type("validate").ended(0, "p02-add-guide passed")
    ci.type("pr").ended(0, "**Phase 2 of 3**")


def test_where_the_plan_cannot_be_laid_out_that_is_said(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    story.begin().made("next")
    shutil.rmtree(story.path / ".git/migrate/plans", ignore_errors=True)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        story.type("status").ended(2, "cannot be written: No space left on device", "make room there")
    story.type("status").ended(0)


@pytest.mark.parametrize("key", ["base", "remote", "phases", "templates"])
def test_a_nul_byte_in_what_is_read_before_the_plan_is_an_error_of_the_plan(story: Story, key: str) -> None:
    story.begin()
    story.write("migrate.toml", f'[migration]\nname = "tidy"\n{key} = "a\\u0000"\n')
    story.type("status").ended(2, "holds a NUL byte", "migrate.toml:3")
