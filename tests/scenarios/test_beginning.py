"""`init` writes a plan that works at once, and never over something that is there."""

from __future__ import annotations

import pytest

from tests.story import Story


def test_the_first_plan_is_stepped_through(story: Story) -> None:
    story.commit("Begin", {"a.txt": ""})
    story.migrate("init", "--name", "first").ended(
        0, "wrote migrate.toml", "wrote phases/p01_first_step.py", "Next: migrate plan"
    )
    story.type("status").ended(0, "first", "p01-first-step", "pending")
    story.type("plan").ended(1, "a decision is open: write this phase, then take this line out")
    phase = story.path / "phases/p01_first_step.py"
    text = phase.read_text()
    phase.write_text(text.replace('ws.todo("write this phase, then take this line out")', 'ws.move("a.txt", "b.txt")'))
    story.type("next").ended(0, "1 moved", "p01-first-step passed")


def test_what_is_there_is_never_overwritten(story: Story) -> None:
    story.commit("Begin", {"phases/p01_first_step.py": "mine\n"})
    story.type("init").ended(6, '"phases/p01_first_step.py" is there already, so nothing was written')
    assert not (story.path / "migrate.toml").exists()
    story.write("migrate.toml", "mine\n")
    (story.path / "phases/p01_first_step.py").unlink()
    story.type("init").ended(6, '"migrate.toml" is there already')
    assert (story.path / "migrate.toml").read_text() == "mine\n"
    assert not (story.path / "phases/p01_first_step.py").exists()


def test_a_file_in_the_way_leaves_nothing_half_written(story: Story) -> None:
    story.commit("Begin", {"phases": "a file\n"})
    story.type("init").ended(1, '"phases" cannot be written: File exists; nothing was kept')
    story.untouched()


def test_the_example_can_be_looked_at_at_once(story: Story) -> None:
    story.commit("Begin", {"go.mod": "module pllm\n"})
    written = story.type("init", "--example", "pllm", "--json").ended(0).json["written"]
    assert {"phases/migrate.toml", "phases/p01_analysis.py", "phases/p09_documentation.py"} <= set(written)
    assert len(story.states()) == 9
    story.type("init", "--example", "pllm").ended(6, "is there already")
    story.type("init", "--example", "plm").ended(2, "pllm")


@pytest.mark.parametrize("branch", ['a"b', "späße", "trunk"])
def test_the_base_is_the_branch_that_is_checked_out(story: Story, branch: str) -> None:
    story.git("switch", "--quiet", "--create", branch)
    story.commit("Begin")
    story.type("init").ended(0)
    assert story.status()["base"]["branch"] == branch


def test_a_name_that_no_branch_can_have_is_answered(story: Story) -> None:
    story.commit("Begin")
    story.type("init", "--name", 'a "b"').ended(2, "use letters, digits, - and _", "migrate init --name a-b")
    story.untouched()


def test_the_kind_of_repository_decides_the_validations(story: Story) -> None:
    story.commit("Begin", {"go.mod": "module m\n"})
    story.type("init").ended(0)
    assert [v["name"] for v in story.status()["phases"][0]["validations"]] == []
    assert 'run = ["go", "build", "./..."]' in (story.path / "migrate.toml").read_text()


def test_it_is_written_at_the_top_whatever_folder_it_is_typed_in(story: Story) -> None:
    story.commit("Begin", {"deep/down/x": ""})
    story.type("init", cwd=story.path / "deep/down").ended(0)
    assert (story.path / "migrate.toml").is_file()
    story.type("status", cwd=story.path / "deep/down").ended(0, "p01-first-step")
