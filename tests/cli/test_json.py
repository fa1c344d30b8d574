"""With `--json` standard output is one JSON document, whatever else there is to say."""

from __future__ import annotations

from typing import Any

import pytest

from tests.story import BREAKING, PHASES, PLAN, Story

GATE = """
[[validation]]
name = "smoke test"
manual = "Start it"
phases = ["p01-*"]

[[validation]]
name = "ship"
run = ["no-such-program"]
requires = ["no-such-program"]
"""


def test_the_status_has_what_scripts_need(story: Story) -> None:
    story.begin(PLAN + GATE).made("run", "--to", "p02")
    story.commit("By hand", {"hand.txt": ""})
    status = story.status()
    assert status["migration"] == "tidy"
    assert status["base"] == {"branch": "main", "commit": story.git("rev-parse", "main"), "newer": 0, "remote_newer": 0}
    assert status["next"] == "migrate validate p02-add-guide"
    assert status["conclusion"] == "p02-add-guide is made, but not validated: check, ship did not run."
    first, second, third = status["phases"]
    assert (first["id"], first["title"], first["state"]) == ("p01-move-old", "Move old to new", "waiting")
    assert first["branch"] == "migrate/tidy/p01-move-old"
    assert first["commit"] == story.git("rev-parse", first["branch"])
    assert (first["parent"], second["parent"], third["parent"]) == (status["base"]["commit"], first["commit"], None)
    assert [phase["hand_edits"] for phase in status["phases"]] == [0, 1, 0]
    assert second["commit"] == story.git("rev-parse", "HEAD")
    assert first["files"] == {"moved": 2, "rewritten": 1, "written": 0, "deleted": 0}
    check, smoke, ship = first["validations"]
    assert (check["name"], check["outcome"]) == ("check", "passed")
    assert check["seconds"] >= 0
    assert (smoke["name"], smoke["outcome"], smoke["seconds"]) == ("smoke test", "waiting", None)
    assert (ship["outcome"], ship["reason"]) == ("unavailable", "no-such-program is not installed")
    assert [v["outcome"] for v in second["validations"]] == ["not-run", "not-run"]
    assert third["commit"] is None


@pytest.mark.parametrize(
    ("arguments", "keys"),
    [
        (("status",), {"migration", "base", "phases", "next", "conclusion", "title"}),
        (("log",), {"migration", "base", "phases", "next"}),
        (("plan",), {"phases", "problem", "next"}),
        (("validate",), {"migration", "phases", "next"}),
        (("next",), {"made", "error", "migration", "phases"}),
        (("run",), {"made", "error", "migration", "phases"}),
        (("analyze",), {"commit", "files", "packages"}),
        (("verify",), {"branch", "stale", "allowed"}),
        (("where", "old/a.txt"), {"old", "new", "moved"}),
        (("rollback", "p01", "--yes"), {"removed", "reverted", "withdrawn", "branch", "operation"}),
        (("approve", "p01", "smoke test", "--note", "fine"), {"phase", "gate", "who", "when", "note"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_every_report_is_one_document(story: Story, arguments: tuple[str, ...], keys: set[str]) -> None:
    story.begin(PLAN + GATE).made("next")
    said: Any = story.type(*arguments, "--json").json
    assert keys <= set(said)
    assert story.type("--json", "status").json["migration"] == "tidy"


def test_descriptions_are_a_list(story: Story) -> None:
    story.begin().made("run")
    said = story.type("pr", "--all", "--json").ended(0).json
    assert [pr["phase"] for pr in said] == ["p01-move-old", "p02-add-guide", "p03-drop-notes"]
    assert set(said[0]) == {"phase", "branch", "title", "body", "shallow", "unfetched"}
    assert story.type("pr", "p02", "--json").ended(0).json[0]["title"] == "Add a guide"


def test_a_failure_is_in_the_document_too(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_break=BREAKING)
    done = story.type("run", "--json").ended(1).json
    assert done["made"] == ["p01-move-old", "p02-break"]
    assert [phase["state"] for phase in done["phases"]] == ["passed", "failed"]
    assert done["phases"][1]["reason"] == "failed check: main.c:7: it is broken"
    assert done["next"] == "migrate rollback"


def test_a_problem_is_in_the_plan(story: Story) -> None:
    story.begin(p01_odd='"""Be odd."""\n\n\ndef apply(ws):\n    ws.delete("nothing")\n')
    said = story.type("plan", "--json").ended(1).json
    assert said["phases"] == []
    assert said["problem"]["phase"] == "p01-odd"
    assert said["problem"]["message"].startswith('phases/p01_odd.py:5: ws.delete("nothing"): there is nothing')
    assert said["next"] is None
