"""A journal of years costs no more than one of yesterday where its last entries are what is asked for."""

from __future__ import annotations

import json
from typing import Any

import pytest

from migrate.journal.record import Operation, record
from migrate.orchestrator.undo import last_command, never_taken_back, undo_history
from migrate.plan.names import RefNames
from migrate.stack.entries import EntryKind, own_entries, read_journal
from migrate.stack.own_journal import ONE_BY_ONE, OwnJournal
from migrate.stack.project import Project
from tests.scale.conftest import Counting, begin
from tests.story import Story

JOURNAL = "refs/migrate/tidy/journal"
NAMES = RefNames("tidy")


def operations(story: Story, count: int, kind: str = "done") -> None:
    """So many operations before those of the journal: each moved a ref that is no more."""
    tip = story.git("rev-parse", JOURNAL)
    mine = [json.loads(story.git("log", "-1", "--format=%b", oid)) for oid in story.git("rev-list", JOURNAL).split()]
    bodies = [
        {"version": 1, "number": n + 1, "command": "migrate next", "invocation": f"i{n}", "kind": kind, "refs": refs(n)}
        for n in range(count)
    ]
    parts = []
    for number, body in enumerate([*bodies, *reversed(mine)]):
        body["number"] = number + 1
        body.pop("follows", None)  # It has another name now, as all have.
        text = f"operation {number + 1}\n\n{json.dumps(body)}\n"
        parts.append(
            f"commit refs/heads/tmp\nmark :{number + 1}\ncommitter A <a@b> {1_700_000_000 + number} +0000\n"
            f"data {len(text)}\n{text}" + (f"from :{number}\n" if number else "") + "deleteall\n"
        )
    story.repository.git.run("fast-import", "--quiet", stdin="".join(parts).encode())
    story.git("update-ref", JOURNAL, "refs/heads/tmp", tip)
    story.git("update-ref", "-d", "refs/heads/tmp")


def refs(number: int) -> list[dict[str, Any]]:
    """What an operation moved."""
    return [{"ref": f"refs/heads/migrate/tidy/p{number}", "old": None, "new": f"{number:040x}"}]


def walks(story: Story, started: Any) -> int:
    """How many walks of the whole journal there were: those of the base and its branches show what changed."""
    return len(
        [
            words
            for words in started.of("log", "--no-patch", "--topo-order")
            if "--no-walk" not in words and "--reverse" not in words
        ]
    )


def test_the_last_operations_are_printed_without_the_others(
    story: Story, counted: Counting, contents: list[str]
) -> None:
    begin(story, 1).made("run")
    operations(story, 300)
    contents.clear()
    assert walks(story, counted("journal", "-n", "5")) == 0
    assert len(contents) <= 20
    printed = [line for line in story.type("journal", "-n", "5").ended(0).out.split("\n") if "operation" in line]
    assert [line.split()[0] for line in printed] == ["302", "301", "300", "299", "298"]
    assert story.type("journal", "--json").ended(0).json[:5] == story.type("journal", "-n", "5", "--json").ended(0).json


def test_undo_reads_the_last_commands(story: Story, counted: Counting, contents: list[str]) -> None:
    begin(story, 2).made("run", "--no-validate")
    operations(story, 300)
    story.git("switch", "-q", "main")
    contents.clear()
    assert walks(story, counted("undo", "--yes")) == 0
    assert len(contents) <= 40
    assert story.states() == ["pending", "pending"]
    assert walks(story, counted("redo", "--yes")) == 0
    assert story.states() == ["waiting", "waiting"]


def facts(story: Story, count: int) -> None:
    """So many operations that record receipts alone."""
    project = Project.open(story.path, None, "validate")
    for number in range(count):
        record(project.look(), Operation(f"validate {number}", (), EntryKind.FACT))


def test_undo_passes_over_what_recorded_receipts_alone(story: Story, counted: Counting, contents: list[str]) -> None:
    begin(story, 2).made("run", "--no-validate")
    facts(story, ONE_BY_ONE + 12)
    story.git("switch", "-q", "main")
    contents.clear()
    assert walks(story, counted("undo", "--yes")) == 0
    assert len(contents) <= 30
    assert story.states() == ["pending", "pending"]
    assert walks(story, counted("redo", "--yes")) == 0
    assert story.states() == ["waiting", "waiting"]


def test_what_older_programs_recorded_is_found_too(story: Story, counted: Counting) -> None:
    begin(story, 2).made("run", "--no-validate")
    operations(story, ONE_BY_ONE + 12, kind="fact")
    facts(story, 3)
    story.git("switch", "-q", "main")
    story.made("undo", "--yes")
    assert story.states() == ["pending", "pending"]


def test_restack_asks_for_what_was_made_last(story: Story, counted: Counting) -> None:
    begin(story, 2).made("run", "--no-validate")
    operations(story, 300)
    story.git("switch", "-q", "main")
    story.commit("On", {"a": "1"})
    assert walks(story, counted("restack", "--no-validate")) == 0


@pytest.mark.parametrize("kinds", [["undo"], ["undo", "undo"], ["undo", "redo"], ["undo", "undo", "redo", "undo"], []])
def test_what_is_undone_is_as_the_whole_journal_tells(story: Story, kinds: list[str]) -> None:
    begin(story, 3)
    for phase in ("p001", "p002", "p003"):
        story.made("run", "--to", phase, "--no-validate")
    for kind in kinds:
        story.git("switch", "-q", "main")
        story.type(kind, "--yes").ended(0)
    tip, left = story.git("rev-parse", JOURNAL), never_taken_back(NAMES)
    done, undone = undo_history(own_entries(read_journal(story.repository, NAMES, tip)), left)  # type: ignore[arg-type]
    for kind, expected in ((EntryKind.UNDO, done), (EntryKind.REDO, undone)):
        found = last_command(OwnJournal(story.repository, NAMES, tip), left, kind)  # type: ignore[arg-type]
        assert found == (expected[-1] if expected else None)


def test_who_asks_for_all_gets_all(story: Story) -> None:
    begin(story, 1).made("run")
    operations(story, ONE_BY_ONE + 20)
    tip = story.git("rev-parse", JOURNAL)
    journal = OwnJournal(story.repository, NAMES, tip)  # type: ignore[arg-type]
    every = own_entries(read_journal(story.repository, NAMES, tip))[::-1]  # type: ignore[arg-type]
    assert [*journal] == [entry for entry in every if entry.kind is not EntryKind.FACT] != every
    assert journal.gave("refs/heads/migrate/tidy/p0", f"{0:040x}")  # type: ignore[arg-type]
    assert not journal.gave("refs/heads/none", f"{0:040x}")  # type: ignore[arg-type]
    assert [*OwnJournal(story.repository, NAMES, None)] == []
