"""What `status` says of each state, in words, in JSON and by its exit code; and that nothing unproven counts as
passed."""

from __future__ import annotations

import subprocess

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone
from tests.story import BREAKING, PHASES, PLAN, Story

NO_TOOL = """\
[migration]
name = "tidy"
title = "Tidy up"

[[validation]]
name = "image"
run = ["nodock", "build"]
requires = ["nodock"]
"""
STRICT = NO_TOOL.replace("title", "strict = true\ntitle")
BASELINE = """
[[validation]]
name = "lint"
run = "echo main.c:7: an old flaw; exit 1"
baseline = '\\.c:\\d+: '
"""


def exit_codes(story: Story) -> tuple[int, int]:
    """How `status` ends, and how with `--exit-code`."""
    return story.type("status").code, story.type("status", "--exit-code").code


def test_the_exit_code_answers_for_the_whole_stack(story: Story) -> None:
    lower = {name.removesuffix(".py"): text for name, text in PHASES.items() if "p03" not in name}
    story.begin(PLAN, **lower, p03_break=BREAKING)
    assert exit_codes(story) == (0, 8)
    story.made("next")
    assert exit_codes(story) == (0, 8)
    story.type("run", "--to", "p03-break").ended(1)
    assert exit_codes(story) == (0, 1)
    story.made("rollback", "--yes")
    story.git("switch", "--quiet", "main")
    (story.path / "phases/p03_break.py").unlink()
    story.commit("Without the third")
    story.made("restack")
    assert exit_codes(story) == (0, 0)


def test_the_exit_code_tells_of_a_conflict(story: Story) -> None:
    story.begin().made("next")
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/a.txt": "by the base\n"})
    story.type("restack").ended(5)
    assert exit_codes(story) == (0, 5)


def test_a_phase_of_which_nothing_could_run_is_unvalidated_everywhere(story: Story) -> None:
    ran = story.begin(NO_TOOL).type("run").ended(0)
    assert "passed" not in ran.text
    assert story.states() == ["unvalidated"] * 3
    told = story.type("status").ended(0, "All 3 phases are made: 3 unvalidated; image could not run.").text
    assert told.count("image unavailable  unvalidated") == 3
    assert story.type("status", "--exit-code").code == 8
    assert story.type("validate", "--all").ended(0).text.count("passed") == 0
    story.type("log").ended(0, "3 phases: 3 unvalidated.")
    story.type("pr", "p01").ended(0, "**not run**: nodock is not installed")


def test_strict_makes_what_cannot_run_a_failure(story: Story) -> None:
    again, said = "migrate validate --strict p01-move-old", "could not run image, and --strict was given: nodock is not"
    fix = f"make sure that `image` can run here, then: {again}"
    story.begin(NO_TOOL).type("next", "--strict").ended(1, said, fix)
    story.type("run", "--strict").ended(6, said, f"{fix}; or: migrate rollback")
    for command in (again.split()[1:], ["validate", "--all", "--strict"], ["validate", "--strict"]):
        told = story.type(*command, "--json").ended(1, said).json
        assert (told["next"], told["error"]["advice"]) == (again, f"{fix}; or: migrate rollback")
    assert story.states()[0] == "unvalidated"  # The plan itself does not ask for it.
    story.plan(STRICT)
    story.commit("Be strict")
    story.made("restack", "--no-validate")
    story.type("validate", "p01").ended(1, "could not run image, and the plan is strict: nodock is not installed")
    story.type("status").ended(0, "make sure that `image` can run here, then: migrate validate p01-move-old")
    assert story.states()[0] == "failed"
    story.type("next").ended(6, "image")


def test_flaws_that_the_base_has_too_are_said_to_be_as_on_the_base(story: Story) -> None:
    story.begin(PLAN + BASELINE).type("next").ended(0)
    assert "lint as on the base" in story.type("status").ended(0).text
    assert story.status()["phases"][0]["validations"][1]["outcome"] == "no-worse"


def test_where_a_branch_is_stands_behind_its_phase(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", FIRST)
    assert [line.rpartition("  ")[2] for line in lines(ada)] == ["pushed"] * 3
    ada.commit("Hers", {"hers.txt": ""})
    assert " 1 ahead" in lines(ada)[0]
    bob.git("switch", "--quiet", SECOND)
    bob.commit("His", {"his.txt": ""})
    bob.git("push", "--quiet", "origin", SECOND)
    ada.git("fetch", "--quiet")
    assert " 1 behind" in lines(ada)[1]
    assert places(ada) == [("ahead", 1, 0), ("behind", 0, 1), ("pushed", 0, 0)]
    bob.git("switch", "--quiet", FIRST)
    bob.commit("His, too", {"his-too.txt": ""})
    bob.git("push", "--quiet", "origin", FIRST)
    ada.git("fetch", "--quiet")
    assert " 1 ahead, 1 behind" in lines(ada)[0]
    assert places(ada)[0] == ("diverged", 1, 1)
    fresh = clone(ada, origin, origin.path.parent / "fresh", "Cy")
    assert places(fresh)[2] == ("remote", 0, 0)
    assert lines(fresh)[2].endswith("on origin")


def lines(story: Story) -> list[str]:
    """The line of each phase."""
    return [line for line in story.type("status").ended(0).out.splitlines() if line[4:7] in ("p01", "p02", "p03")]


def places(story: Story) -> list[tuple[str, int, int]]:
    """Where each branch is, for programs."""
    remotes = [phase["remote"] for phase in story.status()["phases"]]
    return [(each["place"], each["ahead"], each["behind"]) for each in remotes]


def test_a_landing_that_was_reverted_is_told_with_the_commit_that_did_it(story: Story) -> None:
    story.begin().made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.git("commit", "--quiet", "-m", story.git("log", "-1", "--format=%B", FIRST))
    story.git("revert", "--no-edit", "HEAD")
    revert = story.git("rev-parse", "--short", "HEAD")
    phase = story.status()["phases"][0]
    assert phase["state"] == "reverted"
    assert phase["reason"].startswith(f"reverted on main by {revert} ")


def test_a_landing_is_found_below_a_long_history(story: Story) -> None:
    story.begin().made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", FIRST)
    stream = "".join(
        f"commit refs/heads/main\ncommitter A <a@b> {1_800_000_000 + number} +0000\ndata 5\nElse\n"
        + (f"from {story.git('rev-parse', 'HEAD')}\n" if number == 0 else "")
        for number in range(400)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=story.path, input=stream.encode(), check=True)
    assert story.states()[0] == "landed"


def test_next_in_a_fresh_clone_knows_what_landed(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("next")
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    fresh = clone(ada, origin, origin.path.parent / "fresh", "Cy")
    fresh.type("next").ended(0, "p02-add-guide")
    assert [phase["state"] for phase in fresh.status()["phases"]] == ["landed", "passed", "pending"]


def test_a_copy_of_the_plan_that_a_branch_has_committed_is_not_used(story: Story) -> None:
    story.begin().git("switch", "--quiet", "--create", "topic")
    story.commit("Another plan", {"migrate.toml": PLAN.replace("Tidy up", "Tidier")})
    told = story.type("status").ended(0, "tidy · Tidy up\n").text
    assert "the copy in your work tree differs and is not used" in told


def test_land_makes_a_published_phase_anew_and_sync_puts_it_in_the_place_of_the_old_one(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada)
    before = origin.git("rev-parse", SECOND)
    bob.git("fetch", "--quiet")
    bob.git("merge", "--quiet", "--squash", f"origin/{FIRST}")
    bob.commit("Tidy (#1)\n\n" + ada.git("log", "-1", "--format=%b", FIRST))
    bob.git("push", "--quiet", "origin", "main")
    ada.type("land", "--fetch", "--yes").ended(0)
    assert ada.git("rev-parse", f"{SECOND}^") == origin.git("rev-parse", "main")
    assert origin.git("rev-parse", SECOND) == before
    clones.sync(ada)
    assert origin.git("rev-parse", SECOND) == ada.git("rev-parse", SECOND) != before


def test_land_moves_nothing_where_nothing_landed(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    before = story.refs()
    story.type("land", "--yes").ended(4)
    assert story.refs() == before


def test_a_helper_that_nothing_imports_changes_nothing_for_anybody(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    ada.commit("A helper", {"phases/helper.py": "WORDS = ()\n"})
    ada.git("push", "--quiet", "origin", "main")
    before = clones.shared(ada)
    assert ada.states() == ["passed"] * 3
    ada.type("sync", "--yes").ended(4)
    assert clones.shared(ada) == before
    bob.git("switch", "--quiet", THIRD)
    bob.git("fetch", "--quiet", "origin", "main:main")
    assert bob.states() == ["passed"] * 3


def test_status_v_says_how_much_is_kept(story: Story) -> None:
    story.begin().made("run").made("rollback", "p03", "--yes")
    story.type("status", "-v").ended(0, "archive       ", ".git/migrate  ", "logs ")
    kept = story.type("status", "-v", "--json").ended(0).json["kept"]
    assert kept["operations"] > 0
    assert kept["folders"]["logs"] > 0


def test_finish_lists_everything_that_it_removes(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", f"{THIRD}:main")
    ada.type("land", "--fetch", "--yes").ended(0)
    told = ada.type("finish").ended(6).text
    there = origin.git("for-each-ref", "--format=%(refname:short)", "refs/heads/migrate").split()
    assert there
    for branch in there:
        assert branch in told, branch
