"""The message of a phase's commit."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import PathError
from migrate.moves import MoveMap
from migrate.phase import Phase, PhaseSource
from migrate.trailers import Trailers, commit_message, read_trailers


def source(phase: str, body: str = "", title: str = "Move things") -> PhaseSource:
    return PhaseSource(phase, Path("x.py"), "x.py", title, body, Phase(), "0123456789abcdef")


MOVES = MoveMap({"a b": "c\nd", "x": "y =>"})


def test_what_is_written_is_read_again() -> None:
    message = commit_message("pllm", source("p03-x", "Because.\n\nAnd so."), MOVES, ["one fact", "another: fact"])
    assert read_trailers(message) == [
        Trailers("pllm", "p03-x", "0123456789abcdef", MOVES, ("one fact", "another: fact"))
    ]


def test_the_message_reads_as_a_person_would_write_it() -> None:
    assert commit_message("pllm", source("p03-x", "Because."), MoveMap({"a": "b"}), ["a fact"]) == (
        "Move things\n\nBecause.\n\nMigration: pllm\nMigration-Phase: p03-x\nMigration-Source: 0123456789abcdef\n"
        "Migration-Note: a fact\nMoved: a => b\n"
    )
    assert commit_message("m", source("p01-x"), MoveMap(), []).startswith("Move things\n\nMigration: m\n")


def test_a_squash_of_several_phases_keeps_each_with_its_own_moves() -> None:
    one = commit_message("pllm", source("p03-x"), MoveMap({"a": "b"}), [])
    two = commit_message(
        "pllm", source("p04-y", "Moved: the furniture\nMigration-Note: in prose"), MoveMap({"c": "d"}), []
    )
    found = read_trailers(f"Squashed (#7)\n\n* {one}\n* {two}\n\nCo-authored-by: x <y@z>\n")
    assert [(t.phase, t.moves, t.notes) for t in found] == [
        ("p03-x", MoveMap({"a": "b"}), ()),
        ("p04-y", MoveMap({"c": "d"}), ()),
    ]


def test_prose_that_speaks_of_a_migration_is_no_trailer() -> None:
    assert read_trailers("Title\n\nMigration: the whole story\nMoved: nowhere\n") == []
    assert read_trailers("Title\n\nMoved: a => b\nMigration-Phase: p01-x\n") == []
    body = "Migration: what happens here\nnext line"
    assert [t.phase for t in read_trailers(commit_message("m", source("p01-x", body), MoveMap(), []))] == ["p01-x"]


def test_carriage_returns_and_other_trailers_in_between_do_no_harm() -> None:
    message = "T\r\n\r\nMigration: m\r\nMigration-Phase: p01-x\r\nReviewed-by: z\r\nMoved: a => b\r\n"
    assert read_trailers(message) == [Trailers("m", "p01-x", "", MoveMap({"a": "b"}), ())]


def test_a_line_separator_in_prose_starts_no_trailer() -> None:
    message = commit_message(
        "m", source("p01-x", "see\u2028Migration: other\u2028Migration-Phase: p09-y"), MoveMap(), []
    )
    assert [t.phase for t in read_trailers(message)] == ["p01-x"]


def test_a_move_that_cannot_be_read_is_an_error() -> None:
    with pytest.raises(PathError, match='a Moved trailer reads "a to b"'):
        read_trailers("T\n\nMigration: m\nMigration-Phase: p01-x\nMoved: a to b\n")
