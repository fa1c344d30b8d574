"""`validate` says what is true of what is checked out: a stale phase, one without trailers, a branch of no phase."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone
from tests.story import PLAN, Story

REVERT = "migrate/tidy/revert-p02-add-guide"
CARRIED = "migrate/tidy/carried/topic"
MISSING = PLAN.replace('run = "if', 'requires = ["no-such-program"]\nrun = "if')
EACH = PLAN + "".join(
    f'\n[[validation]]\nname = "only-{number}"\nrun = "true"\nphases = ["p0{number}-*"]\n' for number in (1, 2, 3)
)


def break_it(story: Story, branch: str, files: dict[str, str] | None = None) -> str:
    """Commit what fails on a branch, and stay there."""
    story.git("switch", "--quiet", branch)
    return story.commit("Break it", {"broken": ""} if files is None else files)


def names(story: Story, *options: str) -> list[str]:
    """The validations that ran on a branch that is of no phase."""
    row = story.type("validate", "--json", *options).ended(0).json["checked_out"]
    return [validation["name"] for validation in row["validations"]]


@pytest.fixture
def shared(clones: Clones) -> Clones:
    """Three phases, made and on the remote."""
    clones.ada.made("run")
    return clones.sync(clones.ada)


@pytest.mark.parametrize("options", [(), ("--strict",), ("--all",), ("--again",), ("--json",)])
def test_a_stale_phase_that_fails_ends_like_any_other_that_does(story: Story, options: tuple[str, ...]) -> None:
    story.begin().made("run")
    break_it(story, SECOND, {"more.txt": ""})
    break_it(story, THIRD)
    assert story.states() == ["passed", "waiting", "stale"]
    ran = story.type("validate", *options).ended(1, "p03-drop-notes failed check: ", "Next: migrate restack")
    if "--json" in options:
        assert ran.json["error"]["code"] == "validation-failed"
        assert ran.json["error"]["message"].startswith("p03-drop-notes failed check")
    story.type("status", "--exit-code").ended(1)


def test_a_validation_that_cannot_run_fails_a_stale_phase_where_that_is_strict(story: Story) -> None:
    story.begin(MISSING).made("run")
    break_it(story, SECOND, {"more.txt": ""})
    story.git("switch", "--quiet", THIRD)
    story.type("validate").ended(0, "unavailable")
    story.type("validate", "--strict").ended(1, "unavailable")


@pytest.mark.parametrize("how", ["branch", "detached", "plain clone"])
def test_a_branch_whose_commit_lost_its_trailers_is_still_that_of_its_phase(
    shared: Clones, tmp_path: Path, how: str
) -> None:
    ada, _, origin = shared
    ada.git("switch", "--quiet", SECOND)
    ada.write("broken", "")
    ada.git("add", "--all")
    ada.git("commit", "--quiet", "--amend", "--message", "x")
    ada.git("push", "--quiet", "--force", "origin", SECOND)
    eve = clone(ada, origin, tmp_path / "eve", "Eve")
    eve.git("switch", "--quiet", *(("--detach", f"origin/{SECOND}") if how == "detached" else (SECOND,)))
    if how == "branch":
        eve.type("sync", "--fetch-only").ended(0)
        eve.git("switch", "--quiet", SECOND)
    said = eve.type("validate", "--strict").ended(1, "p02-add-guide", "check", "failed").text
    assert "p03-drop-notes" not in said.split("Next:")[0]
    eve.type("status", "--exit-code").ended(1)
    if how != "branch":
        eve.type("pr").ended(6, "p02-add-guide cannot be described")


def test_at_the_commit_of_one_phase_no_other_is_validated(shared: Clones, tmp_path: Path) -> None:
    ada, _, origin = shared
    ada.git("switch", "--quiet", THIRD)
    ada.git("commit", "--quiet", "--amend", "--message", "x")
    ada.git("push", "--quiet", "--force", "origin", THIRD)
    eve = clone(ada, origin, tmp_path / "eve", "Eve")
    eve.git("switch", "--quiet", "--detach", f"origin/{SECOND}")
    said = eve.type("validate").ended(0, "p02-add-guide").err
    assert "p03-drop-notes · " not in said


def test_the_branch_that_takes_a_phase_back_is_validated_by_what_concerns_that_phase(clones: Clones) -> None:
    ada, _, _ = clones
    ada.plan(EACH)
    ada.commit("A validation for each")
    ada.made("run")
    clones.sync(ada)
    ada.made("rollback", "p02", "--no-validate", "--yes")
    assert ada.branch() == REVERT
    ran = ada.type("validate", "--json").ended(0, f"{REVERT} (").json
    assert ran["checked_out"]["branch"] == REVERT
    assert ran["checked_out"]["commit"] == ada.git("rev-parse", REVERT)
    assert names(ada) == ["check", "only-2", "only-3"]
    assert names(ada, "--again") == ["check", "only-2", "only-3"]
    break_it(ada, REVERT)
    ran = ada.type("validate", "--json").ended(1, "check").json
    assert ran["error"]["message"].startswith(f"{REVERT} failed check")
    assert ran["checked_out"]["validations"][0]["outcome"] == "failed"
    ada.git("switch", "--quiet", "--detach", REVERT)
    ada.type("validate").ended(1, "check")
    ada.type("pr").ended(0, "Revert 2 phases")


@pytest.mark.parametrize("branch", [CARRIED, "migrate/tidy/p09-of-no-phase", "migrate/tidy/revert-by-hand"])
def test_on_a_branch_of_no_phase_every_validation_runs(clones: Clones, branch: str) -> None:
    ada, _, _ = clones
    ada.plan(EACH)
    ada.commit("A validation for each")
    ada.made("run")
    ada.git("switch", "--quiet", "-c", branch)
    assert names(ada) == ["check", "only-1", "only-2", "only-3"]
    break_it(ada, branch)
    ada.type("validate", "--strict").ended(1, branch, "check")
    ada.type("pr").ended(6, f"{branch} belongs to no phase", "migrate pr PHASE")


def test_a_branch_under_a_former_name_is_that_of_its_phase_until_it_has_another(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run", "--to", "p02")
    text = (ada.path / "phases/p02_add_guide.py").read_text()
    ada.git("switch", "--quiet", "main")
    ada.git("rm", "--quiet", "phases/p02_add_guide.py")
    ada.phase("p02_guide.py", f'{text}\n\nPHASE = Phase(formerly=("p02-add-guide",))\n')
    ada.commit("Rename it")
    break_it(ada, SECOND)
    ada.type("validate").ended(1, "p02-guide", "check")
    ada.git("branch", "migrate/tidy/p02-guide", f"{SECOND}^")
    ada.type("validate").ended(1, SECOND, "check")


def test_a_branch_whose_phase_has_landed_or_was_merged_is_validated_as_it_is(shared: Clones) -> None:
    ada, _, _ = shared
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.git("fetch", "--quiet")
    ada.git("branch", "--force", "main", "origin/main")
    break_it(ada, FIRST)
    assert ada.states()[0] == "landed"
    ada.type("validate").ended(1, FIRST, "check")
    ada.type("pr").ended(6, "p01-move-old has landed")


def test_a_branch_that_is_behind_the_remote_is_validated_as_it_is_here(shared: Clones) -> None:
    ada, bob, _ = shared
    ada.git("switch", "--quiet", SECOND)
    ada.commit("Break it", {"broken": ""})
    ada.git("push", "--quiet", "origin", SECOND)
    bob.git("fetch", "--quiet")
    bob.git("switch", "--quiet", SECOND)
    (ada.path / "broken").unlink()
    ada.commit("Mend it")
    ada.git("push", "--quiet", "origin", SECOND)
    bob.git("fetch", "--quiet")
    bob.type("validate").ended(1, SECOND, "check")
    bob.type("pr").ended(0, "Add a guide")
    bob.git("merge", "--quiet", "--ff-only", f"origin/{SECOND}")
    bob.type("validate").ended(0, "p02-add-guide")


def test_a_commit_that_is_of_no_branch_is_validated_as_it_is(shared: Clones) -> None:
    ada, _, _ = shared
    merge = ada.git("commit-tree", f"{THIRD}^{{tree}}", "-p", "main", "-p", THIRD, "-m", "Merge the pull request")
    ada.git("switch", "--quiet", "--detach", merge)
    said = ada.type("validate", "--json").ended(0).json["checked_out"]
    assert (said["branch"], said["commit"]) == (None, merge)
    ada.commit("Break it", {"broken": ""})
    ada.type("validate").ended(1, "check")


def test_elsewhere_the_highest_phase_is_validated(shared: Clones) -> None:
    ada, _, _ = shared
    for place in ("main", "--detach"):
        ada.git("switch", "--quiet", place, *(["main"] if place == "--detach" else []))
        assert "checked_out" not in ada.type("validate", "--json").ended(0, "p03-drop-notes").json
