"""Rewriting one file: the edits that the places which name a moved path need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate.references.atlas import Atlas
from migrate.references.links import is_link, link_edit
from migrate.references.mentions import Mention
from migrate.references.page import Edit, Page
from migrate.references.patterns import pattern_edit
from migrate.references.regions import Reading, Region
from migrate.references.tokens import TokenPattern


def edits(page: Page, regions: Iterable[Region], atlas: Atlas, pattern: TokenPattern) -> Iterator[Edit]:
    """The edits that a file needs; none overlaps another."""
    for region in regions:
        found: Iterable[Edit | None]
        there = page.inside(region.base, atlas) if region.base else page
        if region.reading in (Reading.IGNORE, Reading.OWNERS, Reading.CONTEXT):
            found = [pattern_edit(page, region, atlas)]
        elif region.reading in (Reading.LINK, Reading.COMMAND) and there and is_link(there, region, atlas):
            found = [link_edit(there, region, atlas)]
        else:
            strict = region.reading is Reading.PATH
            tokens = pattern.find(page.text, region.start, region.end)
            found = (Mention.of(token, page, atlas, strict=strict).edit() for token in tokens)
        yield from (edit for edit in found if edit is not None)
