"""Validating a phase: what runs, what is kept, what is compared with the base."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace

import pytest

from migrate.execution.slots import take_slot
from migrate.plan.validation import Validation
from migrate.tree.moves import MoveMap
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import approval_receipt
from migrate.validation.receipts import Receipts
from migrate.validation.session import ValidationTarget, log_file, validate_target

WHO = "Ada Lovelace <ada@example.com>"
CHECK = 'for f in $(find . -name "*.bad"); do echo "$PWD/$f:1: bad"; done; test -z "$f"'
LINT = Validation("lint", run=CHECK, baseline=r":\d+: ")


KILLED = """
import sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.validation.receipts import Receipts
from migrate.plan.validation import Validation
from migrate.validation.session import ValidationTarget, validate_target
path, commit, folder = sys.argv[1:]
spec = Validation("slow", run=f"echo 1 > {folder}/started; read line < {folder}/end")
target = ValidationTarget("p01", commit, commit)
validate_target(Repository.open(Path(path)), target, [spec], base=target, receipts=Receipts(), who="nobody")
"""


class Told:
    """A progress that remembers what it was told."""

    def __init__(self):
        self.events = []

    def started(self, name):
        self.events.append(("started", name))

    def update(self, name, seconds, last_line):
        self.events.append(("update", name, last_line))

    def finished(self, name, verdict):
        self.events.append(("finished", name, str(verdict.outcome)))

    def kept(self, receipt):
        self.events.append(("kept", receipt.validation))


@pytest.fixture
def story(repo, tmp_path):
    """A base with one problem, a phase that moves it, and a way to validate that counts the runs."""

    class Story:
        receipts = Receipts()
        ran = tmp_path / "ran"

        def target(self, name, commit, moved=None):
            return ValidationTarget(name, commit, repo.git("rev-parse", f"{commit}^{{tree}}"), moved or MoveMap())

        def spec(self, name, line, **fields):
            return Validation(name, run=f"echo {name} >> {self.ran}; {line}", **fields)

        def runs(self):
            return self.ran.read_text().split() if self.ran.exists() else []

        def validate(self, *specs, target=None, **options):
            target = target or self.phase
            made = validate_target(
                repo.repository, target, specs, base=self.base, receipts=self.receipts, who=WHO, **options
            )
            self.receipts = self.receipts.with_added(made)
            return made

    story = Story()
    story.base = story.target("base", repo.commit("base", {"old/a.bad": "", "file": "1\n"}))
    repo.git("mv", "old", "new")
    story.phase = story.target("p01", repo.commit("move"), MoveMap({"old": "new"}))
    repo.write("new/b.bad")
    story.worse = story.target("p02", repo.commit("worse"), MoveMap({"old": "new"}))
    return story


def test_receipt_says_what_ran_where_and_how_it_went(story):
    passing, failing = story.spec("pass", "true"), story.spec("fail", "echo no; false")
    passed, failed = story.validate(passing, failing)
    assert (passed.outcome, passed.validation, passed.key) == (Outcome.PASSED, "pass", passing.key())
    assert (passed.tree, passed.commit, passed.who) == (story.phase.tree, story.phase.commit, WHO)
    assert (failed.outcome, failed.reason) == (Outcome.FAILED, "no")


def test_what_passed_is_kept_and_what_failed_runs_again(story):
    specs = story.spec("pass", "true"), story.spec("fail", "false")
    story.validate(*specs)
    told = Told()
    story.validate(*specs, progress=told)
    assert story.runs() == ["pass", "fail", "fail"]
    assert told.events == [("kept", "pass"), ("started", "fail"), ("finished", "fail", "failed")]


def test_force_runs_everything_again(story):
    story.validate(story.spec("pass", "true"))
    story.validate(story.spec("pass", "true"), force=True)
    assert story.runs() == ["pass", "pass"]


def test_changed_command_runs_again(story):
    story.validate(story.spec("check", "true"))
    story.validate(story.spec("check", "true || true"))
    assert story.runs() == ["check", "check"]


def test_one_validation_does_not_see_what_another_changed(story):
    change = Validation("change", run="echo 2 > file; touch untracked")
    look = Validation("look", run='test "$(cat file)" = 1 && test ! -e untracked')
    assert [r.outcome for r in story.validate(change, look)] == [Outcome.PASSED, Outcome.PASSED]


def test_gate_gets_no_receipt_until_a_person_confirms_it(story):
    gate, told = Validation("smoke", manual="start it and look"), Told()
    assert story.validate(gate, progress=told) == []
    assert told.events == [("started", "smoke"), ("finished", "smoke", "waiting")]
    story.receipts = story.receipts.with_added(
        [approval_receipt(gate, tree=story.phase.tree, commit=story.phase.commit, who=WHO)]
    )
    told = Told()
    assert story.validate(gate, progress=told, force=True) == []
    assert told.events == [("kept", "smoke")]


def test_unavailable_is_recorded_and_tried_again(story, tmp_path, monkeypatch):
    spec = story.spec("docker-up", "true", requires=("docker",))
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr("shutil.which", lambda program, path: None)
    (receipt,) = story.validate(spec)
    assert (receipt.outcome, receipt.reason) == (Outcome.UNAVAILABLE, "docker is not installed")
    monkeypatch.setattr("shutil.which", lambda program, path: "/usr/bin/docker")
    (receipt,) = story.validate(spec)
    assert receipt.outcome is Outcome.PASSED


def test_nothing_is_checked_out_when_nothing_has_to_run(repo, story):
    story.validate(Validation("smoke", manual="look"), Validation("x", run="true", requires=("no-such-program",)))
    assert not (repo.slots / "1").exists()


def test_phase_that_fails_as_its_base_does_is_no_worse(story):
    of_base, of_phase = story.validate(LINT)
    assert (of_base.tree, of_base.outcome, of_base.problems) == (
        story.base.tree,
        Outcome.FAILED,
        ("./old/a.bad:1: bad",),
    )
    assert of_phase.outcome is Outcome.NO_WORSE
    assert of_phase.reason == "fails as it does on the base (1 line)"
    assert of_phase.base == story.base.tree
    assert story.validate(LINT) == []


def test_problem_that_the_base_has_not_is_a_failure_that_comes_first(story):
    told = []

    class Verdicts(Told):
        def finished(self, name, verdict):
            told.append(verdict)

    story.validate(LINT)
    (receipt,) = story.validate(LINT, target=story.worse, progress=Verdicts())
    assert (receipt.outcome, receipt.reason) == (Outcome.FAILED, "./new/b.bad:1: bad")
    assert told[0].tail[0] == "./new/b.bad:1: bad"


def test_comparison_with_another_base_is_made_again(story, repo):
    story.validate(LINT)
    repo.git("rm", "-q", "-r", ".")
    story.base = story.target("base", repo.commit("a clean base", {"file": "1\n"}))
    of_base, of_phase = story.validate(LINT)
    assert (of_base.outcome, of_phase.outcome) == (Outcome.PASSED, Outcome.FAILED)


@pytest.mark.parametrize(
    ("base", "phase", "reason"),
    [
        ("exit 1", "kill -9 $$", "killed by SIGKILL"),
        ("exit 137", "exit 137", "killed by SIGKILL"),
        ("kill -11 $$", "exit 1", "./a.bad:1: bad"),
        ("exit 1", "exit 3", "exited with 3, and with 1 on the base"),
        ("exit 0", "exit 1", "./a.bad:1: bad"),
        ("exit 255", "exit 255", "fails as it does on the base (1 line)"),
    ],
)
def test_a_failure_that_ends_otherwise_than_on_the_base_is_worse(story, base, phase, reason):
    line = f"echo ./a.bad:1: bad; test -e new && {{ {phase}; }}; {base}"
    (receipt,) = story.validate(story.spec("check", line, baseline=r":\d+: "))[-1:]
    assert receipt.reason == reason
    assert (receipt.outcome is Outcome.NO_WORSE) == reason.startswith("fails as")


def test_a_receipt_of_the_base_that_tells_no_exit_code_does_not_count(story):
    of_base, _ = story.validate(LINT)
    story.receipts = Receipts().with_added([replace(of_base, code=None)])
    assert [receipt.tree for receipt in story.validate(LINT)] == [story.base.tree, story.phase.tree]


def test_failure_without_a_selected_problem_is_a_failure(story):
    (receipt,) = story.validate(story.spec("check", "echo strange; false", baseline="^bad"))
    assert (receipt.outcome, receipt.reason) == (Outcome.FAILED, "strange")


def test_interrupt_loses_no_receipt_and_cleans_up(story, repo):
    class Impatient(Told):
        def update(self, name, seconds, last_line):
            raise KeyboardInterrupt

    given = []
    slow = Validation("slow", run="while :; do sleep 1000; done")
    with pytest.raises(KeyboardInterrupt):
        story.validate(story.spec("pass", "true"), slow, progress=Impatient(), on_receipt=given.append)
    assert [receipt.validation for receipt in given] == ["pass"]
    assert [r.outcome for r in story.validate(story.spec("after", "true"))] == [Outcome.PASSED]


def test_slot_stays_taken_while_a_command_outlives_a_killed_migrate(story, repo, tmp_path):
    for name in ("started", "end"):
        os.mkfifo(tmp_path / name)
    command = [sys.executable, "-c", KILLED, str(repo.path), story.phase.commit, str(tmp_path)]
    with subprocess.Popen(command) as other:
        assert (tmp_path / "started").read_text() == "1\n"
        other.kill()
    with take_slot(repo.repository) as place:
        assert place.path.name == "2"
    (tmp_path / "end").write_text("now\n")


def test_log_keeps_the_whole_output(story, repo):
    story.validate(Validation("a b/c", run="echo out; echo err >&2"))
    log = log_file(repo.repository.state_dir, "p01", "a b/c")
    assert log.name == "a_b_c.log"
    assert log.read_text() == "$ echo out; echo err >&2\nout\nerr\n"
