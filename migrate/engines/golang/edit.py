"""Edits a Go file so that it stays formatted if gofmt had formatted it before."""

from __future__ import annotations

from migrate.engines.golang.alignment import splice_aligned
from migrate.engines.golang.header import Header
from migrate.engines.golang.imports import stays_tidy, tidy
from migrate.engines.splice import Splice, line_bounds, splice


def edit_go(content: bytes, header: Header, edits: list[Splice]) -> bytes:
    """Apply edits of the header, and of single names after it; `header` is that of `content`."""
    if not edits:
        return content
    end = header.declarations[-1].end if header.declarations else header.package_end
    _, end_of_header = line_bounds(content, end, end)
    body = [edit for edit in edits if edit.start > end_of_header]
    head = [edit for edit in edits if edit.start <= end_of_header]
    # Columns are kept when names are edited. gofmt would not leave a name that contains spaces.
    is_spread = any(len(content[edit.start : edit.end].split()) > 1 for edit in body)
    # The body first, because its edits do not move the header.
    edited_body = (splice if is_spread else splice_aligned)(content, body) if body else content
    whole = splice(edited_body, head)
    return whole if stays_tidy(content, header, head) else tidy(content, header, whole)
