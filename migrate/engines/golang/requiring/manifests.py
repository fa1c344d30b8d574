"""Updates the folders and programs that `go.mod` and `go.work` name after a move."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from migrate.engines.golang.modules import bare, local_paths
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requiring.gomod import Manifest
from migrate.git.paths import is_under
from migrate.text import decode, encode

_PLAIN = re.compile(r"[^\s\"'`()\[\]{},]+")


def manifests(plan: GoPlan) -> Iterator[tuple[str, bytes]]:
    """The new content of every `go.mod` and `go.work` (by its old path) that names something which moves."""
    for path in plan.before.entries:
        if plan.before.is_manifest(path):
            source = decode(plan.before.content(path))
            new = _updated(plan, path, source)
            if new != source:
                yield path, encode(new)


def _updated(plan: GoPlan, path: str, source: str) -> str:
    for start, end, written in sorted(
        [*_local_edits(plan, path, source), *_tool_edits(plan, path, source)], reverse=True
    ):
        source = source[:start] + (written if _PLAIN.fullmatch(written) else f'"{written}"') + source[end:]
    return source


def _local_edits(plan: GoPlan, path: str, source: str) -> Iterator[tuple[int, int, str]]:
    """The edits of `replace`, `use` and `ignore ./x`: folders relative to the file."""
    base, new_base = (posixpath.dirname(place) for place in (path, plan.place(path)))
    for local in local_paths(path, source):
        target = plan.moves.resolve(local.folder)
        if (base, local.folder) != (new_base, target):
            relative = posixpath.relpath(target or ".", new_base or ".")
            if relative != posixpath.normpath(bare(source[local.start : local.end])):
                written = relative if relative in (".", "..") or relative.startswith("../") else f"./{relative}"
                yield local.start, local.end, written
    for line in Manifest(source).lines:
        if line.verb == "ignore" and line.words and line.words[0].text.startswith("./"):
            folder = posixpath.normpath(posixpath.join(base, line.words[0].text))
            target = plan.moves.resolve(folder)
            if target != folder and is_under(target, new_base):
                yield line.words[0].start, line.words[0].end, f"./{target[len(new_base) :].lstrip('/')}"


def _tool_edits(plan: GoPlan, path: str, source: str) -> Iterator[tuple[int, int, str]]:
    """The edits of `tool`: the import paths of programs of this tree."""
    for line in Manifest(source).lines:
        if line.verb == "tool" and line.words:
            word = line.words[0]
            new = plan.new_paths.get(word.text)
            if new is not None and plan.before.local_import(path, word.text) is not None:
                yield word.start, word.end, new
