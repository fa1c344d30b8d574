"""What whoever can push can write, drawn at random: notes, the journal, trailers. Nothing raises, hangs or fills
memory.

`FUZZ_EXAMPLES` says how many inputs of each kind are drawn, 60 where it is not set; `make fuzz` draws 10,000 in all.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.cli.journal import journal_row
from migrate.git.history import Commit
from migrate.git.notes import Notes
from migrate.git.paths import check_path
from migrate.orchestrator.prune import archives, pruned
from migrate.orchestrator.sharing.held_back import taken_back_by_others
from migrate.orchestrator.undo import undo_history
from migrate.plan.names import RefNames
from migrate.stack.entries import (
    EntryKind,
    JournalEntry,
    NewerJournalError,
    own_entries,
    parse_entry,
    unfinished_operation,
)
from migrate.stack.trailers import (
    merge_messages,
    read_reverts,
    read_trailers,
    split_message,
    taken_back_by,
    trailer_block,
)
from migrate.text import duration, printable_lines
from migrate.validation.merge import merged_notes
from migrate.validation.receipts import Receipts, parse_receipt, with_line
from tests.conftest import Sandbox
from tests.memory import measured
from tests.story import Story

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
SECONDS = 5.0
"""Processor time for one input; the slowest that was seen took 0.2."""
GROWTH = 100_000_000
"""Bytes by which this process may grow over one input."""
NAMES = RefNames("m")
OID, OTHER = "a" * 40, "b" * 40
drawn = settings(max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow])

CONTROL = st.sampled_from(
    ["\x1b[2J", "\n", "\r\n", "\0", "\x7f", "\u202e", "\x9b", "\u2028", "\udc80", "'", "--all", ""]
)
texts = st.one_of(
    st.text(max_size=30), CONTROL, st.sampled_from([OID, OTHER, "refs/heads/x", "refs/migrate/m/made/p01", "HEAD"])
)
numbers = st.one_of(
    st.integers(-2, 3), st.sampled_from([10**18, 10**300, 10**4000, -(10**30)]), st.floats(), st.just(1e308)
)
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, texts),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)


def quick(do: Callable[[], None]) -> None:
    """Run something that must take neither long nor much memory."""
    before = time.process_time()
    _, grown = measured(do)
    assert time.process_time() - before < SECONDS
    assert grown < GROWTH


@st.composite
def changed(draw: st.DrawFn, sound: dict[str, Any]) -> str:
    """A sound object of JSON with some of its values replaced, or its text damaged."""
    value = {name: draw(values) if draw(st.integers(0, 3)) == 0 else kept for name, kept in sound.items()}
    for name in draw(st.lists(st.sampled_from(sorted(sound)), max_size=2)):
        value.pop(name, None)
    return damaged(draw, json.dumps(value))


def damaged(draw: st.DrawFn, text: str) -> str:
    """A text that was cut short, has something in the middle, or opens brackets without an end; or the same."""
    how = draw(st.integers(0, 7))
    place = draw(st.integers(0, len(text)))
    if how == 0:
        return text[:place]
    if how == 1:
        return text[:place] + draw(texts) + text[place:]
    if how == 3:
        return re.sub(r"([0-9])(?=[,}])", "1" + "0" * 5000, text, count=1)
    return "[" * draw(st.sampled_from([3, 100_000])) if how == 2 and place % 5 == 0 else text


REF = {"ref": "refs/heads/migrate/m/p01", "old": None, "new": OID}
ENTRY = {
    **{"version": 1, "number": 3, "command": "migrate next", "invocation": "abc", "kind": "done", "of": "abc"},
    **{"theirs": OTHER, "head": "main", "land_on": "main", "refs": [REF, {**REF, "ref": "refs/migrate/m/archive/3/x"}]},
}
RECEIPT = {
    **{"validation": "build", "key": "1", "outcome": "passed", "seconds": 1.5, "when": "2026-11-30T00:00:00.000Z"},
    **{"who": "Ann <a@b>", "commit": OID, "reason": "", "note": "", "problems": ["x"], "base": OID, "phase": "p01"},
}
refs = st.lists(st.one_of(st.just(REF), st.fixed_dictionaries({"ref": texts, "old": values, "new": values}), values))
entries = st.one_of(changed(ENTRY), st.builds(lambda some: json.dumps({**ENTRY, "refs": some}), refs), texts)
dates = st.one_of(st.sampled_from(["", "2026-11-30T00:00:00Z", "2026-11-30T00:00:00+99:00", "0000-00-00"]), texts)


def commit(number: int, body: str, date: str) -> Commit:
    """A commit of the journal on the one before it."""
    parents = (f"{number - 1:040x}", OTHER)[: 2 if number % 2 else 1] if number else ()
    return Commit(f"{number:040x}", OID, parents, "Ann <a@b>", date, f"title\n\n{body}", ())


@drawn
@given(st.lists(st.tuples(entries, dates), max_size=6))
def test_a_journal(bodies: list[tuple[str, str]]) -> None:
    quick(lambda: read_all([commit(number, body, date) for number, (body, date) in enumerate(bodies)]))


def read_all(commits: list[Commit]) -> None:
    """Read a journal, and do with it what commands do."""
    found: list[JournalEntry] = []
    for each in commits:
        try:
            found.append(parse_entry(NAMES, each))
        except NewerJournalError:
            continue
    mine = own_entries(found)
    undo_history(mine, (NAMES.archive_prefix,))
    archives(NAMES, [(f"{NAMES.archive_prefix}3/x", OID), (f"{NAMES.archive_prefix}{'9' * 5000}/x", OID)], found)
    pruned(NAMES, found)
    taken_back_by_others(NAMES, found, mine)
    for each in found:
        unfinished_operation(each, {"refs/heads/migrate/m/p01": OID})
        json.dumps(journal_row(each), allow_nan=False)
        assert (each.kind is EntryKind.UNREADABLE) == (each.number == 0)
        assert all(update.ref.startswith("refs/") and "\x1b" not in update.ref for update in each.refs)
        assert not (each.head or "").startswith("-")


lines = st.one_of(changed(RECEIPT), texts, st.builds(json.dumps, values))
notes = st.builds(lambda some: "\n".join(some).encode("utf-8", "surrogateescape"), st.lists(lines, max_size=4))
notes = st.one_of(notes, st.binary(max_size=60))


@drawn
@given(notes, notes, notes)
def test_notes(base: bytes, ours: bytes, theirs: bytes) -> None:
    quick(lambda: read_notes(base, ours, theirs))


def read_notes(base: bytes, ours: bytes, theirs: bytes) -> None:
    """Read notes, merge them and add to them."""
    found = [each for line in (ours + b"\n" + theirs).split(b"\n") if (each := parse_receipt(OID, line)) is not None]
    for each in found:
        assert 0 <= each.seconds < float("inf")
        assert duration(each.seconds)
        json.dumps({"seconds": each.seconds, "reason": each.reason}, allow_nan=False)
        assert parse_receipt(OID, with_line(ours, each).splitlines()[-1]) == replace(each, tree=OID)
    Receipts(Notes(None, {OID: ours}), {OID: tuple(found)}).with_added(found)
    before, here, there = (Notes(OTHER, {OID: each}) for each in (base, ours, theirs))
    merged_notes([before], here, there)


paths = st.one_of(st.sampled_from(["a", "a/b", "..", "../x", ".git/x", "/x", "", "a b", "%0a", "%zz", "=> b"]), texts)
moved = st.builds(lambda old, new: f"{old} => {new}", paths, paths)
trailer = st.builds(
    lambda key, value: f"{key}: {value}",
    st.sampled_from(
        ["Migration", "Migration-Phase", "Migration-Base", "Migration-Landed", "Migration-Reverts", "Moved", "X"]
    ),
    st.one_of(moved, texts, st.sampled_from(["m", "p01", OID, OID * 2, "1" * 64])),
)
HEAD = "Title\n\nMigration: m\nMigration-Phase: p01\n"
messages = st.builds(
    lambda head, some: head + "\n".join(some),
    st.sampled_from([HEAD, "", f"This reverts commit {OID}.\n\n{HEAD}", HEAD * 3]),
    st.lists(st.one_of(trailer, moved.map("Moved: {}".format), texts), max_size=12),
)


@drawn
@given(messages, messages)
def test_messages(one: str, other: str) -> None:
    quick(lambda: read_message(one, other))


def read_message(one: str, other: str) -> None:
    """Read a message, and do with it what commands do."""
    for trailers in read_trailers(one):
        for path in (path for move in trailers.moves for path in move if path):
            assert check_path(path) == path
        both = trailers.moves.then(trailers.moves)
        assert both.inverse().resolve("a/b") is not None
        again = read_trailers("T\n\n" + "\n".join(trailer_block(trailers)))
        assert again[0].moves == trailers.moves
        assert len(trailers.base) in (0, 40, 64)
        assert len(trailers.landed) in (0, 40, 64)
    read_reverts(one, "m")
    assert all(len(oid) in (40, 64) for oid in taken_back_by(one))
    split_message(one)
    merge_messages(one, other, HEAD)
    assert printable_lines(one).replace("\n", "").isprintable()


def test_many_moves_are_composed_in_little_time() -> None:
    some = "".join(f"Moved: a/{number} => b/{number}\n" for number in range(20_000))
    onward = "".join(f"Moved: b/{number} => c/{number}\n" for number in range(20_000))
    first, second = (read_trailers(HEAD + each)[0].moves for each in (some, onward))
    quick(lambda: first.then(second))
    assert first.then(second).resolve("a/1") == "c/1"


@settings(drawn, max_examples=max(1, EXAMPLES // 100), suppress_health_check=list(HealthCheck))
@given(st.lists(entries, max_size=3), notes, messages)
def test_commands(repo: Sandbox, capsys: pytest.CaptureFixture[str], bodies: list[str], note: bytes, said: str) -> None:
    story = Story(repo.path)
    story.capture = capsys.readouterr
    if not story.refs():
        story.begin().made("next")
        story.git("switch", "--quiet", "main")
        story.git("update-ref", "refs/kept/first", FIRST)
        story.git("update-ref", "refs/kept/journal", JOURNAL)
    place(story, bodies, note, said)
    for words in ("status", "status p01 --json", "journal", "journal --json", "log", "pr --all", "where old/a.txt"):
        done, grown = measured(partial(story.type, *words.split()))
        assert grown < GROWTH, words
        # A journal of a newer program is one that this one does not read.
        allowed = {"journal": (0, 2), "pr": (0, 1, 4, 6)}.get(words.split()[0], (0,))
        assert done.code in allowed, (words, done)
    for words in ("validate p01", "undo --yes"):
        assert story.type(*words.split()).code in (0, 1, 2, 4, 6), words


FIRST, JOURNAL, RECEIPTS = (
    "refs/heads/migrate/tidy/p01-move-old",
    "refs/migrate/tidy/journal",
    "refs/notes/migrate/tidy",
)


def place(story: Story, bodies: list[str], note: bytes, said: str) -> None:
    """Put what was drawn where somebody who can push would put it."""
    tip = story.git("rev-parse", "refs/kept/journal")
    for body in bodies:
        tip = written(story, "title\n\n" + body.replace('"m/', '"tidy/'), "main", tip)
    story.git("update-ref", JOURNAL, tip)
    story.git("update-ref", FIRST, written(story, said.replace("Migration: m", "Migration: tidy"), "main", "main"))
    file = story.path / ".git/note"
    file.write_bytes(note)
    blob = story.git("hash-object", "-w", str(file))
    story.git("notes", "--ref", RECEIPTS, "add", "--force", "-C", blob, f"{FIRST}^{{tree}}")


def written(story: Story, message: str, tree: str, parent: str) -> str:
    """A commit of any message; git itself writes none with a NUL byte."""
    made = ["git", "commit-tree", "-p", parent, "-F", "-", f"{tree}^{{tree}}"]
    raw = message.replace("\0", "").encode("utf-8", "surrogateescape")
    return subprocess.run(made, cwd=story.path, input=raw, capture_output=True, check=True).stdout.decode().strip()
