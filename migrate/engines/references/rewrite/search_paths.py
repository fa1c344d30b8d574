"""Paths that count from a folder which a search path names: imports of Protocol Buffers, includes of C.

The search path is in no file, or in another. So the tree tells: from which folder there is such a file.
"""

from __future__ import annotations

from posixpath import dirname

from migrate.engines.references.common.spans import Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import ReferenceEdit, SourceFile
from migrate.git.paths import is_under


def rooted_edit(page: SourceFile, region: Span, atlas: RewriteContext) -> ReferenceEdit | None:
    """The edit that such a path needs; none where it can count from several folders, or from none afterwards."""
    written = page.text[region.start : region.end]
    root = root_of(written, page, atlas)
    if root is None:
        return None
    path = f"{root}/{written}".lstrip("/")
    new, new_root = atlas.moves.resolve(path), atlas.moves.resolve(root) if root else ""
    for folder in (new_root, root):
        if folder is not None and is_under(new, folder):
            inside = new[len(folder) :].lstrip("/")
            return None if inside == written else ReferenceEdit(region.start, region.end, inside)
    return None


def root_of(written: str, page: SourceFile, atlas: RewriteContext) -> str | None:
    """The folder from which a path counts: the file's own, else the one nearest above it, else the only one."""
    own = f"{page.old_folder}/{written}".lstrip("/")
    if own in atlas.before:
        return page.old_folder
    roots = [path[: -len(written)].rstrip("/") for path in atlas.named(written) if f"/{path}".endswith(f"/{written}")]
    above = [root for root in roots if is_under(dirname(page.old), root)]
    if above:
        return max(above, key=len)
    return roots[0] if len(roots) == 1 else None
