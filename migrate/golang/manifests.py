"""The folders that `go.mod` and `go.work` name, after a move."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from migrate.golang.header import raw, text
from migrate.golang.modules import bare, is_manifest, local_paths
from migrate.golang.plan import Plan

_PLAIN = re.compile(r"[^\s\"'`()\[\]{},]+")


def manifests(plan: Plan) -> Iterator[tuple[str, bytes]]:
    """The new content of every `go.mod` and `go.work` (by its old path) whose local paths change."""
    for path in plan.before.entries:
        if is_manifest(path):
            source = text(plan.before.content(path))
            new = _updated(plan, path, source)
            if new != source:
                yield path, raw(new)


def _updated(plan: Plan, path: str, source: str) -> str:
    base, new_base = (posixpath.dirname(place) for place in (path, plan.place(path)))
    for local in reversed(local_paths(path, source)):
        target = plan.moves.resolve(local.folder)
        if (base, local.folder) != (new_base, target):
            relative = posixpath.relpath(target or ".", new_base or ".")
            if relative != posixpath.normpath(bare(source[local.start : local.end])):
                written = relative if relative in (".", "..") or relative.startswith("../") else f"./{relative}"
                written = written if _PLAIN.fullmatch(written) else f'"{written}"'
                source = source[: local.start] + written + source[local.end :]
    return source
