"""Extracts the code examples of docstrings and pages: everything else becomes blank, so that each byte keeps its place.

https://docs.python.org/3/library/doctest.html; fences of Markdown and `code-block` of Sphinx.
"""

from __future__ import annotations

import re

_PROMPT = re.compile(rb"^(?P<prompt>[ \t]*(?:[#*/]+[ \t]*)?(?:>>>|\.\.\.)[ \t])(?P<code>[^\n]*)", re.MULTILINE)
_FENCE = re.compile(
    rb"^([ \t]*)(```+|~~~+)[ \t]*\{?(?:code-block\}?[ \t]+)?(?:python3?|py)\b[^\n]*\n(.*?)^\1\2",
    re.MULTILINE | re.DOTALL,
)
_BLOCK = re.compile(
    rb"^([ \t]*)\.\.[ \t]+(?:code-block|code|sourcecode|testcode)::[ \t]*(?:python3?|py)?[ \t]*\n"
    rb"(?:[ \t]*:[^\n]*\n)*(?:[ \t]*\n)+((?:\1[ \t]+[^\n]*\n|[ \t]*\n)*)",
    re.MULTILINE,
)
PAGES = (".md", ".rst", ".txt", ".mdx", ".markdown")


def code_of(path: str, content: bytes) -> bytes | None:
    """A page or file in which everything but its examples is blank; None when there are no examples."""
    spans = [match.span("code") for match in _PROMPT.finditer(content)]
    if path.endswith(PAGES):
        spans += [match.span(3) for match in _FENCE.finditer(content)]
        spans += [match.span(2) for match in _BLOCK.finditer(content)]
    if not spans:
        return None
    blank = bytearray(re.sub(rb"[^\r\n]", b" ", content))
    for start, end in spans:
        blank[start:end] = content[start:end]
    for match in _PROMPT.finditer(content):
        blank[match.start("prompt") : match.end("prompt")] = b" " * len(match["prompt"])
    return bytes(blank)
