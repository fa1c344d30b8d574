"""Patterns of ignore files and CODEOWNERS: the leading components without wildcards name a place in the tree."""

from __future__ import annotations

import re
from itertools import takewhile

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.spans import Reading, Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.git.paths import is_under

WILD = re.compile(r"[*?\[\\]")


def pattern_edit(source_file: SourceFile, span: Span, context: RewriteContext) -> ReferenceEdit | None:
    """The edit that a pattern needs.

    A name without a slash matches in every folder and so stays right. A path that has left the folder of a nested
    ignore file cannot be named from there, and is left to a person.
    """
    pattern = source_file.text[span.start : span.end]
    everywhere = "**/" if pattern.startswith("**/") else ""
    anchor = "/" if pattern.startswith("/") else ""
    core = pattern[len(everywhere or anchor) :]
    if not anchor and "/" not in core.rstrip("/") and span.reading is not Reading.CONTEXT:
        return None
    literal = "/".join(takewhile(lambda part: not WILD.search(part), core.split("/"))).rstrip("/")
    local = span.reading is Reading.IGNORE and not everywhere
    old_base, new_base = (source_file.old_folder, source_file.new_folder) if local else ("", "")
    path = f"{old_base}/{literal}".lstrip("/")
    destination = context.destination(path) if literal and not (everywhere and "/" not in literal) else None
    if destination is None or not is_under(destination, new_base):
        return None
    inside = destination[len(new_base) :].lstrip("/")
    rest = core[len(literal) :]
    if "/" not in (inside + rest).rstrip("/") and not everywhere and span.reading is not Reading.CONTEXT:
        anchor = "/"
    new = everywhere + anchor + WILD.sub(lambda found: "\\" + found[0], inside) + rest
    return None if new == pattern else ReferenceEdit(span.start, span.end, new)
