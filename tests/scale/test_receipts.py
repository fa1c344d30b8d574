"""A look reads the receipts of the trees that the stack has, of however many there are."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from migrate.git.notes import StoredNotes, read_notes, read_some_notes
from migrate.validation.note_index import MANY, known_index
from migrate.validation.receipts import read_receipts
from tests.conftest import Sandbox
from tests.scale.conftest import Counting, begin
from tests.story import Story

REF = "refs/notes/migrate/tidy"
RECEIPT = {
    "validation": "check",
    "key": "0",
    "outcome": "passed",
    "seconds": 1.0,
    "when": "2026-01-01T00:00:00Z",
    "who": "A <a@b>",
    "commit": "1" * 40,
}


def name_of(number: int) -> str:
    """The name of an object that nobody has."""
    return hashlib.sha1(str(number).encode(), usedforsecurity=False).hexdigest()


def notes(repo: Sandbox, count: int, *, fanout: int = 0, special: dict[int, dict[str, Any]] | None = None) -> str:
    """A notes commit with so many receipts more, whose names are cut into folders."""
    tip = repo.git("for-each-ref", "--format=%(objectname)", REF)
    parts = [f"commit {REF}\ncommitter A <a@b> 1700000000 +0000\ndata 1\nx\n" + (f"from {tip}\n" if tip else "")]
    for number in range(count):
        name = name_of(number)
        path = "/".join([*(name[at : at + 2] for at in range(0, 2 * fanout, 2)), name[2 * fanout :]])
        text = json.dumps({**RECEIPT, **(special or {}).get(number, {})})
        parts.append(f"M 100644 inline {path}\ndata {len(text)}\n{text}\n")
    repo.repository.git.run("fast-import", "--quiet", "--force", stdin="".join(parts).encode())
    return repo.git("rev-parse", REF)


def test_a_look_reads_no_more_for_more_receipts(story: Story, counted: Counting, contents: list[str]) -> None:
    begin(story, 2).made("run")
    few = len(story.status()["phases"])
    notes(story, MANY * 3)
    states = story.states()
    contents.clear()
    started = counted("status")
    assert (states, few) == (["passed", "passed"], 2)
    assert len(contents) <= 25
    assert len(started.of("ls-tree", "-l")) == 0
    assert [words for words in started.commands if "--batch" in words] == []


def test_what_comes_later_is_read_and_nothing_is_lost(story: Story, counted: Counting, contents: list[str]) -> None:
    begin(story, 2).made("run", "--to", "p001")
    notes(story, MANY * 2)
    story.status()
    story.made("run")
    assert story.states() == ["passed", "passed"]
    listed = read_notes(story.repository, story.git("rev-parse", REF)).contents
    assert len(listed) == MANY * 2 + 2
    story.made("validate", "--all", "--again")
    assert story.states() == ["passed", "passed"]
    assert len(read_notes(story.repository, story.git("rev-parse", REF)).contents) == MANY * 2 + 2


@pytest.mark.parametrize("fanout", [0, 1, 2])
def test_some_notes_are_read_as_all_are(repo: Sandbox, fanout: int) -> None:
    repo.commit("a")
    tip = notes(repo, 300, fanout=fanout)
    notes(repo, 3)
    every = read_notes(repo.repository, tip)
    some = read_some_notes(repo.repository, tip, [name_of(1), name_of(5), "1" * 40])
    assert isinstance(some.contents, StoredNotes)
    assert list(some.contents) == [name_of(1), name_of(5)]
    assert some.contents.get(name_of(7)) == every.contents[name_of(7)]
    assert some.paths[name_of(9)] == every.paths[name_of(9)]
    assert len(some.contents) == len(some.paths) == len(list(some.paths)) == 4
    assert some.contents.get("2" * 40) is None
    assert some.paths.get("2" * 40) is None


def test_confirmations_and_what_is_no_receipt_are_found_wherever_they_are(repo: Sandbox) -> None:
    repo.commit("a")
    special: dict[int, dict[str, Any]] = {3: {"phase": "p1", "validation": "gate"}, 8: {"when": "never"}}
    tip = notes(repo, MANY + 10, special=special)
    every = read_receipts(repo.repository, "tidy", tip)
    assert known_index(repo.repository, "tidy") is not None
    some = read_receipts(repo.repository, "tidy", tip, [name_of(0)])
    assert sorted(some.warnings) == sorted(every.warnings)
    assert some.approvals() == every.approvals()
    assert len(list(some.by_tree)) == 3
    assert some.on([name_of(0), name_of(50)]) == every.on([name_of(0), name_of(50)])
    later = notes(repo, 2, special={1: {"phase": "p2"}})
    assert len(read_receipts(repo.repository, "tidy", later, []).approvals()) == 2
    again = notes(repo, MANY + 5)
    assert len(read_receipts(repo.repository, "tidy", again, []).approvals()) == 0
