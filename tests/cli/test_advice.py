"""What a message says to type keeps what was typed, speaks of the same repository and plan, and works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.test_json_of_errors import ENDS, conflicting, failed, made, pending_conflict, raises_now
from tests.scenarios.clones import Clones, clones
from tests.story import PLAN, Story

__all__ = ["clones"]
ADVISED = re.compile(r"(?<![\w./-])migrate (?!\.|/)([^\n;]*)")
FIRST = "migrate/tidy/p01-move-old"


def advised(text: str, word: str) -> list[str]:
    """The words behind `migrate` of the advised command that holds a word."""
    found = [line for line in ADVISED.findall(text) if word in shlex.split(line.partition("   (")[0])]
    assert found, text
    return shlex.split(found[-1].partition("   (")[0])


@pytest.mark.parametrize(
    ("typed", "again"),
    [
        (("rollback", "p01"), ["rollback", "p01", "--yes"]),
        (("rollback", "--no-validate", "--", "p01"), ["rollback", "--no-validate", "--yes", "--", "p01"]),
        (("undo", "--color", "never"), ["undo", "--color", "never", "--yes"]),
    ],
)
def test_a_question_that_nobody_answers(story: Story, typed: tuple[str, ...], again: list[str]) -> None:
    made(story)
    done = story.type(*typed).ended(6, "there is no terminal to ask on")
    assert advised(done.err, "--yes") == again
    story.type(*again).ended(0)


def test_a_rollback_that_named_no_phase_is_told_which(story: Story) -> None:
    story.begin(PLAN.replace("test -e broken", "true")).type("next").ended(1)
    done = story.type("rollback").ended(6)
    assert advised(done.err, "--yes") == ["rollback", "p01-move-old", "--yes"]


def test_a_landing_from_elsewhere_keeps_all_its_options(clones: Clones, tmp_path: Path) -> None:
    ada = clones.ada
    ada.made("run")
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.git("mv", "migrate.toml", "other plan.toml")
    ada.git("switch", "--quiet", "main")
    ada.git("stash", "--quiet")
    (tmp_path / "other plan.toml").write_text((ada.path / "migrate.toml").read_text())
    options = ["-C", str(ada.path), "--plan", "migrate.toml", "land", "--fetch", "--no-validate", "--no-verify"]
    done = ada.type(*options, cwd=tmp_path).ended(6, "there is no terminal to ask on")
    assert advised(done.err, "--yes") == [*options, "--yes"]
    ada.type(*options, "--yes", cwd=tmp_path).ended(0, "p01-move-old has landed")


@pytest.mark.parametrize(
    ("begin", "typed", "code"), [row[:3] for row in ENDS], ids=[f"{r[0].__name__}-{'-'.join(r[1])}" for r in ENDS]
)
def test_every_command_in_an_advice_names_the_repository(
    story: Story, begin: Callable[[Story], None], typed: tuple[str, ...], code: str, tmp_path: Path
) -> None:
    begin(story)
    done = story.type("-C", str(story.path), *typed, "--json", cwd=tmp_path)
    for line in ADVISED.findall(done.json["error"]["advice"] or ""):
        assert shlex.split(line)[:2] == ["-C", str(story.path)], done
    for line in ADVISED.findall(done.err.replace(done.json["error"]["message"], "")):
        assert line.startswith(f"-C {story.path} ") or line.startswith("--plan"), done


@pytest.mark.parametrize("where", [(), ("-C", "."), ("-C", "old", "--plan", "../migrate.toml")])
def test_a_conflict_is_continued_from_the_folder_that_is_named(story: Story, where: tuple[str, ...]) -> None:
    conflicting(story)
    done = story.type(*where, "restack", "--no-validate", "--no-verify").ended(5)
    place = Path(shlex.split(re.findall(r"^  resolve it  cd (.*), edit what conflicts$", done.err, re.MULTILINE)[0])[0])
    (place / "new/a.txt").write_text("both\n")
    assert "--no-validate --no-verify stopped at a conflict" in story.type("status").ended(0).out
    story.type(*advised(done.err, "continue"), cwd=place).ended(0, "1 hand edit carried over")
    assert story.git("show", f"{FIRST}:new/a.txt") == "both"


def test_the_command_that_is_run_again_has_its_options(story: Story) -> None:
    made(story)
    story.commit("By hand", {"hand.txt": ""})
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    story.git("switch", "--quiet", FIRST)
    story.write("README.md", "open")
    done = story.type("restack", "--no-validate").ended(6, "your work tree has 1 change")
    assert done.err.endswith("until git stash pop; then run migrate restack --no-validate again\n")


def test_a_restack_that_cannot_run_a_phase_says_what_to_type_when_it_is_fixed(story: Story) -> None:
    raises_now(story)
    done = story.type("restack", "--no-verify").ended(1, "phases/p01_move_old.py")
    assert done.err.splitlines()[-1] == "Next: migrate restack --no-verify   (when that is fixed)"
    story.git("rm", "--quiet", "new/a.txt")
    story.commit("Out of the way")
    story.type(*advised(done.err, "restack")).ended(0)


def test_a_step_that_cannot_run_says_the_whole_command(story: Story) -> None:
    story.begin(p01_odd='"""Be odd."""\n\n\ndef apply(ws):\n    ws.delete("nothing")\n')
    done = story.type("run", "--to", "p01", "--no-validate").ended(1)
    assert done.err.endswith("Next: migrate run --to p01 --no-validate   (when that is fixed)\n")


def test_a_plan_that_meets_a_conflict_says_the_command_that_stops_at_it(story: Story) -> None:
    conflicting(story)
    done = story.type("plan").ended(5, "does not fit: conflict in new/a.txt")
    assert done.err.endswith("Next: migrate restack   (stops at the conflict, for you to resolve it)\n")
    assert story.type("plan", "--json").json["next"] == "migrate restack"
    story.type("restack").ended(5)
    done = story.type("plan").ended(5)
    assert done.err.endswith("Next: migrate continue   (when the conflict is resolved; or: migrate abort)\n")


def test_a_plan_with_a_problem_in_a_phase_that_must_run_again_does_not_advise_a_restack(story: Story) -> None:
    raises_now(story)
    assert story.type("plan").ended(1).err.endswith("tree\nNext: fix the problem, then migrate plan\n")
    assert story.type("plan", "--json").ended(1).json["next"] is None


def test_a_failure_that_may_be_flaky_is_validated_again_from_wherever_one_stands(story: Story) -> None:
    weather = story.write(".git/weather")
    story.begin(PLAN.replace("test -e broken", f"test ! -e {weather}")).made("next")
    weather.unlink()
    done = story.type("next").ended(1)
    assert story.branch() == FIRST, "not the one that failed"
    weather.touch()
    retried = story.type(*advised(done.err, "p02-add-guide")).ended(0, "p02-add-guide passed")
    assert "Next: migrate next" in retried.err


def test_a_log_is_named_as_seen_from_where_one_stands(story: Story, tmp_path: Path) -> None:
    story.begin(PLAN.replace("test -e broken", "true")).type("next").ended(1)
    log = story.path / ".git/migrate/logs/p01-move-old/check.log"
    assert f"  log      {log.relative_to(story.path)}\n" in story.type("status").out
    assert f"  log      {log}\n" in story.type("-C", str(story.path), "status", cwd=tmp_path).out
    above = story.type("-C", story.path.name, "status", cwd=story.path.parent).out
    assert f"  log      {log.relative_to(story.path.parent)}\n" in above


def test_a_wrong_name_of_a_plan_is_not_advised_again(story: Story) -> None:
    done = story.begin().type("--plan", "nowhere.toml", "status").ended(2)
    assert advised(done.err, "init") == ["init", "writes", "one"]


def test_the_other_way_on_names_the_repository_too(story: Story, tmp_path: Path) -> None:
    pending_conflict(story)
    for command in ("status", "plan"):
        said = story.type("-C", str(story.path), command, cwd=tmp_path).text
        assert f"Next: migrate -C {story.path} continue" in said
        assert f"or: migrate -C {story.path} abort" in said


def test_nothing_to_advise_after_a_refusal_that_a_stop_explains(story: Story) -> None:
    pending_conflict(story)
    error = failed(story.type("next", "--json"), "refused", 6)
    there = story.slots / "conflict-tidy-1"
    assert error["advice"] == f"migrate continue when it is resolved in {there}, or migrate abort"
