"""JavaScript, TypeScript and style sheets: module specifiers that start with a dot count from the file's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.references.regions import Reading, Region, among_text

SPECIFIER = re.compile(
    r"""(?:\bfrom|\bimport|\bexport\s+\*\s+from|\b(?:import|require|mock|resolve|URL)\(|@import|\burl\()\s*["']?(\.{1,2}/[^"'\s);]*)"""
)


def regions(text: str) -> Iterable[Region]:
    """The whole text, with relative module specifiers read as links."""
    return among_text(text, (found.span(1) for found in SPECIFIER.finditer(text)), Reading.LINK)
