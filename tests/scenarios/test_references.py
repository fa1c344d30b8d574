"""`verify` proves that nothing names an old path any more, but for what the plan allows and the migration itself."""

from __future__ import annotations

import pytest

from tests.story import PLAN, Story

MOVING = '"""Move.\n\nold/a.txt goes.\n"""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n    ws.references.update()\n'


@pytest.mark.parametrize("folder", ["phases", "."])
def test_a_phase_does_not_rewrite_its_own_module(story: Story, folder: str) -> None:
    story.plan(PLAN.replace('title = "Tidy up"', f'title = "About old/a.txt"\nphases = "{folder}"'))
    story.write(f"{folder}/p01_move.py", MOVING)
    story.commit("Begin", {"old/a.txt": "", "run.sh": "cat old/a.txt\n", "lib/tool.py": 'open("old/a.txt")\n'})
    story.type("next").ended(0, "p01-move passed")
    assert story.states() == ["passed"]
    assert story.git("show", "HEAD:run.sh") == "cat new/a.txt"
    assert story.git("show", "HEAD:lib/tool.py") == 'open("new/a.txt")'
    assert story.git("diff", "--name-only", "main", "HEAD", "--", "migrate.toml", f"{folder}/p01_move.py") == ""
    story.type("verify").ended(0, "migrate/tidy/p01-move, ", "0 stale; 1 moved path looked for\n")


def test_what_is_left_is_listed_and_fails(story: Story) -> None:
    story.begin(p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n').made("next")
    done = story.type("verify").ended(1, "README.md:1: old is new now: See old/a.txt.", "1 stale;")
    assert (
        done.err == "Fix them in the phase that moved them, or allow them in the plan: [[allow]] files, text, reason.\n"
    )
    found = story.type("verify", "p01", "--json").ended(1).json
    assert [(one["path"], one["line"], one["old"]) for one in found["stale"]] == [("README.md", 1, "old")]
    assert found["allowed"] == []


def test_what_the_plan_allows_is_said_with_its_reason(story: Story) -> None:
    allow = '\n[[allow]]\nfiles = "README.md"\ntext = "See"\nreason = "it tells the past"\n'
    story.begin(PLAN + allow, p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n').made("next")
    story.type("verify").ended(0, "allowed: it tells the past\n  README.md:1: old\n", "0 stale, 1 allowed; ")


def test_before_anything_moved_there_is_nothing_to_verify(story: Story) -> None:
    story.begin()
    story.type("verify").ended(6, "no phase has been run, so nothing has moved yet", "migrate next")
    story.type("verify", "p9").ended(2, 'there is no phase "p9"')
