"""A phase is no worse when every one of its problems is the base's."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from migrate.execution.log import LogLine
from migrate.tree.moves import MoveMap
from migrate.validation import baseline
from migrate.validation.baseline import BaselineError, new_problems, select_problems

MOVED = MoveMap(
    {"internal/models": "internal/core/models", "internal/services": "internal/svc", "internal/services/key": "pkg/key"}
)


@pytest.mark.parametrize(
    ("base", "phase"),
    [
        ("a.go:12:3: undefined: X", "a.go:14:7: undefined: X"),
        ("internal/models/user.go:1: bad", "internal/core/models/user.go:1: bad"),
        ("# pllm/internal/models", "# pllm/internal/core/models"),
        ('"pllm/internal/models".User', '"pllm/internal/core/models".User'),
        ("pllm/internal/models.New(...)", "pllm/internal/core/models.New(...)"),
        ("internal/services/key/a.go and internal/services/b.go", "pkg/key/a.go and internal/svc/b.go"),
        ("FAIL\tpllm/cmd\t0.012s", "FAIL  pllm/cmd  12.4s"),
        ("panic at 0xc000123abc", "panic at 0xc0ffee"),
    ],
)
def test_same_problem_is_not_new(base, phase):
    assert new_problems([base], [phase], MOVED) == []


@pytest.mark.parametrize(
    ("base", "phase"),
    [
        ("a.go:12:3: undefined: X", "a.go:12:3: undefined: Y"),
        ("xinternal/models/a.go: bad", "xinternal/core/models/a.go: bad"),
        ("internal/models_test/a.go: bad", "internal/core/models_test/a.go: bad"),
        ("internal/models-old/a.go: bad", "internal/core/models-old/a.go: bad"),
        ("internal/models.go:1: bad", "internal/core/models.go:1: bad"),
        ("internal/models/a.go: bad", "internal/models/a.go: bad"),
    ],
)
def test_other_problem_is_new(base, phase):
    assert new_problems([base], [phase], MOVED) == [phase]


@pytest.mark.parametrize(
    ("base", "phase"),
    [
        ("main.c:7: an old flaw", "main.c:7: an old flaw"),
        ("old/a.c:7: an old flaw", "new/a.c:7: an old flaw"),
        ("in ./old: flaw", "in ./new: flaw"),
    ],
)
def test_a_folder_of_one_word_may_be_called_like_a_word(base, phase):
    assert new_problems([base], [phase], MoveMap([("old", "new")])) == []


def test_problem_that_comes_once_more_than_on_the_base_is_new():
    assert new_problems(["x 1", "x 2"], ["x 3", "x 4", "x 5"], MoveMap()) == ["x 5"]


def test_only_lines_that_differ_are_compared_without_what_differs_from_run_to_run(monkeypatch):
    compared: list[str] = []
    real = baseline.normalised
    monkeypatch.setattr(baseline, "normalised", lambda line: compared.append(line) or real(line))
    same = [f"a.go:{n}: undefined: X" for n in range(100)]
    assert new_problems([*same, "b.go:1: y", "x 1"], ["x 2", *same, "b.go:2: y", "z"], MoveMap()) == ["z"]
    assert sorted(compared) == ["b.go:1: y", "b.go:2: y", "x 1", "x 2", "z"]


def test_fewer_problems_are_not_new():
    assert new_problems(["x", "y"], ["y"], MoveMap()) == []


def test_lines_are_selected_and_freed_of_the_slot():
    output = ["ok pkg", "/r/.git/migrate/slots/1/a.go:3: bad", "FAIL x", "in /r/.git/migrate/slots/1: a.go:1 worse"]
    place = Path("/r/.git/migrate/slots/1")
    assert select_problems(r"^FAIL|\.go:\d+", map(LogLine, output), place) == (
        "a.go:3: bad",
        "FAIL x",
        "in .: a.go:1 worse",
    )


def test_an_expression_that_never_ends_is_ended(tmp_path, monkeypatch):
    monkeypatch.setattr("migrate.limits.BASELINE_SECONDS", 0.05)
    with pytest.raises(BaselineError, match=r"longer than 0\.05 s: write it without a repetition inside another"):
        select_problems("^(a+)+$", [LogLine("a" * 40 + "!")], tmp_path)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0, 0)
    assert select_problems("^(a+)+$", [LogLine("aaa"), LogLine("b")], tmp_path) == ("aaa",)


def test_an_expression_that_fits_everything_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("migrate.limits.PROBLEM_LINES", 3)
    assert select_problems("", [LogLine("x")] * 3, tmp_path) == ("x",) * 3
    with pytest.raises(BaselineError, match="selects more than 3 lines, or a million characters"):
        select_problems("", iter([LogLine("x")] * 4), tmp_path)
    monkeypatch.setattr("migrate.limits.PROBLEM_CHARACTERS", 10)
    with pytest.raises(BaselineError, match="write one that matches only the problems"):
        select_problems("", [LogLine("x" * 6)] * 2, tmp_path)
