"""What `go.mod` and `go.work` say of the folders of a tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from migrate.engines.code_proof import Hit
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.old_paths import OldPaths
from migrate.git.paths import parents
from migrate.text import decode

FOLDER = re.compile(r"(?:=>|^[ \t]*use|^)[ \t]+(\.{1,2}(?:/[^\s)]*)?)[ \t]*(?://[^\n]*)?\r?$", re.MULTILINE)


def is_built_with(home_module: ModuleFolder, other: ModuleFolder, old_paths: OldPaths) -> bool:
    """Whether the code of one module is built with another one as it is in this tree.
    A `replace` in its manifest says so, or a workspace around both. Without them a release is used.
    """
    manifest = go_text_of(old_paths, f"{home_module.folder}/go.mod".lstrip("/"))
    if manifest is None or any(
        old_paths.is_there(join(folder, "go.work")) for folder in (home_module.folder, *parents(home_module.folder), "")
    ):
        return True
    named = rf"^[ \t]*(?:replace[ \t(]+)?{re.escape(other.import_path)}(?:[ \t]+v\S+)?[ \t]*=>[ \t]*\."
    return re.search(named, manifest, re.MULTILINE) is not None


def go_text_of(old_paths: OldPaths, path: str) -> str | None:
    """The text of a file of the tree; None when it is not there."""
    entry = old_paths.overlay.entries.get(path)
    return None if entry is None else decode(old_paths.overlay.content(entry.oid))


def manifest_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The folders that a `go.mod` or `go.work` names and that hold no module any more."""
    origin = dirname(old_paths.moved.get(path, path))
    for found in FOLDER.finditer(text) if path.endswith(("go.mod", "go.work")) else ():
        old = normpath(join(origin, found[1]))
        new = old_paths.moves.resolve(old)
        if holds_module(new, old_paths) and not holds_module(normpath(join(dirname(path), found[1])), old_paths):
            yield Hit(*found.span(1), old, new)


def holds_module(folder: str, old_paths: OldPaths) -> bool:
    """Whether a `go.mod` stands in a folder."""
    return old_paths.is_there(normpath(join(folder, "go.mod")))
