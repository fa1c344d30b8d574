"""A phase can be named: `next` runs it when it is the next one, `run` runs up to it, `plan` and `status` show it."""

from __future__ import annotations

import re

import pytest

from tests.cli.test_advice import advised
from tests.cli.test_text import golden
from tests.story import PHASES, PLAN, Story

GATE = """
[[validation]]
name = "smoke test"
manual = "Start it and look"
phases = ["p01-*"]

[[validation]]
name = "docker-up"
run = ["nodock"]
requires = ["nodock"]
"""
FIRST, SECOND = "migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide"


@pytest.mark.parametrize("name", ["p01", "1", "p01-move-old", "p01_move_old.py", "phases/p01_move_old.py", FIRST])
def test_next_runs_the_phase_that_is_named_when_it_is_the_next(story: Story, name: str) -> None:
    story.begin().type("next", name).ended(0, "p01-move-old passed")
    assert story.states() == ["passed", "pending", "pending"]


@pytest.mark.parametrize(
    ("name", "flags", "runs"), [("p02", (), "both"), ("p03", ("--no-validate", "--no-verify"), "all 3")]
)
def test_next_says_what_runs_a_phase_that_is_further_up(
    story: Story, name: str, flags: tuple[str, ...], runs: str
) -> None:
    story.begin()
    before = story.refs()
    done = story.type("next", name, *flags).ended(6, "is not the next phase: p01-move-old comes before it", runs)
    assert story.refs() == before
    wanted = next(phase["id"] for phase in story.status()["phases"] if phase["id"].startswith(name))
    assert done.err.endswith(f"migrate run --to {' '.join([wanted, *flags])} runs {runs}\n")
    story.type("run", "--to", wanted, *flags).ended(0)
    assert story.branch() == f"migrate/tidy/{wanted}"


def test_next_has_nothing_to_do_for_a_phase_that_is_made(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    done = story.type("next", "p01").ended(4, "Every phase up to p01-move-old is made.")
    assert advised(done.err, "next") == ["next"]
    assert story.states() == ["passed", "passed", "pending"]
    story.type("next", "p09").ended(2, 'there is no phase "p09"')


def test_run_runs_up_to_the_phase_that_is_named(story: Story) -> None:
    story.begin().type("run", "p02").ended(0)
    assert story.states() == ["passed", "passed", "pending"]
    story.type("run", "p02", "--to", "p03").ended(2, "give the last phase once")


@pytest.mark.parametrize("command", ["next", "run", "plan", "status"])
def test_the_phase_for_stragglers_has_nothing_to_do_while_there_are_none(story: Story, command: str) -> None:
    story.begin().type(command, "stragglers").ended(6, "stragglers has nothing left to do", "migrate status")


@pytest.mark.parametrize("command", ["verify", "validate"])
def test_a_phase_without_a_branch_says_why_and_what_makes_it(story: Story, command: str) -> None:
    story.begin().made("run", "--to", "p02")
    said = f"p03-drop-notes has no branch to {command}"
    story.type(command, "p03").ended(6, said, "migrate run --to p03-drop-notes makes it")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", FIRST)
    story.type(command, "p01").ended(6, f"p01-move-old has landed, so there is no branch to {command}")


def test_a_phase_that_was_merged_still_has_its_branch_where_it_is_here(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", FIRST)
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge p02", SECOND)
    assert f"branch    {SECOND}\n" in story.type("status", "p02").ended(0, "merged into p01-move-old").out
    story.type("verify", "p02").ended(6, "p02-add-guide was merged into p01-move-old", "name p01-move-old")
    story.git("branch", "-D", SECOND)
    story.type("status", "p02").ended(0, f"branch    {SECOND}   (not here)")


def test_the_plan_of_a_phase_is_computed_on_those_below_it_and_shown_alone(story: Story) -> None:
    second = '"""Change what came."""\n\n\ndef apply(ws):\n    ws.move("new/a.txt", "new/c.txt")\n'
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_change=second, p03_drop=PHASES["p03_drop_notes.py"])
    done = story.type("plan", "p02").ended(0, "p02-change   Change what came", "→ new/a.txt  new/c.txt")
    assert "p01" not in done.out
    assert "p03" not in done.out
    assert "Plan: 1 phase, 1 file to move, 0 to rewrite" in done.out
    assert done.err == "plan migrate.toml, from your work tree\nNext: migrate run --to p02-change\n"
    assert [phase["id"] for phase in story.type("plan", "p02", "--json").ended(0).json["phases"]] == ["p02-change"]
    assert story.type("plan", "p01").ended(0).err.endswith("\nNext: migrate next   (p01-move-old)\n")
    patch = story.type("plan", "p02", "--diff").ended(0).out
    assert re.findall(r"^diff --git .*$", patch, re.MULTILINE) == ["diff --git a/new/a.txt b/new/c.txt"]


def test_the_plan_of_a_phase_that_is_made_or_out_of_date(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    done = story.type("plan", "p01").ended(4, "p01-move-old is passed: there is nothing to run.")
    assert advised(done.err, "status") == ["status", "p01-move-old"]
    story.git("switch", "--quiet", "main")
    story.commit("More", {"old/c.txt": "c\n"})
    done = story.type("plan", "p02").ended(0, "p02-add-guide   runs again", "+ guide.md")
    assert "p01" not in done.out
    assert advised(done.err, "restack") == ["restack"]
    assert [row["id"] for row in story.type("plan", "p02", "--json").json["restack"]] == ["p02-add-guide"]


def test_a_problem_below_the_phase_is_shown(story: Story) -> None:
    odd = '"""Be odd."""\n\n\ndef apply(ws):\n    ws.delete("nothing")\n'
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd=odd, p03_drop=PHASES["p03_drop_notes.py"])
    story.type("plan", "p03").ended(1, "p02-odd   Be odd", "! phases/p02_odd.py")
    story.type("plan", "p01").ended(0, "p01-move-old")


def test_a_phase_in_detail(story: Story) -> None:
    noting = PHASES["p01_move_old.py"].rstrip() + '\n            ws.note("Nobody imports it.")\n'
    story.begin(PLAN + GATE, p01_move_old=noting, p02_add_guide=PHASES["p02_add_guide.py"]).made("next")
    story.commit("By hand", {"hand.txt": ""})
    story.made("approve", "p01", "smoke test", "--note", "It looks right.")
    story.made("validate")
    shown = story.type("status", "p01").ended(0).out
    golden("status_one", re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "2024-05-01 12:00", shown))
    golden("status_pending", story.type("status", "p02").ended(0).out)


def test_a_phase_in_detail_for_programs(story: Story) -> None:
    story.begin(PLAN + GATE).made("next")
    edit = story.commit("By hand", {"hand.txt": ""})
    story.made("approve", "p01", "smoke test", "--note", "It looks right.")
    said = story.type("status", "p01", "--json").ended(0).json
    whole = story.status()["phases"][0]
    same = ("id", "title", "state", "branch", "commit", "parent", "files", "hand_edits", "published")
    assert {key: said[key] for key in same} == {key: whole[key] for key in same}
    assert said["commit"] == edit == said["commits"][0]["commit"]
    assert said["made"] == story.git("rev-parse", f"{FIRST}^")
    assert said["moves"] == [{"from": "old", "to": "new"}]
    assert {"change": "moved", "path": "new/a.txt", "from": "old/a.txt"} in said["changes"]
    assert {"change": "rewritten", "path": "README.md", "from": None} in said["changes"]
    gate = next(row for row in said["validations"] if row["name"] == "smoke test")
    assert (gate["outcome"], gate["note"]) == ("passed", "It looks right.")
    assert gate["who"] == "Ada Lovelace <ada@example.com>"
    assert said["next"] == "migrate validate p01-move-old"


def test_a_failed_phase_in_detail_says_what_to_do(story: Story) -> None:
    story.begin(PLAN.replace("test -e broken", "true")).type("next").ended(1)
    story.type("status", "p01").ended(
        0, "state     failed: failed check", "fix it   git switch", "or       migrate rollback"
    )
