"""The fixed text that every match of a regular expression holds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.tree.required import required_text


@pytest.mark.parametrize(
    ("pattern", "flags", "text"),
    [
        ("internal/retry", 0, "internal/retry"),
        (r"internal/retry\b", 0, "internal/retry"),
        (r"^package (\w+)$", 0, "package "),
        ("a(bc)d", 0, "abcd"),
        ("(?:retry)+er", 0, "retry"),
        ("(?:retry)*er", 0, "er"),
        ("x{0,3}longer", 0, "longer"),
        ("one|two", 0, ""),
        ("see (one|other) place", 0, " place"),
        ("(?=ahead)a.b", 0, "a"),
        ("(?!not)this", 0, "this"),
        ("[abc]", 0, ""),
        ("", 0, ""),
        ("Retry/v2_", re.IGNORECASE, "2_"),
        ("(?i:retry)/pkg", 0, "/pkg"),
        ("(?i)retry", 0, ""),
        ("re try # a comment", re.VERBOSE, "retry"),
        (r"(a)(?(1)yes|no)tail", 0, "tail"),
        (r"(ab)\1longer", 0, "longer"),
        ("ünï", 0, "ünï"),
        (r"\.go", 0, ".go"),
    ],
)
def test_the_longest_text_that_must_be_there(pattern: str, flags: int, text: str) -> None:
    assert required_text(re.compile(pattern, flags)) == text


PIECES = [
    "a",
    "bc",
    "(a|b)",
    "(?:ab)+",
    "c*",
    "b?",
    ".",
    "[ab]",
    "^",
    "$",
    r"\b",
    "(?i:A)",
    "(?=a)",
    "(?<!b)",
    "(ca){2}",
]


@given(st.lists(st.sampled_from(PIECES), max_size=6).map("".join), st.text("abcABC", max_size=12), st.booleans())
def test_every_match_holds_it(pattern: str, text: str, ignores_case: bool) -> None:
    regex = re.compile(pattern, re.IGNORECASE if ignores_case else 0)
    found = regex.search(text)
    assert found is None or required_text(regex) in text
