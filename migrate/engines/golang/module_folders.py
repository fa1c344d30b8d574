"""The Go modules of a tree, for finding import paths in files of any kind."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrate.engines.golang.stated_modules import stated_in
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.references.common.scope import is_third_party
from migrate.git.objects import TreeEntry
from migrate.text import decode
from migrate.tree.overlay import Overlay

MODULE_LINE = re.compile(rb'^module[ \t]+"?([^\s"]+)"?', re.MULTILINE)


def go_module_folders(overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterator[ModuleFolder]:
    """The modules of a tree whose objects `overlay` can read, and those that the plan states; without `vendor/`."""
    stated = stated_in(overlay)
    manifests = {
        path: entry
        for path, entry in entries.items()
        if (path.rpartition("/")[2] == "go.mod" or path == stated.modfile)
        and entry.is_text_candidate
        and not is_third_party(path)
    }
    overlay.objects.preload(entry.oid for entry in manifests.values() if entry.oid not in overlay.written)
    declared_folders = set()
    for path, entry in manifests.items():
        declared = MODULE_LINE.search(overlay.content(entry.oid))
        if declared:
            declared_folders.add(path.rpartition("/")[0])
            yield ModuleFolder(decode(declared[1]), path.rpartition("/")[0])
    yield from (ModuleFolder(path, folder) for folder, path in stated.paths if folder not in declared_folders)
