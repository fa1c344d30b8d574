"""Every Python file of a tree as other rooms look at it: its role, and what it imports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from migrate.engines.base import Import, Role, Source
from migrate.engines.python.graph import places
from migrate.engines.python.header import statements
from migrate.engines.python.places import is_source
from migrate.engines.python.roots import roots_of
from migrate.engines.python.tree import PythonTree
from migrate.engines.splice import line_at
from migrate.tree.overlay import Overlay

FOREIGN = frozenset({"vendor", "node_modules", "third_party", "site-packages"})
"""Folders with copies of somebody else's code."""


def sources(overlay: Overlay) -> Iterator[Source]:
    """Every Python file but copies of somebody else's, sorted by path. A package is called as its folder is."""
    paths = [path for path, entry in overlay.entries.items() if is_source(path) and entry.is_text_candidate]
    tree = PythonTree(paths, roots_of(overlay))
    own = sorted(path for path in paths if FOREIGN.isdisjoint(path.split("/")))
    for path, content in overlay.contents(own):
        role = Role.TEST if is_test(path) else Role.BUILT
        yield Source(path, basename(dirname(path)), role, tuple(_imports(tree, path, content)))


def is_test(path: str) -> bool:
    """Whether pytest would collect a file, or read it for tests."""
    name = basename(path)
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _imports(tree: PythonTree, path: str, content: bytes) -> Iterator[Import]:
    for statement in statements(content):
        folders = {_folder(tree, place) for place, _ in places(tree, path, statement)}
        for folder in sorted(folders):
            yield Import(line_at(content, statement.start), folder)


def _folder(tree: PythonTree, place: str) -> str:
    """The folder of a module; that of a package is its own."""
    return dirname(tree.files[place]) if place in tree.files else place
