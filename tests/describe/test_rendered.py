"""Descriptions as GitHub renders them: what a repository, a command or a person put in makes nothing but text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.describe.links import links_of
from migrate.describe.pull_request import describe_phase
from migrate.describe.revert import Reverted, describe_revert
from migrate.plan.validation import Validation
from migrate.stack.phase_state import State
from migrate.templating.authored import authored_markdown
from migrate.templating.markdown import code_block, code_span, escape, table_cell
from migrate.text import printable
from migrate.validation.outcome import Outcome
from tests.describe.github import Page

ALIVE = [
    "www.a.com<img src=x>",
    "www.a.com<details>",
    "_www.a.com<img src=x>",
    "https://a.com/<img src=x>",
    "ftp://a.com<b>",
    "a@-b.com<img src=x>",
    "mailto:a@b.com",
    "xmpp:a@b.com/x",
    "<details>",
    "</details></table>",
    "<!-- open",
    "--> x",
    "<a href='x'>",
    "<https://a.com>",
    "@ada",
    "(@org/team)",
    "\\@ada",
    "&#64;ada",
    "fixes #1",
    "closes org/repo#2",
    "resolves https://github.com/a/b/issues/1",
    "Fixes: <https://github.com/a/b/issues/1>",
    "closes [this](https://github.com/a/b/issues/1)",
    "GH-12",
    "_GH-12_",
    "![x](http://a.com/x.png)",
    "[x](javascript:alert(1))",
    "[x]: http://a.com",
    "[^1]",
    "[^1]: swallowed",
    "```",
    "~~~~",
    "`",
    "``",
    "    code",
    "| a | b |",
    "| --- | --- |",
    "\\",
    "\\|",
    "# h",
    "===",
    "---",
    "> q",
    "- [x] task",
    "1. one",
    "/close",
    "$$",
    "<script>",
    "<pre>",
    "<?php",
    "<![CDATA[",
    "<!DOCTYPE x>",
    "Vec<T>",
    "a\tb",
    "\u202egpj",
    "\x1b]8;;http://a.com\x07",
    "&lt;b&gt;",
    "{{ 7 * 7 }}",
    "*",
    "**",
    "_",
    "~~",
]
PIECES = st.one_of(st.sampled_from(ALIVE), st.text("aW.@#:/<>[]()!`~*_|\\&;- \n1", max_size=6))
TEXT = st.lists(PIECES, min_size=1, max_size=4).map(lambda parts: "x " + " ".join(parts).strip())
JOINED = st.lists(PIECES, min_size=1, max_size=4).map("".join)
LINES = st.lists(PIECES, min_size=1, max_size=6).map("\n".join)
DOCUMENT = st.lists(st.tuples(PIECES, st.sampled_from(["", " ", "\n", "\n\n", "\n- "])), max_size=8).map(
    lambda parts: "".join(map("".join, parts))
)
EXAMPLES = settings(max_examples=60)
OF_AN_AUTHOR = {
    *("p", "em", "strong", "del", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr", "input", "sup", "section"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "table", "thead", "tbody", "tr", "th", "td"),
}
"""What Markdown makes by itself; links and images are looked at apart."""


@given(JOINED)
@EXAMPLES
@example("www.a.com<img src=x>")
@example("www.a.com<details>")
def test_escaped_prose_is_text(text: str) -> None:
    for around in ("x {} y", "- {}\n", "[{}](https://a.com)", "**{}**"):
        page, plain = (Page(around.format(each)) for each in (escape(text) or "z", "z"))
        assert page.elements == plain.elements
        assert page.reaches() == plain.reaches()
    shown = Page(f"x {escape(text)} y").text.replace("\u2060", "")
    assert " ".join(shown.split()) == " ".join(f"x {printable(' '.join(text.split()))} y".split())


@given(JOINED, JOINED)
@EXAMPLES
def test_a_row_of_a_table_is_text(first: str, second: str) -> None:
    table = "| a | b |\n| --- | --- |\n| {} | {} |\n\n### After\n"
    page, plain = Page(table.format(table_cell(f"x{first}x"), escape(f"x{second}"))), Page(table.format("`x`", "x"))
    assert page.elements == plain.elements
    assert page.reaches() == plain.reaches()


@given(LINES)
@EXAMPLES
def test_code_is_code(text: str) -> None:
    assert Page(f"see {code_span(f'x{text}x')}.").elements == ["p", "code"]
    assert Page(f"{code_block(text)}\n\n### After\n").elements == ["pre", "code", "h3"]


@given(DOCUMENT)
@settings(max_examples=200)
@example("www.a.com\\<img src=x>")
@example("<details>\nfoo")
@example("](www.a.com\\<img src=x> y)")
@example("a `<b>` and <b>")
@example("<https://a.com>&#64;ada")
@example("```|1\n| --- | --- |")
@example("fixes **https://github.com/a/b/issues/1**")
@example("@`1`1")
def test_an_authors_markdown_shows_itself_and_does_nothing(text: str) -> None:
    page = Page(f"{authored_markdown(text)}\n\n### After\n")
    assert page.headings[-1] == "After"
    unknown = {element.partition(" ")[0] for element in page.elements} - OF_AN_AUTHOR
    assert unknown <= {"a", "img"}
    assert page.reaches() == []


AS_WRITTEN = [
    'Why:\n\n- **b** and *i*, `code <b>`, [a link](https://a.com/x#1 "t")\n- https://a.com/x#12\n\n1. one\n\n> quoted',
    "| a | b |\n| --- | --- |\n| `<T>` | ~~c~~ |",
    "```go\nvar m map[string]<-chan int // @ada fixes #1\n```\n\n    <details>",
    "<!-- a remark -->\n\nmail ada@example.com, <https://a.com>, &copy; ![i](i.png)",
    "A number 12, a # alone, issue # 3, high-level and/or, 5 < 6 > 4.",
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_what_an_author_writes_on_purpose_stays(text: str) -> None:
    assert authored_markdown(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Use Vec<T> here.", "Use Vec<T> here."),
        ("<details>\nfoo\n</details>\n\n**b**", "<details>\nfoo\n</details>\nb"),
        ("ask @ada and @org/team", "ask @ada and @org/team"),
        ("fixes #1, closes org/repo#2, GH-3", "fixes #1, closes org/repo#2, GH-3"),
        ("Closes https://github.com/a/b/issues/1.", "Closes https://github.com/a/b/issues/1."),
    ],
)
def test_what_an_author_cannot_do_is_shown_as_it_was_written(text: str, shown: str) -> None:
    page = Page(authored_markdown(text))
    assert page.text.replace("\u2060", "").strip().replace("\n\n", "\n") == shown
    assert "pre" not in page.elements
    assert page.reaches() == []


def test_a_docstring_without_end_is_not_parsed() -> None:
    assert Page(authored_markdown("[" * 100_000)).elements == ["pre", "code"]


def page_of(model, text: str, *, branch: str) -> str:
    """A description in which that text stands wherever something came from outside."""
    body = authored_markdown(text)
    spec = Validation(text, run=text, phases=("*",))
    gate = Validation(f"gate {text}", manual=text)
    changes = {f"{text}/{n}": (None, model.blob(f"{n}\n")) for n in range(7)}
    source = replace(model.source("p02-x", f"t {text}", text), title=f"t {text}")
    phase = model.phase(
        source,
        State.FAILED,
        reason=text,
        changes=changes,
        moves={f"old {text}": f"new {text}"},
        notes=[text],
        hand_edits=[model.commit(text, author=f"A {text} <a@b.c>")],
        validations=[
            model.validation(spec, Outcome.FAILED, reason=text, seconds=1),
            model.validation(gate, Outcome.PASSED, note=text, who=f"A {text} <a@b.c>"),
            model.validation(replace(gate, name=f"open {text}"), Outcome.WAITING),
        ],
    )
    phase = replace(phase, branch=branch, trailers=replace(phase.trailers, ran=(text,)))
    merged = replace(model.phase(model.source("p03-y", f"t {text}", text)), into="p02-x")
    plan = model.plan(source, merged.source, title=text)
    stack = model.stack(plan, phase, merged)
    pages = links_of("git@github.com:a/b.git")
    found = describe_phase(plan, stack, phase, model.review(phase), pages)
    assert found.count(f"\n{body}\n") == 2
    return found.replace(f"\n{body}\n", "\nauthored\n")


HEADINGS = ["For the reviewer", "Notes", "Tools that ran", "Committed by hand", "Validation", "Waiting for a person"]


@given(TEXT)
@EXAMPLES
def test_a_whole_description_has_the_same_elements_whatever_it_is_made_from(model_type, text: str) -> None:
    branch = "migrate/" + "".join(text.split()).replace("\\", "")
    page, plain = (Page(page_of(model_type(), each, branch=name)) for each, name in ((text, branch), ("x", "x")))
    assert [e.partition(" ")[0] for e in page.elements] == [e.partition(" ")[0] for e in plain.elements]
    assert [words.rpartition(" at ")[0] or words for words in page.headings] == HEADINGS
    assert page.reaches() == []
    assert page.comments == plain.comments


@given(TEXT)
@settings(max_examples=25)
def test_the_description_of_a_revert_has_the_same_elements_whatever_it_is_made_from(model_type, text: str) -> None:
    def page(given: str) -> Page:
        model = model_type()
        return Page(
            describe_revert(
                model.plan(model.source("p01-x"), title=given),
                branch=given,
                commit="1" * 40,
                base=given,
                reverted=[Reverted("p01-x", "2" * 40, given)],
                validations=[model.validation(Validation(given, run=given), Outcome.FAILED, reason=given)],
            )
        )

    assert page(text).elements == page("x").elements
    assert page(text).reaches() == []


def test_what_was_merged_into_the_branch_hides_nothing_either(model_type) -> None:
    page = Page(page_of(model_type(), "```\ncode\n```", branch="b"))
    assert "Validation at" in " ".join(page.headings)


@pytest.mark.parametrize("indent", ["", "  ", "> ", "- "])
def test_a_footnote_hides_nothing_from_the_checks(indent: str) -> None:
    body = f"See.[^1]\n\n{indent}[^1]: foo\n\n    @octocat closes #12\n\n    <details><summary>x</summary>"
    assert authored_markdown(body).startswith("```")
