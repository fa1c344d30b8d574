"""Links: one path that counts from the file's own folder, or from the top behind a slash."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.spans import Reading, Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile

MANUALS = re.compile(
    r"(?:^|/)(?:docs?|documentation|manual|guides?|tutorials?|examples?|website|content)/", re.IGNORECASE
)
"""Folders of manuals, which also speak about other trees, and from which sites are built."""
READ_FIRST = ("README.md", "index.md", "_index.md", "README.rst", "index.rst", "index.html", "README")


def on_site(path: str, context: RewriteContext) -> str | None:
    """The file that a link with a leading slash names on a site, whose top is a folder of the tree, or None.

    `/img/logo.png` names `docs/static/img/logo.png`. One name alone, `/logo.png`, is in too many places.
    """
    if "/" not in path:
        return None
    found = [file for file in context.named(path) if file.endswith(f"/{path}")]
    return found[0] if len(found) == 1 else None


def is_link(source_file: SourceFile, span: Span, context: RewriteContext) -> bool:
    """Whether the span names something when it is read as a link; otherwise it may still be a path from the top."""
    written = unquote(source_file.text[span.start : span.end]).rstrip("/")
    path = written[1:] if written.startswith("/") else source_file.resolve(written)
    if path is None or context.is_known(path):
        return path is not None
    if written.startswith("/") and on_site(path, context) is not None:
        return True
    if span.reading is Reading.COMMAND:
        return written.startswith("..") or source_file.relocated(written, context) is not None
    return context.destination(path) is not None


def may_be_route(source_file: SourceFile, span: Span, context: RewriteContext) -> bool:
    """Whether the link of a manual may lead to a page of its site: `/builder/`, a folder here without any document."""
    written = unquote(source_file.text[span.start : span.end])
    path = written.strip("/")
    if (
        not (written.startswith("/") and written.endswith("/"))
        or not MANUALS.search(source_file.new)
        or path not in context.folders
    ):
        return False
    return not any(f"{path}/{name}" in context.before for name in READ_FIRST)


def link_edit(source_file: SourceFile, span: Span, context: RewriteContext) -> ReferenceEdit | None:
    """The edit that a link needs."""
    raw = source_file.text[span.start : span.end]
    written = unquote(raw)
    path = written.rstrip("/")
    slash = written[len(path) :]
    if written.startswith("/"):
        file = None if context.is_known(path[1:]) else on_site(path[1:], context)
        top = "" if file is None else file.removesuffix(path[1:])
        destination = context.destination(f"{top}{path[1:]}")
        stays = destination is not None and destination.startswith(top)
        new = f"/{destination.removeprefix(top)}" if destination is not None and stays else None
    else:
        new = source_file.relocated(path, context, unknown=span.reading is Reading.COMMAND)
    if new is None:
        return None
    if span.reading is Reading.NAME and not path.startswith("../"):
        new = re.sub(r"^(?:\.\./)+", "", new)
    new += slash
    return ReferenceEdit(span.start, span.end, quote(new) if written != raw or " " in new else new)
