"""One validation in a slot: what its outcome is, and what it leaves."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path

import pytest

from migrate.execution.redaction import Redaction
from migrate.execution.slots import take_slot
from migrate.plan.validation import Validation
from migrate.validation import runner
from migrate.validation.outcome import Outcome
from migrate.validation.runner import run_validation


@pytest.fixture
def bench(repo, tmp_path):
    """Runs a validation in a slot that holds a commit with one file."""
    commit = repo.commit("first", {"file": "1\n"})

    def run(**fields):
        with take_slot(repo.repository) as place:
            place.checkout(commit)
            return run_validation(Validation("check", **fields), place, log=tmp_path / "logs/check.log", grace=0.05)

    return run


def test_command_that_succeeds_in_the_slot_passed(bench, tmp_path):
    verdict = bench(run=("cat", "file"))
    assert (verdict.outcome, verdict.code, verdict.reason, verdict.tail) == (Outcome.PASSED, 0, "", ())
    assert verdict.log.read_text() == "$ cat file\n1\n"
    assert verdict.seconds > 0


def test_failure_shows_its_end_and_the_line_that_tells_most(bench):
    verdict = bench(run='i=0; while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; done; echo "$PWD/a.go:3: bad"; exit 2')
    assert (verdict.outcome, verdict.code) == (Outcome.FAILED, 2)
    assert len(verdict.tail) == 20
    assert verdict.reason == "a.go:3: bad"


@pytest.mark.parametrize(
    ("run", "reason"),
    [
        ("exit 7", "exit code 7"),
        ("kill -9 $$", "killed by SIGKILL"),
        ("sh -c 'kill -15 $$'; exit $?", "killed by SIGTERM"),
        ("echo no; exit 1", "no"),
    ],
)
def test_failure_says_why(bench, run, reason):
    assert bench(run=run).reason == reason


@pytest.mark.parametrize(
    "fields",
    [
        {"run": "true", "requires": ("sh", "no-such-program")},
        {"run": ("no-such-program", "up")},
        {"run": "no-such-program up"},
        {"run": ("bash", "-c", "no-such-program")},
        {"run": "true", "setup": ("no-such-program",)},
        {"run": "true", "setup": "no-such-program"},
    ],
)
def test_program_that_is_not_installed_makes_it_unavailable(bench, fields):
    verdict = bench(**fields)
    assert verdict.outcome is Outcome.UNAVAILABLE
    assert verdict.reason == "no-such-program is not installed"


@pytest.mark.parametrize("run", [("./gone.sh",), "./gone.sh", "exit 127"])
def test_script_that_is_gone_from_the_tree_is_a_failure(bench, run):
    assert bench(run=run).outcome is Outcome.FAILED


def test_gate_waits_and_nothing_runs(bench, tmp_path):
    verdict = bench(manual="start it and look")
    assert (verdict.outcome, verdict.reason) == (Outcome.WAITING, "start it and look")
    assert not (tmp_path / "logs").exists()


def test_time_that_ran_out_is_a_failure_and_spoils_the_slot(repo, bench):
    verdict = bench(run="echo started; while :; do sleep 1000; done", timeout=0.3)
    assert (verdict.outcome, verdict.code, verdict.reason) == (Outcome.FAILED, None, "timed out after 0.3 s")
    assert verdict.tail == ("started",)
    assert (repo.slots / "1.dirty").exists()


def test_setup_runs_first_in_the_same_slot(bench):
    verdict = bench(setup="echo made > made", run=("cat", "made"))
    assert verdict.outcome is Outcome.PASSED
    assert verdict.log.read_text() == "$ echo made > made\n$ cat made\nmade\n"


def test_setup_of_the_plan_runs_before_that_of_the_validation(bench, tmp_path):
    verdict = bench(prepare="echo one > made", setup="echo two >> made", run="cat made")
    assert verdict.outcome is Outcome.PASSED
    assert verdict.log.read_text().endswith("$ cat made\none\ntwo\n")


def test_plan_setup_that_fails_is_a_failure_and_nothing_more_runs(bench):
    verdict = bench(prepare="echo no; exit 3", setup="touch made", run="true")
    assert (verdict.outcome, verdict.reason) == (Outcome.FAILED, "setup failed: no")
    assert "touch" not in verdict.log.read_text()


def test_probe_that_fails_makes_it_unavailable_with_its_last_word(bench):
    verdict = bench(probe="echo no daemon; exit 1", setup="touch made", run="false", baseline=".")
    assert (verdict.outcome, verdict.reason, verdict.problems) == (Outcome.UNAVAILABLE, "no daemon", ())
    assert "touch" not in verdict.log.read_text()


def test_probe_that_succeeds_decides_nothing(bench):
    assert bench(probe=("true",), run="false").outcome is Outcome.FAILED


def test_setup_that_fails_is_a_failure_and_the_command_does_not_run(bench, tmp_path):
    verdict = bench(setup="echo no rule; exit 2", run=f"touch {tmp_path}/ran")
    assert (verdict.outcome, verdict.code, verdict.reason) == (Outcome.FAILED, 2, "setup failed: no rule")
    assert not (tmp_path / "ran").exists()


def test_setup_that_is_gone_from_the_tree_is_a_failure(bench):
    verdict = bench(setup=("./gone.sh",), run="true")
    assert verdict.outcome is Outcome.FAILED
    assert verdict.reason == "setup failed: ./gone.sh cannot be run: No such file or directory"


def test_setup_and_command_share_the_time(bench):
    verdict = bench(setup="while :; do sleep 1000; done", run="true", timeout=0.2)
    assert verdict.reason == "setup timed out after 0.2 s"


def test_variables_of_the_plan_reach_the_command(bench):
    verdict = bench(env=(("COLOR", "blue"),), run="echo $COLOR; exit 1")
    assert verdict.tail == ("blue",)


def test_problems_are_selected_from_the_output_of_the_command(bench):
    verdict = bench(setup="echo bad setup", run="echo bad one; echo fine; echo bad two; exit 1", baseline="^bad")
    assert verdict.problems == ("bad one", "bad two")


def test_a_baseline_that_never_ends_is_a_failure_and_never_no_worse(bench, monkeypatch):
    monkeypatch.setattr("migrate.limits.BASELINE_SECONDS", 0.05)
    verdict = bench(run=f"echo {'a' * 40}!; exit 1", baseline="^(a+)+$", timeout=60)
    assert (verdict.outcome, verdict.problems) == (Outcome.FAILED, ())
    assert verdict.reason.startswith("its baseline takes longer than 0.05 s: write it without")


@pytest.mark.parametrize("baseline", ["bad", "no such line", None])
def test_secrets_are_looked_for_only_in_what_is_shown_or_kept(bench, monkeypatch, baseline):
    redacted: list[int] = []
    real = Redaction.text

    def counted(self: Redaction, text: str, *, is_cut: bool = False) -> str:
        redacted.append(len(text))
        return real(self, text, is_cut=is_cut)

    monkeypatch.setattr(Redaction, "text", counted)
    monkeypatch.setattr("migrate.limits.PROBLEM_LINES", 10)
    verdict = bench(run="yes 'a bad line of output' | head -c 2000000; exit 1", baseline=baseline)
    assert verdict.outcome is Outcome.FAILED
    assert verdict.tail[-2] == "a bad line of output"
    assert sum(redacted) < 4096


def test_looking_at_the_output_is_not_the_time_of_the_command(bench, monkeypatch):
    late = 0.0
    clock, real = time.monotonic, runner.most_relevant_line

    def slow(log: Path, start: int, last: Sequence[str]) -> str:
        nonlocal late
        late += 1000
        return real(log, start, last)

    monkeypatch.setattr(time, "monotonic", lambda: clock() + late)
    monkeypatch.setattr(runner, "most_relevant_line", slow)
    assert bench(run="exit 1").seconds < 1000


def test_a_line_without_end_is_looked_at_in_little_memory(bench):
    tracemalloc.start()
    try:
        verdict = bench(run="head -c 40000000 /dev/zero; exit 1", baseline=".")
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()
    assert len(verdict.reason) == 500
    assert [len(line) for line in verdict.problems] == [len(verdict.tail[0])]
    assert verdict.tail[0].startswith("\\x00")
    assert "… and 39,995,904 bytes more (" in verdict.tail[0]
