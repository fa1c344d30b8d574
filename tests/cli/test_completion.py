"""The shell completes commands, options, phases and gates, and hears nothing when it cannot."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from migrate.cli.app import run
from tests.story import PLAN, Story

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look"\nphases = ["p02-*"]\n'


def complete(story: Story, monkeypatch: pytest.MonkeyPatch, *words: str) -> list[str]:
    """What bash is offered for the last word."""
    monkeypatch.setenv("_MIGRATE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "migrate " + " ".join(words))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    story.capture()
    before = Path.cwd()
    os.chdir(story.path)
    with pytest.raises(SystemExit) as ended:
        run([])
    os.chdir(before)
    out, err = story.capture()
    assert (ended.value.code, err) == (0, "")
    return [line.partition(",")[2] for line in out.splitlines() if line]


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
    ],
)
def test_words_are_completed(
    story: Story, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], offered: list[str]
) -> None:
    story.begin(PLAN + GATE)
    assert complete(story, monkeypatch, *words) == offered


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
