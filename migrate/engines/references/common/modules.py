"""The Go modules of a tree: which import path belongs to which folder."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrate.engines.references.common.scope import is_third_party
from migrate.git.objects import TreeEntry
from migrate.git.paths import folder_of, is_under
from migrate.text import decode
from migrate.tree.overlay import Overlay

MODULE_LINE = re.compile(rb'^module[ \t]+"?([^\s"]+)"?', re.MULTILINE)


@dataclass(frozen=True)
class ModuleFolder:
    """One `go.mod`: the import path that it declares and the folder that it stands in ("" for the top)."""

    import_path: str
    folder: str

    def folder_of(self, import_path: str) -> str:
        """The folder that an import path below this module's names."""
        return f"{self.folder}{import_path[len(self.import_path) :]}".lstrip("/")

    def import_path_of(self, folder: str) -> str:
        """The import path of a folder below this module's."""
        rest = folder[len(self.folder) :].lstrip("/")
        return f"{self.import_path}/{rest}" if rest else self.import_path


def modules_of(overlay: Overlay, entries: Mapping[str, TreeEntry]) -> tuple[ModuleFolder, ...]:
    """The modules of a tree whose objects `overlay` can read, innermost folder first; `vendor/` is left out."""
    manifests = {
        path: entry
        for path, entry in entries.items()
        if (path.rpartition("/")[2] == "go.mod" or path == overlay.stated.modfile)
        and entry.is_text_candidate
        and not is_third_party(path)
    }
    overlay.objects.preload(entry.oid for entry in manifests.values() if entry.oid not in overlay.written)
    found = []
    for path, entry in manifests.items():
        declared = MODULE_LINE.search(overlay.content(entry.oid))
        if declared:
            found.append(ModuleFolder(decode(declared[1]), folder_of(path)))
    declared_folders = {module.folder for module in found}
    found += [ModuleFolder(path, folder) for folder, path in overlay.stated.paths if folder not in declared_folders]
    return tuple(sorted(found, key=lambda module: (-len(module.folder), module.import_path)))


def module_at(modules: tuple[ModuleFolder, ...], path: str) -> ModuleFolder | None:
    """The module that a path belongs to."""
    return next((module for module in modules if is_under(path, module.folder)), None)


def module_named(modules: tuple[ModuleFolder, ...], import_path: str) -> ModuleFolder | None:
    """The module that an import path belongs to: the longest one that it starts with."""
    return max(
        (module for module in modules if is_under(import_path, module.import_path)),
        key=lambda module: len(module.import_path),
        default=None,
    )
