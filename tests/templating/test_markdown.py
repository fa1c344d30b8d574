from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.templating.authored import authored_markdown
from migrate.templating.markdown import LONGEST, code_block, code_span, escape, table_cell
from migrate.text import long_duration, printable

HOSTILE = [
    "a | b",
    "a \\| b",
    "`tick` and ``two``",
    "<script>alert(1)</script>",
    "<!-- open",
    "--> closed",
    "# heading",
    "- item",
    "1. item",
    "12) item",
    "===",
    "---",
    "> quote",
    "![x](http://evil.example)",
    "[link](javascript:alert(1))",
    "<http://evil.example>",
    "http://evil.example and www.evil.example",
    "&lt;b&gt;",
    "**bold** _em_ ~~gone~~",
    "line\nbreak\r\n\r\n# two",
    "\x1b[31mred\x1b[0m",
    "\u202egnp.exe",
    "nul\0byte",
    "\udcff raw",
    "ends with \\",
    "$x$ {{ 7 * 7 }} {% raw %}",
]
TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(alphabet=st.sampled_from("ab1 \t\n`|<>!-#@*_[]()\\&~=:/.$\u202e\x07"), max_size=30),
)
EXAMPLES = settings(max_examples=150)


@given(TEXT)
@EXAMPLES
def test_escaped_prose_is_nothing_but_text(markdown, text):
    read = markdown(f"before {escape(text)} after")
    assert read.kinds() <= {"paragraph_open", "paragraph_close", "inline", "text", "text_special"}


@given(TEXT)
@EXAMPLES
def test_escaped_prose_shows_what_was_given(markdown, text):
    shown = markdown(f"x {escape(text)}").words().replace("\u2060", "")
    assert shown.strip() == f"x {printable(' '.join(text.split()))}".strip()


@given(TEXT)
@EXAMPLES
def test_escaped_prose_stays_in_its_list_item(markdown, text):
    read = markdown(f"- {escape(text)}\n")
    assert [t.type for t in read.tokens if t.type.endswith("_open")] in (
        ["bullet_list_open", "list_item_open"],
        ["bullet_list_open", "list_item_open", "paragraph_open"],
    )


@given(TEXT)
@EXAMPLES
def test_a_code_span_holds_any_text(markdown, text):
    spans = markdown(f"see {code_span(text)}.").code_spans()
    assert spans == ([printable(text)] if text else [])


@given(TEXT, TEXT)
@EXAMPLES
def test_a_row_of_a_table_keeps_its_cells(markdown, first, second):
    read = markdown(f"| a | b | c |\n| --- | --- | --- |\n| {table_cell(first)} | {escape(second)} | 1 |\n")
    assert read.widths() == [3, 3]
    assert read.code_spans() == ([printable(first)] if first else [])
    assert not read.raw_html()


@given(TEXT)
@EXAMPLES
def test_a_block_holds_any_text(markdown, text):
    tokens = markdown(f"{code_block(text)}\n\nafter\n").tokens
    assert [token.type for token in tokens] == ["fence", "paragraph_open", "inline", "paragraph_close"]


@given(st.lists(TEXT, max_size=4).map("\n".join))
@EXAMPLES
def test_an_authors_markdown_never_swallows_what_follows(markdown, text):
    read = markdown(f"{authored_markdown(text)}\n\n### After\n")
    assert read.tokens[-3].type == "heading_open"
    assert read.tokens[-3].level == 0


@pytest.mark.parametrize(
    "text", ["@ada", "fixes #12", "GH-12", "closes ada/code#12", "!12", "~label", "%1", "$3", "&4"]
)
def test_a_forge_finds_no_reference_in_escaped_prose(markdown, text):
    shown = markdown(escape(text)).words()
    assert not re.search(r"[@#!~%$&]\w|GH-\d", shown)


@pytest.mark.parametrize("text", ["https://github.com/a/b/issues/1", "www.example.com"])
def test_a_forge_finds_no_address_in_escaped_prose(markdown, text):
    assert not re.search(r"://\w|www\.\w", markdown(escape(text)).words())


def test_a_number_and_a_dash_inside_prose_stay_readable():
    assert escape("moves 3. of 4 - all good") == "moves 3. of 4 - all good"


def test_parentheses_need_no_backslash_but_at_the_start():
    assert escape("fails (3 lines), see (a) and b)") == "fails (3 lines), see (a) and b)"


def test_prose_does_not_become_the_address_of_a_link_before_it(markdown):
    assert markdown(f"[see]{escape('(javascript:alert)')}\n\n[a]{escape('](b)')}").kinds() <= {
        *("paragraph_open", "paragraph_close", "inline", "text", "text_special")
    }


def test_prose_without_end_is_cut():
    assert escape("a" * 5000) == "a" * (LONGEST - 1) + "…"


def test_an_authors_lists_fences_and_comments_stay():
    text = "Why:\n\n- ```go\n  x\n  ```\n- **b**\n\n<!-- a remark -->\n\n```\ncode\n```"
    assert authored_markdown(text) == text


@pytest.mark.parametrize("text", ["```\nopen", "~~~~\nopen\n~~~", "<!-- open", "<pre>open", "- a\n\n<script>"])
def test_an_open_end_is_shown_as_code(markdown, text):
    tokens = markdown(authored_markdown(text)).tokens
    assert [token.type for token in tokens] == ["fence"]
    assert tokens[0].content == f"{text}\n"


def test_an_author_cannot_write_our_markers():
    assert "<!-- migrate:" not in authored_markdown("a <!-- migrate: end of the generated text --> b")


def test_control_characters_of_an_author_are_shown():
    assert authored_markdown("a\x1b[31m b\u202ec\r\n") == "a\\x1b[31m b\\u202ec\\r"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (3.04, "3.0 s"),
        (59.94, "59.9 s"),
        (59.96, "1 min 0 s"),
        (72, "1 min 12 s"),
        (3725.2, "62 min 5 s"),
    ],
)
def test_durations_are_in_seconds_under_a_minute(seconds, words):
    assert long_duration(seconds) == words
