"""That a failure is no worse than the base's holds for that base alone."""

from __future__ import annotations

import pytest

from tests.story import Story, prepared

PLAN = """\
[migration]
name = "tidy"

[[validation]]
name = "lint"
run = "! grep -H bad legacy.txt"
baseline = "bad"
"""
KEEPS = '''\
    """Write it as it was, whatever the base has."""


    def apply(ws):
        ws.write("legacy.txt", "bad\\n")
        ws.write("new.txt", "")
    '''


@pytest.fixture
@prepared
def on_another_base(story: Story) -> Story:
    """A phase that was no worse than its base; its tree is the same on a base that has the problem no more."""
    story.write("legacy.txt", "bad\n")
    story.begin(PLAN, p01_keep=KEEPS).made("run")
    assert story.status()["phases"][0]["validations"][0]["outcome"] == "no-worse"
    before = story.git("rev-parse", "migrate/tidy/p01-keep^{tree}")
    story.git("switch", "--quiet", "main")
    story.commit("Fix it", {"legacy.txt": "good\n"})
    story.type("restack", "--no-validate").ended(0)
    assert story.git("rev-parse", "migrate/tidy/p01-keep^{tree}") == before
    return story


def test_on_another_base_it_counts_in_no_output(on_another_base: Story) -> None:
    story = on_another_base
    state = story.status()["phases"][0]
    assert (state["state"], state["validations"][0]["outcome"]) == ("waiting", "not-run")
    story.type("status", "--exit-code").ended(8)
    for arguments in (("status",), ("status", "p01"), ("pr", "p01"), ("log",)):
        said = story.type(*arguments).ended(0).text
        assert "on the base" not in said, said
        assert "not run" in said, said
    story.type("status", "p01", "--json").ended(0, '"not-run"')


def test_on_another_base_it_is_found_out_anew(on_another_base: Story) -> None:
    story = on_another_base
    story.type("validate").ended(1, "failed lint: legacy.txt:bad")
    assert story.states() == ["failed"]
    story.type("undo", "--yes").ended(0)
    assert story.states() != ["passed"]


def test_a_new_base_without_the_problem_is_met_by_restack_itself(story: Story) -> None:
    story.write("legacy.txt", "bad\n")
    story.begin(PLAN, p01_keep=KEEPS).made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Fix it", {"legacy.txt": "good\n"})
    story.type("restack").ended(1, "failed lint: legacy.txt:bad")
