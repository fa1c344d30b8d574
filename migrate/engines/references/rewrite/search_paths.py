"""Paths that count from a folder which a search path names: imports of Protocol Buffers, includes of C.

The search path is not in the file. So the tree decides: the folder below which there is such a file.
"""

from __future__ import annotations

from posixpath import dirname

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.spans import Span
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.git.paths import is_under


def rooted_edit(source_file: SourceFile, span: Span, context: RewriteContext) -> ReferenceEdit | None:
    """The edit of such a path; None when it can count from several folders, or from none afterwards."""
    written = source_file.text[span.start : span.end]
    root = root_of(written, source_file, context)
    if root is None:
        return None
    path = f"{root}/{written}".lstrip("/")
    new, new_root = context.moves.resolve(path), context.moves.resolve(root) if root else ""
    for folder in (new_root, root):
        if folder is not None and is_under(new, folder):
            inside = new[len(folder) :].lstrip("/")
            return None if inside == written else ReferenceEdit(span.start, span.end, inside)
    return None


def root_of(written: str, source_file: SourceFile, context: RewriteContext) -> str | None:
    """The folder from which a path counts: the file's own, else the one nearest above it, else the only one."""
    own = f"{source_file.old_folder}/{written}".lstrip("/")
    if own in context.before:
        return source_file.old_folder
    roots = [path[: -len(written)].rstrip("/") for path in context.named(written) if f"/{path}".endswith(f"/{written}")]
    above = [root for root in roots if is_under(dirname(source_file.old), root)]
    if above:
        return max(above, key=len)
    return roots[0] if len(roots) == 1 else None
