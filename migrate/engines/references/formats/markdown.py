"""Markdown: link targets count from the file's own folder; prose, code spans and code blocks from the top."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.engines.references.common.spans import Reading, Span, split_spans
from migrate.engines.references.formats.shell import command_spans

TARGET = re.compile(
    r"""
    \]\([ \t]*(?:<([^<>\n]+)>|([^\s()<>]+(?:\([^\s()]*\)[^\s()]*)*))   # [text](target) and ![image](target)
    | ^[ ]{0,3}\[[^\]\n]+\]:[ \t]*(?:<([^<>\n]+)>|(\S+))               # [reference]: target
    | \b(?:src|href)=["']([^"'\n]+)["']                                # HTML
    """,
    re.VERBOSE | re.MULTILINE,
)
NAMED = re.compile(r"\[(?P<mark>`?)(?P<name>[\w.-]+(?:/[\w.-]+)*)(?P<slash>/?)(?P=mark)\]\((?P<target>[^\s()#?]+)")
"""A link whose text is the name of a file or folder."""
FENCED = re.compile(
    r"^(?P<mark>[ \t]*(?:`{3,}|~{3,}))[ \t]*(?:sh|bash|shell|zsh|console|shell-session|terminal|makefile)\b[^\n]*\n"
    r"(?P<code>.*?)^(?P=mark)[ \t]*$",
    re.MULTILINE | re.DOTALL | re.IGNORECASE,
)
# A span that begins like a command; its first word alone would be the name of a program.
SPAN = re.compile(
    r"(?<!`)`((?:\$ )?(?:cd|pushd|make|npm|npx|yarn|pnpm|go|cargo|docker|git|ls|cp|mv|rm|cat|find|grep|mkdir|helm|"
    r"kubectl|terraform|pytest|python3?|node|bash|sh|\./\S+)[ ][^`\n]+)`(?!`)"
)
ELSEWHERE = re.compile(r"[a-zA-Z][\w+.-]*:|//|#")


def spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001 (every format is asked alike)
    """The whole text: targets of links as links unless they are addresses or anchors, and command lines as such."""
    return split_spans(text, [*link_targets(text), *link_names(text), *command_lines(text)])


def link_targets(text: str) -> Iterator[Span]:
    """The targets of links."""
    for found in TARGET.finditer(text):
        group = found.lastindex
        if group and not ELSEWHERE.match(found[group]):
            yield Span(*path_of(*found.span(group), found[group]), Reading.LINK)


def link_names(text: str) -> Iterator[Span]:
    """The texts of links that spell where the link leads, from the top or as the link itself does."""
    for found in NAMED.finditer(text):
        target = found["target"].rstrip("/")
        if (found["mark"] or found["slash"]) and f"/{target}".endswith(f"/{found['name']}"):
            yield Span(*found.span("name"), Reading.NAME if target == found["name"] else Reading.PATH)


def command_lines(text: str) -> Iterator[Span]:
    """The blocks and spans of code that a shell would run."""
    for block in FENCED.finditer(text):
        yield from command_spans(text, *block.span("code"))
    for span in SPAN.finditer(text):
        yield from command_spans(text, *span.span(1))


def path_of(start: int, end: int, target: str) -> tuple[int, int]:
    """The part of a target that is a path, without its query and anchor."""
    cut = re.search(r"[?#]", target)
    return (start, start + cut.start()) if cut else (start, end)
