"""Import declarations of Go, told line by line, and the folders that its manifests name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from migrate.engines.module_folder import ModuleFolder
from migrate.engines.references.verify.old_paths import OldPaths
from migrate.engines.references.verify.records import Hit
from migrate.git.paths import parents
from migrate.text import decode

SPEC = re.compile(r"""[ \t]*(?:import[ \t]+)?\(?[ \t]*(?:[\w.]+[ \t]+)?["`]([^"`\n]+)["`][ \t]*(?:;|\)|//|/\*|\r?$)""")
FOLDER = re.compile(r"(?:=>|^[ \t]*use|^)[ \t]+(\.{1,2}(?:/[^\s)]*)?)[ \t]*(?://[^\n]*)?\r?$", re.MULTILINE)
PIECE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`""", re.DOTALL)
"""A comment or a literal."""
DECLARATION = re.compile(r"^(?:func|type|var|const)\b", re.MULTILINE)


def import_spec(path: str, text: str, position: int) -> str | None:
    """The import path of the declaration that a position of a file stands in; None when it stands in none."""
    if not path.endswith(".go"):
        return None
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    spec = SPEC.match(text, begin, end if end >= 0 else len(text))
    if spec is None or not spec.start(1) <= position < spec.end(1):
        return None
    return None if DECLARATION.search(text, 0, begin) else spec[1]


def sees(home_module: ModuleFolder, other: ModuleFolder, old_paths: OldPaths) -> bool:
    """Whether the code of one module is built with another as it stands in this tree.

    A `replace` of its manifest says so, or a workspace around both. Neither is there where a release is required.
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


def in_raw_string(text: str, position: int) -> bool:
    """Whether a position of Go code stands in a string between back quotes."""
    found = next((piece for piece in PIECE.finditer(text) if piece.end() > position), None)
    return found is not None and found.start() < position and found[0].startswith("`")


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


def misnamed(old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> dict[str, str]:
    """The import paths that modules which moved seem to have by their folders, with those that they kept."""
    tops = [module.import_path for module in modules if not module.folder]
    moved = [module for module in modules if module.folder and old_paths.origins.moves(module.folder)]
    named = {f"{top}/{module.folder}": module.import_path for top in tops for module in moved}
    return {seeming: kept for seeming, kept in named.items() if seeming != kept}


def misnamed_hits(text: str, names: dict[str, str]) -> Iterator[Hit]:
    """The places of a text that name a module by an import path which it does not have."""
    for seeming, kept in names.items():
        for found in re.finditer(rf"(?<![\w-]){re.escape(seeming)}(?![\w-])", text) if seeming in text else ():
            yield Hit(*found.span(), seeming, kept)
