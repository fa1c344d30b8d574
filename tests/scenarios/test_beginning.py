"""`init` writes a plan that works at once, and never over something that is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.plan import scaffold
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
    story.type("next").ended(0, "1 moved", "p01-first-step unvalidated (the plan has no validation for it)")


def test_what_is_there_is_never_overwritten(story: Story) -> None:
    story.commit("Begin", {"phases/p01_first_step.py": "mine\n"})
    story.type("init").ended(6, '"phases/p01_first_step.py" exists already, so nothing was written')
    assert not (story.path / "migrate.toml").exists()
    story.write("migrate.toml", "mine\n")
    (story.path / "phases/p01_first_step.py").unlink()
    story.type("init").ended(6, '"migrate.toml" is a plan already, so nothing was written')
    assert (story.path / "migrate.toml").read_text() == "mine\n"
    assert not (story.path / "phases/p01_first_step.py").exists()


def test_a_file_in_the_way_leaves_nothing_half_written(story: Story) -> None:
    story.commit("Begin", {"phases": "a file\n"})
    story.type("init").ended(1, '"phases" cannot be written: File exists; nothing was kept')
    story.untouched()


def test_an_interrupt_right_after_the_last_file_leaves_none(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    create = scaffold.create_document

    def interrupted(top: Path, path: Path, raw: bytes) -> None:
        create(top, path, raw)
        if path.name == scaffold.PLAN:
            raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(scaffold, "create_document", interrupted)
        story.type("init").ended(130)
    assert story.git("status", "--porcelain") == ""
    story.made("init")


def test_the_example_can_be_looked_at_at_once(story: Story) -> None:
    story.commit("Begin", {"go.mod": "module pllm\n"})
    written = story.type("init", "--example", "pllm", "--json").ended(0).json["written"]
    assert {"phases/migrate.toml", "phases/p01_analysis.py", "phases/p09_documentation.py"} <= set(written)
    assert len(story.states()) == 9
    story.type("init", "--example", "plm").ended(2, "pllm")


AGAIN = {
    "init, then init": ((), (), "migrate.toml"),
    "the example, then init": (("--example", "pllm"), (), "phases/migrate.toml"),
    "init, then the example": ((), ("--example", "pllm"), "migrate.toml"),
    "the example twice": (("--example", "pllm"), ("--example", "pllm"), "phases/migrate.toml"),
}


@pytest.mark.parametrize("case", AGAIN)
def test_no_second_plan_is_written(story: Story, case: str) -> None:
    first, second, plan = AGAIN[case]
    story.commit("Begin", {"deep/x": ""})
    story.made("init", *first)
    before = story.git("status", "--porcelain", "--untracked-files=all")
    said = f'"{plan}" is a plan already, so nothing was written'
    story.type("init", *second).ended(6, said, "continue with it: migrate status")
    assert story.type("init", *second, cwd=story.path / "deep").ended(6).err.count("is a plan already") == 1
    assert story.git("status", "--porcelain", "--untracked-files=all") == before


def test_a_plan_of_the_folder_where_one_stands_counts(story: Story) -> None:
    story.commit("Begin", {"deep/phases/migrate.toml": ""})
    story.type("init", cwd=story.path / "deep").ended(6, '"phases/migrate.toml" is a plan already')


def test_a_plan_on_the_base_counts_for_a_branch_that_is_older(story: Story) -> None:
    story.commit("Begin", {"a": ""})
    story.git("branch", "topic")
    story.begin().git("switch", "--quiet", "topic")
    said = '"migrate.toml" on the branch main is a plan already, so nothing was written'
    story.type("init").ended(6, said, "continue with it: git switch main, then: migrate status")
    story.git("branch", "other", "main~")
    story.type("init", "--base", "other").ended(0)


def test_a_phase_of_the_same_number_is_in_the_way(story: Story) -> None:
    story.commit("Begin", {"phases/p1_mine.py": "mine\n", "phases/p20_other.py": "other\n"})
    story.type("init").ended(6, '"phases/p1_mine.py" exists already, so nothing was written')
    story.type("init", "--example", "pllm").ended(6, '"phases/p1_mine.py" exists already')
    story.untouched()


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), OSError(28, "No space left on device", "migrate.toml")])
def test_what_cannot_be_written_whole_is_not_written(
    story: Story, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    story.commit("Begin")
    real = scaffold.create_document

    def limited(folder: Path, path: Path, raw: bytes) -> None:
        if path.name == "migrate.toml":
            raise failure
        real(folder, path, raw)

    monkeypatch.setattr(scaffold, "create_document", limited)
    assert story.type("init").code in (1, 130)
    monkeypatch.undo()
    assert sorted(path.name for path in story.path.iterdir()) == [".git"]


def test_what_a_killed_init_left_is_no_obstacle(story: Story) -> None:
    story.commit("Begin")
    story.made("init", "--example", "pllm")
    (story.path / "phases/migrate.toml").unlink()
    (story.path / "phases/p09_documentation.py").unlink()
    story.type("init", "--example", "pllm").ended(0, "wrote phases/migrate.toml")
    (story.path / "phases/migrate.toml").unlink()
    mine = next((story.path / "phases").glob("p08*"))
    mine.write_text("mine")
    story.type("init", "--example", "pllm").ended(6, f'"phases/{mine.name}" exists already, so nothing was written')
    assert mine.read_text() == "mine"


def test_a_symlink_out_of_the_repository_is_not_followed(story: Story, tmp_path: Path) -> None:
    story.commit("Begin")
    (story.path / "phases").symlink_to(tmp_path)
    story.type("init").ended(6, "is a symlink that leads out of", "remove the link")
    assert not list(tmp_path.iterdir())
    assert not (story.path / "migrate.toml").exists()


@pytest.mark.parametrize("branch", ['a"b', "späße", "trunk"])
@pytest.mark.parametrize("which", [(), ("--example", "pllm")])
def test_the_base_is_the_only_branch_whatever_its_name(story: Story, branch: str, which: tuple[str, ...]) -> None:
    story.git("switch", "--quiet", "--create", branch)
    story.commit("Begin")
    story.type("init", *which).ended(0, f"The base is {branch}.")
    assert story.status()["base"]["branch"] == branch


def test_a_feature_branch_is_not_the_base_and_that_is_said(story: Story) -> None:
    story.commit("Begin")
    story.git("switch", "--quiet", "--create", "topic")
    done = story.type("init", "--json").ended(
        0, "The base is main. You are on topic: if the phases are to stand on that"
    )
    assert done.json["base"] == "main"
    assert story.status()["base"]["branch"] == "main"


def test_the_base_is_what_the_remote_checks_out(story: Story) -> None:
    story.commit("Begin")
    story.git("update-ref", "refs/remotes/origin/develop", "HEAD")
    story.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/develop")
    story.type("init").ended(0, "The base is develop. You are on main")
    assert story.status()["base"]["branch"] == "origin/develop"


def test_a_default_of_the_remote_that_is_not_there_does_not_count(story: Story) -> None:
    story.commit("Begin")
    story.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/gone")
    story.type("init").ended(0, "The base is main.")


@pytest.mark.parametrize("name", ["release/1", "origin/release/1"])
def test_the_base_can_be_named(story: Story, name: str) -> None:
    story.commit("Begin")
    story.git("update-ref", "refs/remotes/origin/release/1", "HEAD")
    story.type("init", "--base", name).ended(0, "The base is release/1. You are on main")
    assert story.status()["base"]["branch"] == "origin/release/1"


@pytest.mark.parametrize("name", ["mian", "--upload-pack=x", "main~1", "a\x1b[2Jb"])
def test_a_base_that_is_no_branch_is_refused(story: Story, name: str) -> None:
    story.commit("Begin")
    done = story.type("init", f"--base={name}").ended(2, 'there is no branch "', "git branch --all lists the branches")
    assert "\x1b" not in done.text
    assert ('did you mean "main"?' in done.err) == name.startswith("m")
    story.untouched()


def test_a_base_may_be_named_before_the_first_commit(story: Story) -> None:
    story.type("init", "--base", "trunk").ended(0, "The base is trunk. You are on main")


def test_before_the_first_commit_it_advises_to_commit(story: Story) -> None:
    told = story.type("init").ended(0, "no commit yet", "commit something first; then migrate plan shows").text
    assert "Next: migrate plan" not in told
    story.commit("Begin")
    story.type("plan").ended(1, "a decision is open")


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
