"""Links: one path that counts from the file's own folder, or from the top behind a slash."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from migrate.references.atlas import Atlas
from migrate.references.page import Edit, Page
from migrate.references.regions import Reading, Region

MANUALS = re.compile(
    r"(?:^|/)(?:docs?|documentation|manual|guides?|tutorials?|examples?|website|content)/", re.IGNORECASE
)
"""The folders of manuals, which speak to readers of other trees, too, and of which sites are made."""
READ_FIRST = ("README.md", "index.md", "_index.md", "README.rst", "index.rst", "index.html", "README")


def is_link(page: Page, region: Region, atlas: Atlas) -> bool:
    """Whether the region names something, read as a link; what does not may still be a path from the top."""
    written = unquote(page.text[region.start : region.end]).rstrip("/")
    path = written[1:] if written.startswith("/") else page.resolve(written)
    if path is None or atlas.is_known(path):
        return path is not None
    if region.reading is Reading.COMMAND:
        return written.startswith("..") or page.relocated(written, atlas) is not None
    return atlas.destination(path) is not None


def may_be_route(page: Page, region: Region, atlas: Atlas) -> bool:
    """Whether the link of a manual may lead to a page of its site: `/builder/`, a folder here without any document."""
    written = unquote(page.text[region.start : region.end])
    path = written.strip("/")
    if (
        not (written.startswith("/") and written.endswith("/"))
        or not MANUALS.search(page.new)
        or path not in atlas.folders
    ):
        return False
    return not any(f"{path}/{name}" in atlas.before for name in READ_FIRST)


def link_edit(page: Page, region: Region, atlas: Atlas) -> Edit | None:
    """The edit that a link needs."""
    raw = page.text[region.start : region.end]
    written = unquote(raw)
    path = written.rstrip("/")
    slash = written[len(path) :]
    if written.startswith("/"):
        destination = atlas.destination(path[1:])
        new = None if destination is None else f"/{destination}"
    else:
        new = page.relocated(path, atlas, unknown=region.reading is Reading.COMMAND)
    if new is None:
        return None
    new += slash
    return Edit(region.start, region.end, quote(new) if written != raw or " " in new else new)
