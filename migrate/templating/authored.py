"""Markdown that a phase's author wrote: it stays what it is, and does nothing beyond showing itself.

Lists, code, emphasis, tables, links, images and comments stay. HTML becomes text, so that no `<details>` hides what
follows; a mention, a reference to an issue and a word that closes one are kept from the forge by a character without
width. What was made is read once more: whatever still does one of these, does not end where it ends or is too long, is
shown as a block of code.
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
"""What GitHub makes a link of by itself (https://github.github.com/gfm/#autolinks-extension-)."""
CLOSING = r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing)|implement(?:s|ed|ing)?)"
"""The words by which GitHub and GitLab close an issue that is named behind them."""
COMMENT = r"<!--(?!-?>)(?:(?!--).)*-->"

COMMENTS = re.compile(rf"(?:\s*{COMMENT})+\s*", re.DOTALL)
BETWEEN = {"softbreak": " ", "hardbreak": " ", "link_open": "\0"}
"""What stands for a part of a paragraph that is no text; for any other, a character that belongs to no word."""

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
"""What a forge would act on in the text of a page; a NUL byte stands for an address, and where a link begins."""


WRITTEN_SIGN = re.compile(r"&(?:#0*(?:64|35)|#x0*(?:40|23)|commat|num);", re.IGNORECASE)
"""`@` and `#` as entities, which a forge reads as if they stood there."""
FOOTNOTE = re.compile(r"^[ \t>*+-]*\[\^", re.MULTILINE)
"""Where a footnote may begin: below it the forge reads as text what is a block of code elsewhere."""


def authored_markdown(text: str) -> str:
    """Markdown that a phase's author wrote: it can neither hide what follows it, nor reach anybody, nor end the
    generated part. See the module."""
    # The page may begin with it, and pages are stripped: what is checked here must be what stands there.
    lines = printable_lines(text).strip().replace(MARKER, MARKER.replace("<", "&lt;"))
    if len(lines) > AUTHORED_CHARACTERS or not is_closed(lines) or is_odd(lines):
        return code_block(lines)
    quiet = quieted(lines)
    return quiet if is_quiet(quiet) and is_closed(quiet) else code_block(lines)


def is_odd(text: str) -> bool:
    """Whether a text holds what forges read otherwise than our parser does."""
    return FOOTNOTE.search(text) is not None or WRITTEN_SIGN.search(text) is not None


def quieted(text: str) -> str:
    """Markdown without HTML and without what a forge acts on; blocks of code stay as they are."""
    lines = text.split("\n")
    places = {
        tuple(token.map) for token in parse_markdown(text) if token.type in ("inline", "html_block") and token.map
    }
    for begin, end in places:
        lines[begin:end] = WORDS.sub(harmless, "\n".join(lines[begin:end])).split("\n")
    return "\n".join(lines)


def harmless(found: re.Match[str]) -> str:
    """One word so that it shows the same and does nothing."""
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
    """Whether nothing of a text is HTML, and a forge finds nothing to act on."""
    return not any(
        is_live(token) for with_tables in (True, False) for token in parse_markdown(text, with_tables=with_tables)
    )


def is_live(token: Token) -> bool:
    """Whether a block of a page has HTML, or something that a forge acts on."""
    inside = token.children or ()
    html = [each.content for each in (token, *inside) if each.type in ("html_block", "html_inline")]
    return not all(map(COMMENTS.fullmatch, html)) or LIVE.search(shown_text(inside)) is not None


def shown_text(tokens: Sequence[Token]) -> str:
    """What a forge looks at in one paragraph: its text outside of code, with a NUL byte for each address."""
    words = "".join(
        token.content if token.type in ("text", "text_special") else BETWEEN.get(token.type, "\ue000")
        for token in tokens
    )
    return re.sub(ADDRESS, "\0", words)


def is_closed(text: str) -> bool:
    """Whether a paragraph after this Markdown is a paragraph of its own."""
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
