"""Text from outside, made safe to print."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.text import did_you_mean, nearest, plural, printable, printable_lines


@given(st.text())
def test_what_is_printed_never_moves_a_cursor_or_reorders_text(text: str) -> None:
    assert printable(text).isprintable()


@given(st.text())
def test_several_lines_hold_nothing_but_printable_text_and_line_feeds(text: str) -> None:
    shown = printable_lines(text)
    assert shown.replace("\n", "").isprintable()
    assert shown.count("\n") == text.count("\n")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain Ü 日本 →", "plain Ü 日本 →"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\nb", "a\\nb"),
        ("evil\u202etxt.exe", "evil\\u202etxt.exe"),
        ("\udcff", "\\xff"),
        ("\ud800", "\\ud800"),
    ],
)
def test_what_cannot_be_printed_is_shown_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown


def test_tabs_keep_their_width_in_lines() -> None:
    assert printable_lines("a\tb\n\x07") == "a       b\n\\x07"


def test_the_nearest_word_is_the_one_that_was_meant() -> None:
    assert nearest("titel", ["title", "name", "base"]) == "title"
    assert nearest("zzz", ["title", "name"]) is None
    assert did_you_mean("titel", ["title"]) == '; did you mean "title"?'
    assert did_you_mean("zzz", ["title"]) == ""


def test_counts_agree_with_their_noun() -> None:
    assert plural(1, "file") == "1 file"
    assert plural(0, "file") == "0 files"
    assert plural(2066, "entry", "entries") == "2,066 entries"
