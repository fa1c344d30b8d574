"""Filters of import paths that `go list` prints: `grep libnetwork/drivers` means all that contain these names."""

from __future__ import annotations

import re

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.spans import Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.git.paths import is_under

EDGES = re.compile(r"^[/^]*|[/$]*$")


def names_module(written: str, context: RewriteContext) -> bool:
    """Whether a filter spells an import path from its beginning, as any text does: `^github.com/acme/shop/web`."""
    plain = EDGES.sub("", written).replace("\\", "")
    return any(plain.startswith(f"{module.import_path}/") for module in context.modules_before)


def filter_edit(source_file: SourceFile, span: Span, context: RewriteContext) -> ReferenceEdit | None:
    """The edit of the middle or end of an import path, so that it is still part of the same import paths.

    If the folders that it names moved to places with different names, a person must decide.
    """
    written = source_file.text[span.start : span.end]
    core = EDGES.sub("", written)
    if "/" not in core and not written.startswith("/"):
        return None
    found = set()
    for old, new in context.moves:
        packages = [folder for folder in context.packages if is_under(folder, old)]
        for path in {old, *packages} if packages else ():
            before = f"/{path}/"
            place = before.find(f"/{core}/")
            if place < 0 or place + len(core) + 1 <= len(old) - len(old.rpartition("/")[2]):
                continue
            after = f"/{new}{path[len(old) :]}/"
            if f"/{core}/" in after:
                continue
            head, tail = before[: place + 1], before[place + 1 + len(core) :]
            found.add(
                after.removeprefix(head).removesuffix(tail) if after.startswith(head) else after[1:].removesuffix(tail)
            )
    if len(found) != 1:
        return None
    start = span.start + written.index(core)
    return ReferenceEdit(start, start + len(core), found.pop())
