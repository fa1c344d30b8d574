from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from migrate.describe.markers import END, mark_generated
from migrate.describe.request_body import request_body, with_last_set
from migrate.forges.last_set import LastSet, last_set

GENERATED = with_last_set(mark_generated("shop p01", "What it does.\n\nMore of it."), LastSet("Move it", is_draft=True))


@given(st.text(st.characters(blacklist_categories=["Cs"])), st.booleans())
def test_what_was_set_is_read_back_whatever_it_holds(title: str, is_draft: bool) -> None:
    text = with_last_set(mark_generated("shop p01", "text"), LastSet(title, is_draft))
    assert last_set(text) == LastSet(title, is_draft)
    assert "--" not in text.replace("<!--", "").replace("-->", "")


def test_a_body_of_a_person_says_nothing_of_what_was_set() -> None:
    assert last_set("Please review.") is None
    assert last_set("<!-- migrate: set {broken} -->") is None
    assert last_set("<!-- migrate: set [1] -->") is None


def test_a_person_s_text_around_the_generated_part_stays() -> None:
    body = request_body("", GENERATED, 65_536, "x")
    edited = f"Please look at the tests first.\n\n{body}\nThanks!"
    again = request_body(edited, GENERATED.replace("More of it", "Less of it"), 65_536, "x")
    assert again == edited.replace("More of it", "Less of it")


@given(st.integers(400, 3000), st.text("ab\n`", max_size=300))
def test_a_long_body_is_cut_in_its_generated_part_and_says_where_the_whole_is(room: int, own: str) -> None:
    paragraphs = "\n\n".join(f"Paragraph {number}." for number in range(400))
    long = with_last_set(
        mark_generated("shop p01", f"{paragraphs}\n\n```\ncode\n\nmore\n```"), LastSet("Move it", False)
    )
    body = request_body(request_body(own, GENERATED, 65_536, "x"), long, room + len(own), "`migrate pr p01`")
    assert len(body) <= room + len(own)
    assert body.rstrip().endswith(END)
    assert "Paragraph 0." in body
    assert "The whole: `migrate pr p01`" in body
    assert last_set(body) == LastSet("Move it", False)
    assert body.startswith(own.rstrip())


def test_a_cut_in_a_block_of_code_ends_it() -> None:
    code = "\n\n".join(f"line {number}" for number in range(200))
    long = with_last_set(mark_generated("shop p01", f"```text\n{code}\n```"), LastSet("Move it", False))
    body = request_body("", long, 700, "there")
    assert body.count("```") == 2
