"""Symlinks: a relative target is rewritten when it or its link moved."""

from __future__ import annotations

from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.git.objects import SYMLINK
from migrate.text import decode, encode
from migrate.tree.overlay import Overlay


def retarget(overlay: Overlay, context: RewriteContext) -> int:
    """Point every relative symlink of the tree to where its target is now; returns how many changed."""
    links = [path for path, entry in overlay.entries.items() if entry.mode == SYMLINK and not is_third_party(path)]
    overlay.preload(links)
    count = 0
    for path in links:
        target = decode(overlay.content(overlay.entries[path].oid))
        new = (
            None
            if target.startswith("/")
            else SourceFile(target, context.origin(path), path).relocated(target, context)
        )
        if new is not None:
            overlay.put(path, encode(new), SYMLINK)
            count += 1
    return count
