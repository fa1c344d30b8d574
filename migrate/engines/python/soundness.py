"""Finds what Python would refuse in the code after a phase, without running it.

It reads the files that the phase changed and those that name a module which it moved away, and reports only what the
phase made worse.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from posixpath import basename

from migrate.engines.python.checks import missing_imports
from migrate.engines.python.graph import package_of
from migrate.engines.python.header import import_statements
from migrate.engines.python.places import is_python_source, joined_name, place_of_module
from migrate.engines.python.roots import roots_of
from migrate.engines.python.tree import PythonTree
from migrate.engines.splice import line_number_at
from migrate.engines.verdict import EngineVerdict, Flaw
from migrate.tree.changes import FileChange
from migrate.tree.overlay import Overlay

FOLLOW = "move modules with ws.python.move, which updates what imports them, or fix these lines in the phase"


def examine_python(overlay: Overlay, changes: Sequence[FileChange]) -> EngineVerdict:
    """Check the imports of a tree after a phase that made these changes."""
    sources = {path for path in overlay.base if is_python_source(path)}
    came_from = {each.new_path: each.old_path for each in changes if each.new_path is not None}
    touched = {path for path in came_from if path in overlay.entries and is_python_source(path)}
    gone = {each.old_path for each in changes if each.old_path in sources and each.old_path not in overlay.entries}
    leaves = {basename(place_of_module(path)) for path in gone}
    affected = sorted(touched | {path for path in overlay.holding(leaves) if is_python_source(path)})
    before = PythonTree(sources, roots_of(overlay.before()))
    after = PythonTree([path for path in overlay.entries if is_python_source(path)], roots_of(overlay))
    found: list[Flaw] = []
    left = {place_of_module(path) for path in gone} - after.files.keys()
    for path, content in overlay.contents([p for p in affected if overlay.entries[p].is_text_candidate]):
        missing = list(missing_imports(after, path, content))
        members = list(_missing_members(overlay, after, path, content, left))
        old = came_from.get(path, path)
        if (missing or members) and (old is None or old in overlay.base):
            was = [] if old is None else list(missing_imports(before, old, overlay.content(overlay.base[old].oid)))
            # A module that was missing before may have a new name now: an extension module moves with its package.
            wrong = [*(missing if len(missing) > len(was) else ()), *members]
            found += _flaws(path, content, wrong, {name for name, _ in was})
    return EngineVerdict("Python", tuple(sorted(found)))


def _missing_members(
    overlay: Overlay, tree: PythonTree, path: str, content: bytes, left: Collection[str]
) -> Iterator[tuple[str, int]]:
    """The modules that a file imports from a package by `from … import`, and that have left it."""
    for statement in import_statements(content) if left else ():
        if statement.is_from and (package := package_of(tree, path, statement)) is not None:
            for item in statement.items:
                if joined_name(package[0], item.name) in left and not _binds_name(overlay, tree, package[0], item.name):
                    dot = "" if statement.source.endswith(".") else "."
                    yield f"{statement.source}{dot}{item.name}", statement.start


def _binds_name(overlay: Overlay, tree: PythonTree, package: str, name: str) -> bool:
    """Whether the file of a package contains a name, so that it may bind it itself."""
    path = tree.files.get(package)
    if path is None or not overlay.entries[path].is_text_candidate:
        return False
    pattern = rb"(?<![\w.])%b(?![\w])|import\s*\*|__getattr__" % re.escape(name.encode())
    return re.search(pattern, overlay.content(overlay.entries[path].oid)) is not None


def _flaws(path: str, content: bytes, wrong: list[tuple[str, int]], known: set[str]) -> Iterator[Flaw]:
    for name, offset in wrong:
        if name not in known:
            yield Flaw(path, line_number_at(content, offset), f'imports "{name}", and no module has that name', FOLLOW)
