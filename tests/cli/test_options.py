"""The options that every command takes mean the same before and after its name, and as git means them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.story import PLAN, Story
from tests.terminal import Terminal


def test_c_is_as_git_has_it_one_after_the_other(story: Story, tmp_path: Path) -> None:
    story.begin()
    above, name = str(story.path.parent), story.path.name
    for arguments in (
        ("-C", str(story.path), "status"),
        ("-C", above, "-C", name, "status"),
        ("status", "-C", above, "-C", name),
        ("-C", above, "status", "-C", name),
        ("-C", str(story.path / "old"), "status"),
    ):
        story.type(*arguments, cwd=tmp_path).ended(0, "p01-move-old")
    story.type("-C", "nowhere", "status").ended(2, '-C: "nowhere": No such file or directory', "See: migrate --help")


def test_the_next_command_speaks_of_the_same_repository_and_plan(story: Story, tmp_path: Path) -> None:
    story.begin()
    place = tmp_path / "it's here"
    story.path.rename(place)
    (place / "migrate.toml").rename(place / "other plan.toml")
    done = story.type("-C", str(place), "--plan", "other plan.toml", "status", cwd=tmp_path).ended(0)
    assert f"""Next: migrate -C '{tmp_path}/it'"'"'s here' --plan 'other plan.toml' next""" in done.out
    place.rename(story.path)


def test_a_plan_is_looked_for_from_c_and_then_from_where_it_was_typed(story: Story, tmp_path: Path) -> None:
    story.begin()
    story.git("mv", "migrate.toml", "there.toml")
    story.type("-C", str(story.path), "--plan", "there.toml", "status", cwd=tmp_path).ended(0, "Tidy up")
    here = tmp_path / "here.toml"
    here.write_text(PLAN.replace('name = "tidy"', f'name = "here"\nphases = "{story.path}/phases"'))
    story.type("-C", str(story.path), "--plan", "here.toml", "status", cwd=tmp_path).ended(0, "here · ")
    story.type("status", "--plan", "here.toml", "-C", str(story.path), cwd=tmp_path).ended(0, "here · ")
    story.type("--plan", "nowhere.toml", "status").ended(2, 'there is no plan at "nowhere.toml"', "migrate init")
    story.type("status").ended(2, "there is no plan: no migrate.toml or phases/migrate.toml here")


def test_a_plan_below_is_found_from_any_folder(story: Story) -> None:
    story.begin()
    (story.path / "migrate.toml").rename(story.path / "phases/migrate.toml")
    story.type("status", cwd=story.path / "old").ended(0, "Tidy up")


@pytest.mark.parametrize(
    ("arguments", "environment", "colored"),
    [
        ((), {}, False),
        (("--color", "auto"), {"FORCE_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {}, False),
    ],
)
def test_color_is_for_a_terminal_or_who_asks(
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    environment: dict[str, str],
    colored: bool,
) -> None:
    story.begin().made("next")
    for key, value in environment.items():
        monkeypatch.setenv(key, value)
    for command in (("status",), ("plan", "--diff"), ("pr",)):
        done = story.type(*arguments, *command).ended(0)
        assert ("\x1b[" in done.text) is colored, command


@pytest.mark.parametrize(
    ("environment", "colored"),
    [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
)
def test_a_terminal_is_colored_unless_it_says_no(story: Story, environment: dict[str, str], colored: bool) -> None:
    story.begin().made("next")
    env = {key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "TERM")}
    terminal = Terminal(story, "status", env={**env, "TERM": "xterm", **environment})
    assert terminal.end() == 0
    shown = terminal.shown
    assert "p01-move-old" in shown
    assert ("\x1b[3" in shown or "\x1b[1" in shown) is colored


def test_an_unknown_word_is_answered_with_the_nearest(story: Story) -> None:
    story.begin()
    story.type("stauts").ended(2, 'there is no command "stauts"; did you mean "status"?', "See: migrate --help")
    story.type("next", "--no-validat").ended(2, "--no-validate", "See: migrate next --help")
    story.type("--color", "sometimes", "status").ended(2, "sometimes")
    story.type("approve", "p01").ended(2, "GATE")
    story.type("validate", "p01", "--all").ended(2, "give a PHASE or --all, not both")
    story.type("rollback", "p01-mov").ended(2, 'there is no phase "p01-mov"; did you mean "p01-move-old"?')
    story.type("run", "--to", "p7").ended(2, 'there is no phase "p7"')
    assert story.type("\x1b[31m").ended(2).err.startswith('there is no command "\\x1b[31m"')


def test_without_a_command_the_help_is_shown(story: Story) -> None:
    assert story.type().ended(2).err.startswith("Usage: migrate [OPTIONS] COMMAND")
    assert story.type("--help").ended(0).out.startswith("Usage: migrate [OPTIONS] COMMAND")
    story.type("--version").ended(0, "migrate, version ")


@pytest.mark.parametrize(
    "command",
    ["", *["status", "plan", "log", "pr", "where", "analyze", "verify", "next", "run", "validate", "approve"]],
)
def test_help_fits_80_columns_and_cuts_no_sentence(story: Story, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    said = story.type(*command.split(), "-h").ended(0).out
    assert max(map(len, said.splitlines())) <= 80
    assert "..." not in said.replace("[ARGS]...", "")
