"""What an entry of the journal says, and how far an operation came that was killed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from migrate.git.history import Commit
from migrate.git.refs import RefUpdate
from migrate.plan.names import RefNames
from migrate.stack.entries import (
    EntryKind,
    JournalEntry,
    NewerJournalError,
    parse_entry,
    read_entry,
    read_journal,
    unfinished_operation,
)

if TYPE_CHECKING:
    from tests.conftest import Sandbox

NAMES = RefNames("m")
REF = "refs/heads/migrate/m/p01-a"


def commit(message: str) -> Commit:
    return Commit("c" * 40, "t", ("p",), "Ada <a@b>", "2024-05-01T12:00:00Z", message, ())


def entry(values: Mapping[str, Any], title: str = "make p01-a") -> JournalEntry:
    return parse_entry(NAMES, commit(f"{title}\n\n{json.dumps(values)}\n"))


A = "a" * 40
REFS = [{"ref": REF, "old": None, "new": A}, {"ref": "refs/heads/x", "old": A, "new": None}]


def test_everything_that_an_entry_says_is_read() -> None:
    values = {"version": 1, "number": 6, "command": "migrate undo", "invocation": "5f0c", "kind": "undo", "of": "1234"}
    assert entry({**values, "head": "main", "land_on": "x", "refs": REFS}, "undo: make p01-a") == JournalEntry(
        oid="c" * 40,
        number=6,
        title="undo: make p01-a",
        who="Ada <a@b>",
        when="2024-05-01T12:00:00Z",
        refs=(RefUpdate(REF, None, A), RefUpdate("refs/heads/x", A, None)),
        command="migrate undo",
        invocation="5f0c",
        kind=EntryKind.UNDO,
        of="1234",
        head="main",
        checkout_after="x",
        parents=("p",),
    )


def test_an_entry_of_an_earlier_version_is_a_command_of_its_own() -> None:
    old = entry({"version": 1, "number": 1, "refs": REFS})
    assert (old.command, old.invocation, old.kind, old.of) == ("", old.oid, EntryKind.DONE, "")
    assert (old.head, old.checkout_after) == (None, None)


def test_what_a_later_version_adds_is_passed_over() -> None:
    assert entry({"version": 1, "number": 1, "refs": [{**REFS[0], "why": "?"}], "more": {}}).number == 1


def test_an_entry_of_a_newer_version_asks_for_a_newer_program_and_never_for_another_journal() -> None:
    with pytest.raises(NewerJournalError, match=r"written by a newer migrate \(version 2\)") as refused:
        entry({"version": 2, "number": 1, "refs": REFS})
    assert "git pull && pip install ." in (refused.value.advice or "")
    assert "update-ref" not in (refused.value.advice or "")


WRONG = (
    *("", "no JSON", "[]", "7", "null", "{}", '{"number": 1}', '{"number": Infinity, "refs": []}', "[" * 100_000),
    *('{"number": null, "refs": []}', '{"number": [], "refs": []}', '{"number": "one", "refs": []}'),
    *('{"number": 0, "refs": []}', '{"number": 1.0, "refs": []}', '{"number": true, "refs": []}'),
    *('{"number": 1%s, "refs": []}' % ("0" * 300), '{"number": 1%s, "refs": []}' % ("0" * 5000)),
    *('{"number": 1, "refs": null}', '{"number": 1, "refs": ["x"]}', '{"number": 1, "refs": [{"ref": "x"}]}'),
    *('{"number": 1, "refs": [], "kind": "dance"}', '{"number": 1, "refs": [], "kind": "unreadable"}'),
    *('{"number": 1, "refs": [], "theirs": []}', '{"number": 1, "refs": [], "theirs": "--all"}'),
    *('{"number": 1, "refs": [], "head": ["x"]}', '{"number": 1, "refs": [], "land_on": "--orphan"}'),
    *(
        json.dumps({"number": 1, "refs": [{"ref": ref, "old": old, "new": None}]})
        for ref, old in (
            *(
                (name, None)
                for name in ("HEAD", "refs", "refs/", "refs/heads/../x", "refs/heads/a b", "refs/heads/x\x1b")
            ),
            *(
                (name, None)
                for name in ("refs/heads/x.lock", "refs/heads//x", "refs/heads/x@{1}", "refs/a\nb", "refs/x.")
            ),
            *((REF, value) for value in ("a", "HEAD", "--all", "A" * 40, 7, [], {}, True)),
        )
    ),
)


@pytest.mark.parametrize("body", WRONG, ids=lambda body: body[:40] or "nothing")
def test_what_is_no_entry_moved_nothing_and_is_known_as_that(body: str) -> None:
    found = parse_entry(NAMES, commit(f"title\n\n{body}"))
    assert (found.kind, found.number, found.refs, found.head) == (EntryKind.UNREADABLE, 0, (), None)
    assert found.parents == ("p",)


def test_every_ref_that_git_accepts_can_be_in_an_entry(repo: Sandbox) -> None:
    for name in ("refs/heads/x", "refs/heads/a.b/c-d_e", "refs/heads/ünï\u2028x", "refs/heads/a@b{c}", "refs/heads/@"):
        repo.git("check-ref-format", name)
        assert entry({"number": 1, "refs": [{"ref": name, "old": None, "new": A}]}).refs[0].ref == name


def test_a_journal_is_read_oldest_first_and_none_is_empty(repo: Sandbox) -> None:
    tips = [repo.commit(f"step {n}\n\n" + json.dumps({"number": n, "refs": []})) for n in (1, 2, 3)]
    read = read_journal(repo.repository, NAMES, tips[-1])
    assert [(one.oid, one.number, one.title) for one in read] == [
        (oid, n, f"step {n}") for n, oid in enumerate(tips, 1)
    ]
    assert read_entry(repo.repository, NAMES, tips[1]) == read[1]
    assert read_journal(repo.repository, NAMES, None) == []


@pytest.mark.parametrize("what", ["file", "tree", "tag"])
def test_a_ref_that_names_no_commit_holds_no_entry(repo: Sandbox, what: str) -> None:
    repo.commit("a", {"f": "text\n"})
    if what == "tag":
        repo.git("tag", "-a", "-m", "tag", "tag")
    revision = {"file": "HEAD:f", "tree": "HEAD^{tree}", "tag": "tag"}[what]
    assert read_entry(repo.repository, NAMES, repo.git("rev-parse", revision)).kind is EntryKind.UNREADABLE


MOVES = (("a", "b"), (None, "b"), ("a", None))
"""A ref that moves, one that comes and one that goes."""


def operation(*moves: tuple[str | None, str | None]) -> JournalEntry:
    updates = tuple(RefUpdate(f"refs/heads/{number}", old, new) for number, (old, new) in enumerate(moves))
    return JournalEntry("c", 1, "t", "Ada", "now", updates)


@pytest.mark.parametrize("now", [*product(("old", "new", "other"), repeat=3)], ids="-".join)
def test_how_far_an_operation_came_is_told_ref_by_ref(now: tuple[str, ...]) -> None:
    killed = operation(*MOVES)
    values = {"old": lambda u: u.old, "new": lambda u: u.new, "other": lambda u: "elsewhere"}
    actual = {u.ref: oid for u, word in zip(killed.refs, now, strict=True) if (oid := values[word](u)) is not None}
    found = unfinished_operation(killed, {**actual, "refs/heads/unrelated": "a"})
    assert found.entry is killed
    assert found.moved == ("new" in now)
    assert found.left == tuple(u for u, word in zip(killed.refs, now, strict=True) if word == "old")


def test_a_ref_that_an_operation_leaves_where_it_is_tells_nothing() -> None:
    killed = operation(("a", "a"), ("a", "b"), (None, None))
    assert not unfinished_operation(killed, {"refs/heads/0": "a", "refs/heads/1": "a"}).moved
    assert unfinished_operation(killed, {"refs/heads/0": "a", "refs/heads/1": "a"}).left == (
        RefUpdate("refs/heads/1", "a", "b"),
    )
    assert unfinished_operation(killed, {"refs/heads/0": "a", "refs/heads/1": "b"}).left == ()
    assert not unfinished_operation(operation(), {}).moved
