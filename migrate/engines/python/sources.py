"""Every Python file of a tree, summarised: its role, and what it imports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname

from migrate.engines.base import FileRole, SourceImport, SourceSummary
from migrate.engines.python.graph import source_places
from migrate.engines.python.header import import_statements
from migrate.engines.python.places import is_python_source
from migrate.engines.python.roots import roots_of
from migrate.engines.python.tree import PythonTree
from migrate.engines.splice import line_number_at
from migrate.tree.overlay import Overlay

FOREIGN = frozenset({"vendor", "node_modules", "third_party", "site-packages"})
"""Folders with copies of somebody else's code."""


def python_sources(overlay: Overlay) -> Iterator[SourceSummary]:
    """Every Python file except copies of other people's code, sorted by path. A package has the name of its folder."""
    paths = [path for path, entry in overlay.entries.items() if is_python_source(path) and entry.is_text_candidate]
    tree = PythonTree(paths, roots_of(overlay))
    own = sorted(path for path in paths if FOREIGN.isdisjoint(path.split("/")))
    for path, content in overlay.contents(own):
        role = FileRole.TEST if is_python_test(path) else FileRole.BUILT
        yield SourceSummary(path, basename(dirname(path)), role, tuple(_python_imports(tree, path, content)))


def is_python_test(path: str) -> bool:
    """Whether pytest would collect a file, or load it for tests."""
    name = basename(path)
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py"


def _python_imports(tree: PythonTree, path: str, content: bytes) -> Iterator[SourceImport]:
    for statement in import_statements(content):
        folders = {_module_folder(tree, place) for place, _ in source_places(tree, path, statement)}
        for folder in sorted(folders):
            yield SourceImport(line_number_at(content, statement.start), folder)


def _module_folder(tree: PythonTree, place: str) -> str:
    """The folder of a module; that of a package is its own."""
    return dirname(tree.files[place]) if place in tree.files else place
