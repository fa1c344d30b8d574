"""Finds Go imports in a tree without a go.mod: nothing says what precedes the folder, so only the end is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.code_proof import Hit
from migrate.engines.golang.proof.imports import DECLARATION, SPEC
from migrate.engines.module_folder import ModuleFolder, module_at
from migrate.engines.old_paths import OldPaths

HOST = re.compile(r"[\w-]+\.[\w.-]+/")
LINE = re.compile(r"^.*$", re.MULTILINE)


def unnamed_hits(path: str, text: str, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> Iterator[Hit]:
    """The imports of a file in no module that end with a folder which moved."""
    if not path.endswith(".go") or module_at(modules, path) is not None:
        return
    code = DECLARATION.search(text)
    for line in LINE.finditer(text, 0, code.start() if code else len(text)):
        spec = SPEC.match(text, *line.span())
        if spec is not None and HOST.match(spec[1]):
            entry = moved_end(spec[1], old_paths)
            if entry is not None:
                yield Hit(*spec.span(1), *entry)


def moved_end(imported: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The moved folder that an import path ends with, counted from the top; the longest end decides."""
    _, _, rest = imported.partition("/")
    while "/" in rest:
        _, _, rest = rest.partition("/")
        if old_paths.overlay.is_folder(rest):
            return None
        entry = old_paths.gone(rest) if old_paths.existed(rest) else None
        if entry is not None:
            return entry
    return None
