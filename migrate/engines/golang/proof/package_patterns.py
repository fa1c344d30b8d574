"""Finds patterns of Go packages, `./x/...`, that count from a module which a script names or enters somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from migrate.engines.code_proof import Hit
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.old_paths import OldPaths

PATTERN = re.compile(r"(?<![\w./}%-])\./(\w[\w.-]*(?:/\w[\w.-]*)*)/\.\.\.")


def package_hits(path: str, text: str, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> Iterator[Hit]:
    """The patterns of a file for folders that were in a module of the tree and no longer are."""
    for found in PATTERN.finditer(text) if "/..." in text else ():
        folders = [dirname(path), *(module.folder for module in modules)]
        if any(old_paths.is_there(join(folder, found[1])) for folder in folders) or old_paths.is_there(found[1]):
            continue
        olds = (join(old_paths.origins.resolve(module.folder), found[1]) for module in modules if module.folder)
        entry = next((old_paths.gone(old) for old in olds if old_paths.existed(old) and old_paths.gone(old)), None)
        if entry is not None:
            yield Hit(*found.span(1), *entry)
