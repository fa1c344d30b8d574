"""The shell completes commands, options, phases and gates, and hears nothing when it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.cli.app import run_command_line
from tests.scenarios.clones import Clones, clones
from tests.story import PLAN, Story

__all__ = ["clones"]

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look"\nphases = ["p02-*"]\n'


def complete(story: Story, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """The words that bash is offered for the last one."""
    return [word for _, word in offered(story, monkeypatch, *words)]


def offered(story: Story, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[tuple[str, str]]:
    """What bash is offered for the last word, each with its kind."""
    monkeypatch.setenv("_MIGRATE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "migrate " + " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    story.capture()
    before = Path.cwd()
    os.chdir(story.path)
    with pytest.raises(SystemExit) as ended:
        run_command_line([])
    os.chdir(before)
    out, err = story.capture()
    assert (ended.value.code, err) == (0, "")
    return [(kind, word) for kind, _, word in (line.partition(",") for line in out.splitlines()) if kind]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shells_get_their_script(story: Story, monkeypatch: pytest.MonkeyPatch, shell: str) -> None:
    monkeypatch.setenv("_MIGRATE_COMPLETE", f"{shell}_source")
    done = story.migrate()
    assert done.code == 0
    assert "_MIGRATE_COMPLETE" in done.out


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("st",), ["status"]),
        (("ro",), ["rollback"]),
        (("rollback", ""), ["p01-move-old", "p02-add-guide", "p03-drop-notes"]),
        (("rollback", "p02"), ["p02-add-guide"]),
        (("validate", "p03"), ["p03-drop-notes"]),
        (("pr", "p01"), ["p01-move-old"]),
        (("verify", "p01"), ["p01-move-old"]),
        (("run", "--to", "p02"), ["p02-add-guide"]),
        (("approve", "p02", ""), ["smoke"]),
        (("approve", "p01", ""), []),
        (("approve", "p09", ""), []),
        (("next", "--no-v"), ["--no-validate", "--no-verify"]),
        (("rollback", "p09"), []),
        (("init", "--example", "p"), ["pllm"]),
        (("next", "p02"), ["p02-add-guide"]),
        (("run", "p03"), ["p03-drop-notes"]),
        (("plan", "p01"), ["p01-move-old"]),
        (("status", "p01"), ["p01-move-old"]),
    ],
)
def test_words_are_completed(
    story: Story, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], offered: list[str]
) -> None:
    story.begin(PLAN + GATE)
    assert complete(story, monkeypatch, *words) == offered


@pytest.mark.parametrize("words", [("-C", "ne"), ("status", "-C", "ne"), ("pr", "--out", "ne")])
def test_a_folder_is_left_to_the_shell(story: Story, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    assert offered(story.begin(), monkeypatch, *words) == [("dir", "ne")]


@pytest.mark.parametrize("words", [("--plan", "m"), ("status", "--plan", "m")])
def test_a_file_is_left_to_the_shell(story: Story, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    assert offered(story.begin(), monkeypatch, *words) == [("file", "m")]


def test_carry_is_offered_the_branches_of_others_here_and_on_the_remote(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob = clones.ada, clones.bob
    bob.git("push", "--quiet", "origin", "main:refs/heads/feature-x", "main:refs/heads/fix-y")
    ada.git("fetch", "--quiet")
    ada.git("branch", "feature-z")
    ada.made("next")
    assert complete(ada, monkeypatch, "carry", "") == ["feature-x", "feature-z", "fix-y"]
    assert complete(ada, monkeypatch, "carry", "fe") == ["feature-x", "feature-z"]
    assert complete(ada, monkeypatch, "carry", "mig") == []


@pytest.mark.parametrize(
    ("typed", "paths"),
    [
        ("", ["README.md", "migrate.toml", "new/", "notes.txt", "old/", "phases/"]),
        ("o", ["old/a.txt", "old/b.txt"]),
        ("old/a", ["old/a.txt"]),
        ("ne", ["new/a.txt", "new/b.txt"]),
        ("./ol", ["./old/a.txt", "./old/b.txt"]),
        ("x", []),
    ],
)
def test_where_is_offered_old_and_present_paths(
    story: Story, monkeypatch: pytest.MonkeyPatch, typed: str, paths: list[str]
) -> None:
    story.begin().made("next")
    assert complete(story, monkeypatch, "where", typed) == paths


def test_where_is_offered_paths_as_seen_from_a_subfolder(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin().made("next")
    away = Story(story.path / "phases")
    away.capture = story.capture
    assert complete(away, monkeypatch, "where", "../ol") == ["../old/a.txt", "../old/b.txt"]
    assert "p01_move_old.py" in complete(away, monkeypatch, "where", "p")


def test_where_is_offered_nothing_outside_of_a_repository(
    story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    away = Story(tmp_path)
    away.capture = story.capture
    assert complete(away, monkeypatch, "where", "") == []
    assert complete(away, monkeypatch, "carry", "") == []


def test_the_plan_of_c_is_the_one_that_is_read(
    story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    story.begin()
    away = Story(tmp_path_factory.mktemp("away"))
    away.capture = story.capture
    assert complete(away, monkeypatch, "-C", str(story.path), "rollback", "p02") == ["p02-add-guide"]
    assert complete(away, monkeypatch, "rollback", "p02") == []
    assert complete(away, monkeypatch, "-C", "nowhere", "rollback", "p02") == []


def test_a_wrong_plan_offers_nothing(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin("this is = no plan [")
    assert complete(story, monkeypatch, "rollback", "p") == []


def test_a_broken_phase_is_offered_like_the_others(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin().write("phases/p02_add_guide.py", "def apply(:")
    assert complete(story, monkeypatch, "rollback", "p02") == ["p02-add-guide"]
