"""Receipts: notes that survive a round trip, and that count only for the validation they were made for."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from migrate.git.refs import RefUpdate, move_refs
from migrate.git.writer import CommitWriter, commit_identity
from migrate.plan.names import RefNames
from migrate.plan.validation import Validation
from migrate.validation.outcome import Outcome, RunVerdict
from migrate.validation.receipt import approval_receipt, receipt_of
from migrate.validation.receipts import Receipts, read_receipts

BUILD = Validation("build", run=("go", "build", "./..."))
SMOKE = Validation("smoke", manual="start it and look")
TREE, OTHER, COMMIT = "a" * 40, "b" * 40, "c" * 40
WHO = "Ada Lovelace <ada@example.com>"


def receipt(outcome=Outcome.PASSED, spec=BUILD, tree=TREE, **changes):
    """A receipt like those that a run makes."""
    return replace(receipt_of(RunVerdict(outcome, 1.23456), spec, tree=tree, commit=COMMIT, who=WHO), **changes)


def record(repo, receipts):
    """Write receipts, move the ref as a command does, and read them again."""
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        tip = receipts.write(writer, repo.repository)
    move_refs(repo.repository, [RefUpdate(RefNames("demo").receipts, receipts.tip, tip)], "test")
    return read_receipts(repo.repository, "demo", tip)


def test_receipts_survive_a_round_trip_and_git_shows_them(repo):
    odd = receipt(Outcome.FAILED, reason='päth "x"\udce9', problems=("a.go:1: no", "b"), base=OTHER, code=7)
    read = record(repo, Receipts().with_added([odd, receipt(spec=SMOKE, tree=OTHER)]))
    assert read.by_tree == {TREE: (odd,), OTHER: (receipt(spec=SMOKE, tree=OTHER, when=read.by_tree[OTHER][0].when),)}
    shown = json.loads(repo.git("notes", "--ref=migrate/demo", "show", TREE))
    assert shown["validation"] == "build"
    assert shown["outcome"] == "failed"
    assert shown["seconds"] == 1.235
    assert shown["who"] == WHO
    assert "note" not in shown


def test_receipt_counts_only_for_the_key_it_was_made_for():
    receipts = Receipts().with_added([receipt()])
    assert receipts.of(TREE, BUILD, base=None) is not None
    assert receipts.of(TREE, replace(BUILD, run=("true",)), base=None) is None
    assert receipts.of(TREE, replace(BUILD, name="other"), base=None) is None
    assert receipts.of(OTHER, BUILD, base=None) is None


def test_comparison_with_another_base_does_not_count():
    receipts = Receipts().with_added([receipt(Outcome.NO_WORSE, base=OTHER)])
    assert receipts.of(TREE, BUILD, base=None) is None
    assert receipts.of(TREE, BUILD, base=OTHER) is not None
    assert receipts.of(TREE, BUILD, base=TREE) is None


def test_new_receipt_takes_the_place_of_the_old_one_with_its_key(repo):
    changed = replace(BUILD, run=("true",))
    first = record(repo, Receipts().with_added([receipt(Outcome.FAILED), receipt(spec=changed)]))
    second = record(repo, first.with_added([receipt(), receipt(spec=SMOKE)]))
    assert second.of(TREE, BUILD, base=None).outcome is Outcome.PASSED
    assert second.of(TREE, changed, base=None) is not None
    assert len(repo.git("notes", "--ref=migrate/demo", "show", TREE).splitlines()) == 3


def test_of_two_receipts_that_another_tool_brought_together_the_failure_counts():
    early = receipt(Outcome.FAILED, when="2024-05-01T12:00:00.000Z")
    late = receipt(Outcome.PASSED, when="2024-05-01T12:00:01.000Z")
    for receipts in ((early, late), (late, early)):
        merged = Receipts(by_tree={TREE: receipts})
        assert merged.of(TREE, BUILD, base=None) is early


@pytest.mark.parametrize(
    "when", ["zzzz", "", "2024-05-01", "2024-05-01T12:00:00", "9999-12-31T00:00:00Z", "\u0661\u0662"]
)
def test_a_receipt_whose_time_is_none_is_skipped_with_one_sentence_and_kept(repo, when):
    tree = repo.git("write-tree")
    read = record(repo, Receipts().with_added([receipt(tree=tree)]))
    line = repo.git("notes", "--ref=migrate/demo", "show", tree).replace(read.by_tree[tree][0].when, when)
    repo.git("notes", "--ref=migrate/demo", "add", "-f", "-m", line, tree)
    read = read_receipts(repo.repository, "demo", repo.git("rev-parse", RefNames("demo").receipts))
    assert read.of(tree, BUILD, base=None) is None
    why = f'is skipped: "{when}" is not a valid time'
    assert len(read.warnings) == 1
    assert f"a note on {tree} {why}: git notes --ref=migrate/demo show {tree} " in read.warnings[0]
    record(repo, read.with_added([receipt(tree=tree)]))
    assert line in repo.git("notes", "--ref=migrate/demo", "show", tree)


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        "7",
        "{}",
        json.dumps({"validation": "build", "outcome": "splendid"}),
        json.dumps(
            {"validation": 7, "key": "k", "outcome": "passed", "seconds": 1, "when": "", "who": "", "commit": ""}
        ),
        json.dumps(
            {"validation": "b", "key": "k", "outcome": "passed", "seconds": "x", "when": "", "who": "", "commit": ""}
        ),
        json.dumps(
            {
                **{"validation": "b", "key": "k", "outcome": "passed", "seconds": 1},
                **{"when": "", "who": "", "commit": "", "problems": "no list"},
            }
        ),
        "[" * 100_000,
    ],
)
def test_corrupt_note_is_reported_and_kept(repo, line):
    tree = repo.git("write-tree")
    note = repo.write("note", f"{line}\n")
    repo.git("notes", "--ref=migrate/demo", "add", "-F", str(note), "--allow-empty", tree)
    read = read_receipts(repo.repository, "demo", repo.git("rev-parse", RefNames("demo").receipts))
    assert read.of(tree, BUILD, base=None) is None
    assert len(read.warnings) == 1
    assert f"a note on {tree} is no receipt: git notes --ref=migrate/demo show {tree} " in read.warnings[0]
    after = record(repo, read.with_added([receipt(tree=tree)]))
    assert after.of(tree, BUILD, base=None) is not None
    assert repo.git("notes", "--ref=migrate/demo", "show", tree).startswith(line)


def test_field_of_a_later_version_is_no_error(repo):
    tree = repo.git("write-tree")
    record(repo, Receipts().with_added([receipt(tree=tree)]))
    shown = json.loads(repo.git("notes", "--ref=migrate/demo", "show", tree)) | {"color": ["green"]}
    repo.git("notes", "--ref=migrate/demo", "add", "-f", "-m", json.dumps(shown), tree)
    read = read_receipts(repo.repository, "demo", repo.git("rev-parse", RefNames("demo").receipts))
    assert read.of(tree, BUILD, base=None).outcome is Outcome.PASSED
    assert read.warnings == ()


def test_nothing_new_writes_nothing(repo):
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        assert Receipts().write(writer, repo.repository) is None


def test_gate_is_passed_by_a_person_with_a_note():
    confirmed = approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who=WHO, note="looks\x1b[31m good")
    assert (confirmed.outcome, confirmed.who, confirmed.note) == (Outcome.PASSED, WHO, "looks\\x1b[31m good")
    assert Receipts().with_added([confirmed]).of(TREE, SMOKE, base=None) == confirmed


@pytest.mark.parametrize(
    ("who", "note", "said"),
    [
        (WHO, "", "it works"),
        (WHO, "it works", "it works"),
        (WHO, "still", "still; approved before by Ada Lovelace on 2024-05-01: it works"),
        ("Bob <b@c>", "", "approved before by Ada Lovelace on 2024-05-01: it works"),
        ("Bob <b@c>", "in Firefox", "in Firefox; approved before by Ada Lovelace on 2024-05-01: it works"),
    ],
)
def test_a_second_approval_says_what_the_first_one_said(who, note, said):
    first = replace(
        approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who=WHO, note="it works"), when="2024-05-01T12:00:00.000Z"
    )
    assert approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who=who, note=note, earlier=first).note == said


def test_an_approval_without_a_note_is_remembered_too():
    first = replace(approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who=WHO), when="2024-05-01T12:00:00.000Z")
    second = approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who="Bob <b@c>", earlier=first)
    assert second.note == "approved before by Ada Lovelace on 2024-05-01"
    assert approval_receipt(SMOKE, tree=TREE, commit=COMMIT, who="Bob <b@c>", earlier=second).note == second.note
