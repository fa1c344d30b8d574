"""What a person reads, word for word. Where it should read differently, change the golden file first."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.story import BREAKING, PHASES, PLAN, Story, prepared

GOLDEN = Path(__file__).parent / "golden"
MORE = """
[[validation]]
name = "docker-up"
run = ["nodock", "up"]
requires = ["nodock"]

[[validation]]
name = "smoke test"
manual = "Start it and look"
phases = ["p03-*"]
"""


def golden(name: str, text: str) -> None:
    """Compare a text with its golden file; what differs from run to run (times, object names) is masked."""
    masked = re.sub(r"\d+\.\ds", "0.0s", text)
    masked = re.sub(r"\b[0-9a-f]{7}\b", "0123456", masked)
    expected = GOLDEN / f"{name}.txt"
    assert masked == expected.read_text(), f"{expected} differs"


@pytest.fixture
@prepared
def failed(story: Story) -> Story:
    """A migration whose third phase failed, with a hand edit on the second."""
    phases = {name.removesuffix(".py"): text for name, text in PHASES.items()}
    story.begin(
        PLAN + MORE, **{**phases, "p03_break": BREAKING}, p04_final='"""Finish."""\n\n\ndef apply(ws):\n    pass\n'
    )
    (story.path / "phases/p03_drop_notes.py").unlink()
    story.commit("Drop that phase")
    story.made("run", "--to", "p02")
    story.commit("By hand", {"hand.txt": ""})
    story.made("validate")
    story.type("next").ended(1)
    return story


def test_the_plan(story: Story) -> None:
    story.begin(PLAN + MORE)
    golden("plan", story.type("plan").ended(0).text)


def test_the_plan_with_its_diff(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"])
    golden("plan_diff", story.type("plan", "--diff").ended(0).out)


def test_a_plan_with_a_problem(story: Story) -> None:
    story.begin(
        p01_move_old=PHASES["p01_move_old.py"], p02_odd='"""Be odd."""\n\n\ndef apply(ws):\n    ws.delete("note.txt")\n'
    )
    golden("plan_problem", story.type("plan").ended(1).text)


def test_a_step(story: Story) -> None:
    story.begin(PLAN + MORE)
    golden("next", story.type("next").ended(0).text)


def test_a_run(story: Story) -> None:
    story.begin(PLAN + MORE)
    golden("run", story.type("run").ended(0).text)


def test_a_step_that_fails(story: Story) -> None:
    story.begin(PLAN + MORE.replace("p03", "p01"), p01_break=BREAKING)
    golden("next_failed", story.type("next").ended(1).text)


def test_the_status(failed: Story) -> None:
    golden("status", failed.type("status").ended(0).text)


def test_the_status_in_color(failed: Story) -> None:
    shown = failed.type("--color", "always", "status").ended(0).out
    assert "\x1b[" in shown
    plain = re.sub(r"\x1b\[[0-9;]*m", "", shown)
    assert sorted(plain.split()) == sorted(failed.type("status").out.split())  # Only the lines break elsewhere.


def test_validations_that_have_run_before(failed: Story) -> None:
    golden("validate", failed.type("validate", "--all").ended(1).text)


def test_phases_that_are_not_validated(story: Story) -> None:
    story.begin(PLAN + MORE).made("run", "--no-validate")
    golden("not_validated", story.type("status").ended(0).text)


def test_the_structure_of_go_code(story: Story) -> None:
    story.commit(
        "Begin",
        {
            "go.mod": "module example.com/m\n\ngo 1.22\n",
            "main.go": 'package main\n\nimport "example.com/m/internal/a"\n\nfunc main() { a.A() }\n',
            "internal/a/a.go": 'package a\n\nimport "example.com/m/internal/b"\n\nfunc A() { b.B() }\n',
            "internal/b/b.go": "package b\n\nfunc B() {}\n",
        },
    )
    golden("analyze", story.type("analyze").ended(0).text)
    golden("mermaid", story.type("analyze", "--mermaid").ended(0).text)
    cycle = 'package b\n\nimport "example.com/m/internal/a"\n\nfunc B() { a.A() }\n'
    story.commit("Go in a circle", {"internal/b/b.go": cycle})
    story.type("analyze").ended(0, "import cycle: internal/a → internal/b → internal/a")
    story.type("analyze", "HEAD~1").ended(0, "No import cycle.")
    story.type("analyze", "nowhere").ended(2, 'there is no commit "nowhere" here', "name a branch or a commit")


def test_where_a_path_is_now(story: Story) -> None:
    story.begin().made("next")
    story.type("where", "./old/a.txt").ended(0, "new/a.txt")
    story.type("where", "README.md").ended(0, "README.md")
    said = story.type("where", "old", "--json").ended(0).json
    assert said == {"old": "old", "new": "new", "moved": True, "shallow": False}
    story.type("where", "../x").ended(2, "leads out of the repository")
    story.git("switch", "--quiet", "main")
    assert story.type("where", "old/a.txt").ended(0).out == "old/a.txt\n"


def test_descriptions_are_written_to_a_folder(story: Story) -> None:
    story.begin().made("run")
    story.type("pr", "--all", "--out", "prs/today").ended(0, "wrote prs/today/p01-move-old.md")
    assert (story.path / "prs/today/p02-add-guide.md").read_text() == story.type("pr", "p02").out
    story.type("pr", "--all", "--out", "README.md").ended(1, '"README.md" cannot be written', "name another folder")


def test_a_note_that_is_no_receipt_is_said_and_kept(story: Story) -> None:
    story.begin().made("next")
    story.git("notes", "--ref=migrate/tidy", "append", "-m", "not a receipt", "HEAD^{tree}")
    story.type("status").ended(0, "is no receipt: git notes --ref=migrate/tidy show", "✓ p01-move-old")
    story.made("validate", "--again")
    assert "not a receipt" in story.git("notes", "--ref=migrate/tidy", "show", "HEAD^{tree}")


def test_a_rollback(failed: Story) -> None:
    golden("rollback", failed.type("rollback", "p02", "--yes").ended(0).text)


def test_a_gate(story: Story) -> None:
    story.begin(PLAN + MORE).made("run")
    golden("waiting", story.type("status").ended(0).text)
    golden("approve", story.type("approve", "p03", "smoke test", "--note", "It looks right.").ended(0).text)
    golden("done", story.type("status").ended(0).text)
    story.type("approve", "p03", "smoke tset").ended(2, 'has no gate "smoke tset"; did you mean "smoke test"?')
    story.type("approve", "p01", "smoke test").ended(2, 'p01-move-old has no gate "smoke test"', "it has none")


@pytest.mark.parametrize("columns", [60, 80, 120])
def test_step_lines_stand_in_columns_at_any_width(story: Story, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    story.begin(PLAN + MORE)
    lines = story.type("next").ended(0).err.splitlines()
    apply, check, docker = (
        next(line for line in lines if line.startswith(f"  {n} ")) for n in ("apply", "check", "docker-up")
    )
    assert len(apply) == len(check)
    assert check.rindex(". ok") == docker.rindex(". unavailable")
    assert len(check) < columns
