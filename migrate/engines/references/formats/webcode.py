"""JavaScript, TypeScript and style sheets: module specifiers that start with a dot count from the file's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.engines.references.common.spans import Reading, Span, split_spans

SPECIFIER = re.compile(
    r"""(?:\bfrom|\bimport|\bexport\s+\*\s+from|\b(?:import|require|mock|resolve|URL)\(|@import|\burl\()\s*["']?(\.{1,2}/[^"'\s);]*)"""
)


def spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001
    """The whole text, with relative module specifiers read as links."""
    found = (Span(*specifier.span(1), Reading.LINK) for specifier in SPECIFIER.finditer(text))
    return split_spans(text, found, rest=Reading.CODE)


def settings_spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001
    """The same of settings that are written as code: their strings name what those of any settings do."""
    found = (Span(*specifier.span(1), Reading.LINK) for specifier in SPECIFIER.finditer(text))
    return split_spans(text, found, rest=Reading.TEXT)
