"""Makes Markdown of a phase's author safe: it looks the same, but can affect nothing around it.

Lists, code, emphasis, tables, links, images and comments stay. HTML becomes text, so that no `<details>` hides what
follows. An invisible character in mentions, issue numbers and words that close issues keeps the forge from acting on
them. The result is parsed once more: Markdown that would still do one of these, that does not end where it should, or
that is too long, is shown as a code block.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from migrate.limits import AUTHORED_CHARACTERS
from migrate.templating.markdown import JOINER_ENTITY, MARKER, code_block
from migrate.text import printable_lines

if TYPE_CHECKING:
    from markdown_it.token import Token

ADDRESS = r"(?:(?<![A-Za-z])(?:https?|ftp)://|(?<![^\s*_~(])www\.)[A-Za-z0-9][^\s<]*"
"""What GitHub turns into a link by itself (https://github.github.com/gfm/#autolinks-extension-)."""
CLOSING = r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
"""The words with which GitHub and GitLab close the issue that follows."""
COMMENT = r"<!--(?!-?>)(?:(?!--).)*-->"

COMMENTS = re.compile(rf"(?:\s*{COMMENT})+\s*", re.DOTALL)
BETWEEN = {"softbreak": " ", "hardbreak": " ", "link_open": "\0"}
"""Replaces parts of a paragraph that are not text; anything else becomes a character that belongs to no word."""

WORDS = re.compile(
    rf"""
    (?P<kept>
        (?<!`)(?P<fence>`+)(?!`).*?(?<!`)(?P=fence)(?!`)          # a code span
      | {COMMENT}
      | <[A-Za-z][A-Za-z0-9+.-]{{1,31}}:[^\s<>@]*>                 # an address in angle brackets
      | \]\([^\s()<>\\`@]*(?:[ ]"[^"<>`\\@]*")?\)                   # where a link leads
      | &(?:\#[0-9]{{1,7}}|\#[xX][0-9A-Fa-f]{{1,6}}|[A-Za-z0-9]+);  # an entity
    )
  | (?P<address>{ADDRESS})
  | (?P<tag><(?=[A-Za-z/!?]))
  | (?P<mention>(?<!\w)@(?=\w))
  | (?P<number>[\#!](?=\d)|\bGH-(?=\d))
  | (?P<closing>{CLOSING})(?=[*_~:]*\s+[*_~(<]*(?:\[|https?://|www\.))
  | (?P<action>^[ \t>]*(?=/[A-Za-z]))                              # a command of GitLab's begins a line
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE | re.IGNORECASE,
)

LIVE = re.compile(rf"(?<!\w)\\?@\w|[#!]\d|\bGH-\d|{CLOSING}[^\w\0]{{1,8}}\0", re.IGNORECASE)
"""What a forge would act on in the text of a page.

A NUL byte stands for an address, and for the beginning of a link.
"""


WRITTEN_SIGN = re.compile(r"&(?:#0*(?:64|35)|#x0*(?:40|23)|commat|num);", re.IGNORECASE)
"""`@` and `#` written as entities, which a forge reads like the characters themselves."""
FOOTNOTE = re.compile(r"^[ \t>*+-]*\[\^", re.MULTILINE)
"""The beginning of a footnote. Below it, a forge reads indented lines as text that elsewhere would be a code block."""


def authored_markdown(text: str) -> str:
    """Markdown that a phase's author wrote: it can neither hide what follows it, nor reach anybody, nor end the
    generated part. See the module."""
    # It may be the beginning of a page, and pages are stripped, so strip it before checking it.
    lines = printable_lines(text).strip().replace(MARKER, MARKER.replace("<", "&lt;"))
    if len(lines) > AUTHORED_CHARACTERS or not is_closed(lines) or is_odd(lines):
        return code_block(lines)
    quiet = quieted(lines)
    return quiet if is_quiet(quiet) and is_closed(quiet) else code_block(lines)


def is_odd(text: str) -> bool:
    """Whether a text holds something that forges read differently than our parser does."""
    return FOOTNOTE.search(text) is not None or WRITTEN_SIGN.search(text) is not None


def quieted(text: str) -> str:
    """Markdown without HTML and without anything that a forge acts on; code blocks stay as they are."""
    lines = text.split("\n")
    places = {
        tuple(token.map) for token in parse_markdown(text) if token.type in ("inline", "html_block") and token.map
    }
    for begin, end in places:
        lines[begin:end] = WORDS.sub(harmless, "\n".join(lines[begin:end])).split("\n")
    return "\n".join(lines)


def harmless(found: re.Match[str]) -> str:
    """A word that looks the same but that no forge acts on."""
    word = found[0]
    if found["kept"]:
        return word
    if found["address"]:
        return word.replace("@", "%40")
    if found["tag"]:
        return "&lt;"
    if found["closing"]:
        return word[:-1] + JOINER_ENTITY + word[-1:]
    return word + JOINER_ENTITY


def is_quiet(text: str) -> bool:
    """Whether a text has no HTML and nothing that a forge acts on."""
    return not any(
        is_live(token) for with_tables in (True, False) for token in parse_markdown(text, with_tables=with_tables)
    )


def is_live(token: Token) -> bool:
    """Whether a block of a page has HTML, or something that a forge acts on."""
    inside = token.children or ()
    html = [each.content for each in (token, *inside) if each.type in ("html_block", "html_inline")]
    return not all(map(COMMENTS.fullmatch, html)) or LIVE.search(shown_text(inside)) is not None


def shown_text(tokens: Sequence[Token]) -> str:
    """The text of a paragraph that a forge acts on: what is outside of code, with a NUL byte for each address."""
    words = "".join(
        token.content if token.type in ("text", "text_special") else BETWEEN.get(token.type, "\ue000")
        for token in tokens
    )
    return re.sub(ADDRESS, "\0", words)


def is_closed(text: str) -> bool:
    """Whether a paragraph that follows this Markdown is still read as its own paragraph."""
    return all(
        tokens[-1].type == "paragraph_close" and tokens[-1].level == 0 and tokens[-2].content == "afterwards"
        for tokens in (
            parse_markdown(f"{text}\n\nafterwards\n", with_tables=with_tables) for with_tables in (True, False)
        )
    )


def parse_markdown(text: str, *, with_tables: bool = True) -> list[Token]:
    """The tokens of Markdown as GitHub reads it. Parsers differ in whether a line of back quotes may head a table."""
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark").enable("strikethrough")
    return (parser.enable("table") if with_tables else parser).parse(text)
