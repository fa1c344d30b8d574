"""Markdown rendered by cmark-gfm, the program that GitHub reads it with, and what can be found in the page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
from cmarkgfm.cmark import Options

OPTIONS = Options.CMARK_OPT_UNSAFE | Options.CMARK_OPT_FOOTNOTES
"""HTML is let through, so that a test sees what would have to be filtered."""
EXTENSIONS = ["table", "autolink", "strikethrough", "tasklist"]
VOID = {"br", "hr", "img", "input"}
CLOSES = re.compile(
    r"\b(?:clos(?:e[sd]?|ing)|fix(?:e[sd]|ing)?|resolv(?:e[sd]?|ing))[^\w\ue001]{1,5}(?:https?://\w|\ue000)",
    re.IGNORECASE,
)
REACHES = re.compile(r"(?:^|[^\w])@[\w]|(?:^|\W)GH-\d|[#!]\d", re.IGNORECASE)
"""What GitHub makes a mention or a reference of, in the text of a rendered page."""


WITHIN = ("em", "strong", "del", "code", "a")
"""Elements that cut a text in two: a forge looks for mentions in one piece at a time (html-pipeline, MentionFilter)."""


class Page(HTMLParser):
    """A rendered page: its `elements` in order, each with where it leads, and the `words` outside of code and links."""

    def __init__(self, markdown: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[str] = []
        self.words = ""
        self.text = ""
        self.headings: list[str] = []
        """Those that stand in nothing else."""
        self.comments: list[str] = []
        self._open: list[str] = []
        self.feed(cmarkgfm.markdown_to_html_with_extensions(markdown, OPTIONS, EXTENSIONS))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        target = dict(attrs).get("href") or dict(attrs).get("src")
        self.elements.append(f"{tag} {target}" if target else tag)
        if tag == "a" and target and target.startswith("http"):
            self.words += "\ue000"
        if re.fullmatch(r"h[1-6]", tag) and not self._open:
            self.headings.append("")
        if tag not in VOID:
            self._open.append(tag)
        if tag in WITHIN:
            self.words += "\ue002"

    handle_startendtag = handle_starttag

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        assert self._open.pop() == tag
        if tag in WITHIN:
            self.words += "\ue002"
        if tag in ("p", "li", "td", "th", "pre", "h1", "h2", "h3", "h4", "h5", "h6"):
            self.words += "\ue001"

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.text += data
        if not {"a", "code", "pre"} & set(self._open):
            self.words += data
        if re.fullmatch(r"h[1-6]", "".join(self._open[:1])):
            self.headings[-1] += data

    def handle_comment(self, data: str) -> None:
        """Note a comment: a forge leaves it out."""
        self.comments.append(data)

    def handle_decl(self, decl: str) -> None:
        """Refuse what is HTML and no element."""
        raise AssertionError(decl)

    handle_pi = unknown_decl = handle_decl

    def reaches(self) -> list[str]:
        """What a forge would act on."""
        return [found[0] for pattern in (REACHES, CLOSES) for found in pattern.finditer(self.words)]
