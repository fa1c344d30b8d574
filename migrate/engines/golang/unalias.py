"""Replaces import names that renaming moves left behind by the packages' own names."""

from __future__ import annotations

import re

from migrate.engines.golang.comments import mention_edits
from migrate.engines.golang.edit import edit_go
from migrate.engines.golang.header import ImportSite, header_of
from migrate.engines.golang.import_names import still_imports
from migrate.engines.golang.names import why_taken
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Remark, note_summary
from migrate.engines.splice import Splice, line_number_at
from migrate.git.paths import folder_of
from migrate.text import encode
from migrate.tree.editable_tree import EditableTree

_VERSION = re.compile(r"v\d+")


def unalias(ws: EditableTree) -> int:
    """Rewrite every import with the old name of its package; returns the number of changed files."""
    tree = GoTree.of(ws.overlay)
    renamed = _renamed(ws, tree)
    needles = [path for path in map(tree.modules.import_path, renamed) if path is not None]
    changed = 0
    notes: list[Remark] = []
    for path in ws.holding(*needles) if needles else ():
        if path.endswith(".go") and "vendor" not in path.split("/"):
            before = tree.content(path)
            after = _unaliased_content(tree, renamed, path, notes)
            if after != before:
                ws.write(path, after)
                changed += 1
    note_summary(ws, notes)
    return changed


def _renamed(ws: EditableTree, tree: GoTree) -> dict[str, set[str]]:
    """The former names of each renamed package, by its folder."""
    origin = ws.history.then(ws.moved).inverse()
    anchored = ws.overlay.anchored
    before = {}
    for path in tree.files:
        old = origin.resolve(path)
        if old != path or (path in anchored and anchored[path] != tree.entries[path]):
            before[path] = old
    ws.overlay.objects.preload(anchored[old].oid for old in before.values() if old in anchored)
    tree.preload(before)
    renamed: dict[str, set[str]] = {}
    for path, old in before.items():
        folder = folder_of(path)
        name = _name_before(ws, old)
        if name not in (None, tree.package_name(folder)):
            renamed.setdefault(folder, set()).add(name)
    return renamed


def _name_before(ws: EditableTree, path: str) -> str | None:
    """The former name of the package of a file: from its clause in the tree below the stack.

    If that tree does not have the file, the name of its folder is used.
    """
    entry = ws.overlay.anchored.get(path)
    header = header_of(entry.oid, lambda: ws.overlay.content(entry.oid)) if entry is not None else None
    if header is not None:
        return header.package.removesuffix("_test") if path.endswith("_test.go") else header.package
    base = folder_of(path).rpartition("/")[2]
    return None if _VERSION.fullmatch(base) else base


def _unaliased_content(tree: GoTree, renamed: dict[str, set[str]], path: str, notes: list[Remark]) -> bytes:
    content = tree.content(path)
    header = tree.header(path)
    edits: list[Splice] = []
    for spec in () if header is None else header.imports:
        folder = tree.local_import(path, spec.path)
        if header is not None and folder is not None and spec.name in renamed.get(folder, ()):
            name = tree.package_name(folder)
            assert name is not None
            edits += _edits(tree, ImportSite(path, header, spec), name, notes)
    return content if header is None else edit_go(content, header, edits)


def _edits(tree: GoTree, site: ImportSite, name: str, notes: list[Remark]) -> list[Splice]:
    path, _, spec = site
    uses = [use for use in tree.scopes(path).free({spec.name}) if use.selected]
    reason = why_taken(tree, site, name, [use.start for use in uses])
    if reason is not None:
        line = line_number_at(tree.content(path), spec.start)
        notes.append(still_imports(f"{path}:{line}", name, spec.name, reason))
        return []
    renamed = [Splice(use.start, use.end, encode(name)) for use in uses]
    return [Splice(spec.begin, spec.start, b""), *renamed, *mention_edits(tree.scopes(path), spec.name, lambda _: name)]
