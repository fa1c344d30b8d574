"""The message of a phase's commit."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.plan.phase_source import Phase, PhaseSource
from migrate.stack.trailers import Trailers, commit_message, merge_messages, read_trailers, split_message, taken_back_by
from migrate.tree.moves import MoveMap


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


STRANGE = (
    *("a to b", "a =>b", "%zz => b", " => b", "a => ../b", "../a => b", "a => /etc/passwd", "a => b/../../c"),
    *(
        "a => .git/hooks/post-checkout",
        "a => x/.GIT/config",
        "a => git~1",
        "a => .g\u200cit",
        "a => b\\.git",
        "a/ => b",
    ),
)


def test_a_move_that_no_phase_can_make_is_passed_over_and_kept_for_telling() -> None:
    lines = "".join(f"Moved: {each}\n" for each in STRANGE)
    found = read_trailers(f"T\n\nMigration: m\nMigration-Phase: p01-x\n{lines}Moved: c => d\n")
    assert found[0].moves == MoveMap({"c": "d"})
    assert found[0].strange == tuple(each.strip() for each in STRANGE)


def test_a_commit_that_a_message_names_is_the_name_of_a_commit_or_nothing() -> None:
    head = "T\n\nMigration: m\nMigration-Phase: p01-x\n"
    for name in ("--all", "^HEAD", "HEAD", "a" * 39, "a" * 41, "A" * 40, ""):
        assert [each.base for each in read_trailers(f"{head}Migration-Base: {name}\n")] == [""]
        assert read_trailers(f"{head}Migration-Landed: {name}\n") == []
    assert taken_back_by(f"This reverts commit {'a' * 40}.\nThis reverts commit {'a' * 50}.") == ["a" * 40]


# -- the message of a phase that runs again ---------------------------------------------------------------------


def message(title: str = "Move things", body: str = "Because.", digest: str = "d1", notes: tuple[str, ...] = ()) -> str:
    """What the program writes."""
    told = PhaseSource("p01-x", Path("x.py"), "x.py", title, body, Phase(), digest)
    return commit_message("m", told, MoveMap({"a": "b"}), notes)


BEFORE, NOW = message(), message(digest="d2", notes=("a fact",))


def added(text: str, *lines: str) -> str:
    """A message with lines at the end of its trailers."""
    return text.rstrip("\n") + "\n" + "".join(f"{line}\n" for line in lines)


def test_a_message_that_nobody_touched_is_what_the_program_writes_today() -> None:
    assert merge_messages(BEFORE, BEFORE, NOW) == NOW
    assert merge_messages(BEFORE, BEFORE, message("Another title", "")) == message("Another title", "")


@pytest.mark.parametrize("body", ["", "One.\n\n\nTwo empty lines above.", "Migration: the whole story\nin prose"])
def test_prose_of_any_shape_comes_out_as_it_is(body: str) -> None:
    assert merge_messages(message(body=body), message(body=body), message(body=body, digest="d2")) == message(
        body=body, digest="d2"
    )
    assert split_message(message(body=body))[0] == f"Move things\n\n{body}".rstrip("\n")


def test_prose_that_a_person_changed_stays_and_the_trailers_are_todays() -> None:
    changed = BEFORE.replace("Because.", "Because of the door.\n\nAnd the window.")
    assert merge_messages(changed, BEFORE, NOW) == NOW.replace("Because.", "Because of the door.\n\nAnd the window.")
    assert merge_messages(changed, BEFORE, message("Another title")) == message(
        "Move things", "Because of the door.\n\nAnd the window."
    )


def test_a_message_of_trailers_alone_stays_one() -> None:
    alone = BEFORE.partition("Because.\n\n")[2]
    assert merge_messages(alone, BEFORE, NOW) == NOW.partition("Because.\n\n")[2]
    assert split_message(alone) == ("", alone.splitlines())


def test_lines_that_others_added_stay_behind_the_trailers() -> None:
    theirs = ("Change-Id: I1", "Signed-off-by: Ada <a@b>", "Signed-off-by: Grace <g@h>")
    assert merge_messages(added(BEFORE, *theirs), BEFORE, NOW) == added(NOW, *theirs)
    assert merge_messages(f"{BEFORE}\nReviewed-by: Grace <g@h>\n", BEFORE, NOW) == added(
        NOW, "Reviewed-by: Grace <g@h>"
    )


def test_a_hook_that_adds_its_line_again_does_not_double_it() -> None:
    again = added(NOW, "Change-Id: I2", "Ticket: 7")
    assert merge_messages(added(BEFORE, "Change-Id: I1"), BEFORE, again) == added(NOW, "Ticket: 7", "Change-Id: I1")
    assert merge_messages(added(BEFORE, "Change-Id: I1"), added(BEFORE, "Change-Id: I1"), NOW) == added(
        NOW, "Change-Id: I1"
    )


def test_a_squash_by_hand_keeps_what_the_other_messages_say_as_prose() -> None:
    squashed = f"{BEFORE}\nFix the door\n\nIt was open: wide.\n\nTicket: 7\n"
    said = merge_messages(squashed, BEFORE, NOW)
    assert said == added(
        message(body="Because.\n\nFix the door\n\nIt was open: wide.", digest="d2", notes=("a fact",)), "Ticket: 7"
    )
    assert [(t.phase, t.source) for t in read_trailers(said)] == [("p01-x", "d2")]
    assert merge_messages(said, BEFORE, NOW) == said


@pytest.mark.parametrize("odd", [lambda text: text.replace("\n", "\r\n"), lambda text: "\n" + text + "\n\n"])
def test_line_ends_and_empty_lines_of_an_editor_change_nothing(odd: Callable[[str], str]) -> None:
    assert merge_messages(odd(BEFORE), BEFORE, NOW) == NOW
    assert merge_messages(odd(added(BEFORE, "Change-Id: I1")), BEFORE, NOW) == added(NOW, "Change-Id: I1")
    reworded = odd(BEFORE.replace("Because.", "In other words."))
    assert read_trailers(merge_messages(reworded, BEFORE, NOW)) == read_trailers(NOW)
    assert "In other words." in merge_messages(reworded, BEFORE, NOW)


def test_a_message_that_lost_its_trailers_gets_them_again() -> None:
    assert (
        merge_messages("In other words\n", BEFORE, NOW) == f"In other words\n\n{NOW.partition('Because.')[2].strip()}\n"
    )


def test_a_line_of_prose_among_the_trailers_doubles_none_of_them() -> None:
    said = merge_messages(added(BEFORE, "I had to mend this"), BEFORE, NOW)
    assert said == added(NOW, "I had to mend this")
