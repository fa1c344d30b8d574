"""Moved paths that are routes of a server as well: `"/api/v1/users"` in code, `http://localhost/api/v1`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from migrate.engines.references.common.scope import THIRD_PARTY
from migrate.text import decode
from migrate.tree.overlay import Overlay

CODE = (
    ".go",
    ".js",
    ".jsx",
    ".mjs",
    ".ts",
    ".tsx",
    ".vue",
    ".py",
    ".rb",
    ".php",
    ".java",
    ".kt",
    ".rs",
    ".cs",
    ".http",
)


def routes_in(overlay: Overlay) -> Callable[[str], bool]:
    """Whether code of a tree names a path as a server does; each is looked for once."""

    @cache
    def is_route(path: str) -> bool:
        needle = re.escape(f"/{path}")
        served = re.compile(rf"[\"'`]{needle}(?=[/\"'`?{{:])(?![\w./-]*\.\w+[\"'`])|://[\w.:-]+{needle}\b")
        files = (file for file in overlay.holding([f"/{path}"], THIRD_PARTY) if file.endswith(CODE))
        return any(served.search(decode(overlay.content(overlay.entries[file].oid))) for file in files)

    return is_route
