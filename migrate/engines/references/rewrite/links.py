"""Links: one path that counts from the file's own folder, or from the top behind a slash."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from migrate.engines.references.common.spans import Reading, Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import ReferenceEdit, SourceFile

MANUALS = re.compile(
    r"(?:^|/)(?:docs?|documentation|manual|guides?|tutorials?|examples?|website|content)/", re.IGNORECASE
)
"""The folders of manuals, which speak to readers of other trees, too, and of which sites are made."""
READ_FIRST = ("README.md", "index.md", "_index.md", "README.rst", "index.rst", "index.html", "README")


def on_site(path: str, atlas: RewriteContext) -> str | None:
    """The file that a link behind a slash names on a site, whose top is a folder of the tree; None unless it is one.

    `/img/logo.png` names `docs/static/img/logo.png`. One name alone, `/logo.png`, is in too many places.
    """
    if "/" not in path:
        return None
    found = [file for file in atlas.named(path) if file.endswith(f"/{path}")]
    return found[0] if len(found) == 1 else None


def is_link(page: SourceFile, region: Span, atlas: RewriteContext) -> bool:
    """Whether the region names something, read as a link; what does not may still be a path from the top."""
    written = unquote(page.text[region.start : region.end]).rstrip("/")
    path = written[1:] if written.startswith("/") else page.resolve(written)
    if path is None or atlas.is_known(path):
        return path is not None
    if written.startswith("/") and on_site(path, atlas) is not None:
        return True
    if region.reading is Reading.COMMAND:
        return written.startswith("..") or page.relocated(written, atlas) is not None
    return atlas.destination(path) is not None


def may_be_route(page: SourceFile, region: Span, atlas: RewriteContext) -> bool:
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


def link_edit(page: SourceFile, region: Span, atlas: RewriteContext) -> ReferenceEdit | None:
    """The edit that a link needs."""
    raw = page.text[region.start : region.end]
    written = unquote(raw)
    path = written.rstrip("/")
    slash = written[len(path) :]
    if written.startswith("/"):
        file = None if atlas.is_known(path[1:]) else on_site(path[1:], atlas)
        top = "" if file is None else file.removesuffix(path[1:])
        destination = atlas.destination(f"{top}{path[1:]}")
        stays = destination is not None and destination.startswith(top)
        new = f"/{destination.removeprefix(top)}" if destination is not None and stays else None
    else:
        new = page.relocated(path, atlas, unknown=region.reading is Reading.COMMAND)
    if new is None:
        return None
    if region.reading is Reading.NAME and not path.startswith("../"):
        new = re.sub(r"^(?:\.\./)+", "", new)
    new += slash
    return ReferenceEdit(region.start, region.end, quote(new) if written != raw or " " in new else new)
