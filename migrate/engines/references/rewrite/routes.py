"""Moved paths that are routes of a server as well: `"/api/v1/users"` in code, `http://localhost/api/v1`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from migrate.engines.references.common.scope import THIRD_PARTY
from migrate.engines.registry import engine_of_file
from migrate.text import decode
from migrate.tree.overlay import Overlay

CODE = (".js", ".jsx", ".mjs", ".ts", ".tsx", ".vue", ".rb", ".php", ".java", ".kt", ".rs", ".cs", ".http")
"""Code in languages without an engine."""


def routes_in(overlay: Overlay) -> Callable[[str], bool]:
    """A function that says whether code of a tree uses a path as the route of a server; results are cached."""

    @cache
    def is_route(path: str) -> bool:
        needle = re.escape(f"/{path}")
        served = re.compile(rf"[\"'`]{needle}(?=[/\"'`?{{:])(?![\w./-]*\.\w+[\"'`])|://[\w.:-]+{needle}\b")
        files = (file for file in overlay.holding([f"/{path}"], THIRD_PARTY) if is_code(file))
        return any(served.search(decode(overlay.content(overlay.entries[file].oid))) for file in files)

    return is_route


def is_code(path: str) -> bool:
    """Whether a file holds code that may name the routes of a server."""
    return path.endswith(CODE) or engine_of_file(path) is not None
