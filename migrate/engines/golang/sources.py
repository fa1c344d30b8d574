"""Every Go file of a tree, summarised: its package, its role, and what it imports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from migrate.engines.base import FileRole, SourceImport, SourceSummary
from migrate.engines.golang.header import Header
from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of


def go_sources(tree: GoTree) -> Iterator[SourceSummary]:
    """Every Go file outside vendor/, sorted by path, over all build configurations. Only headers are read."""
    tree.read_headers()
    name_of = cache(tree.package_name)  # The majority of the files of a folder decides.
    for path in sorted(tree.files):
        header = tree.header(path)
        package = name_of(folder_of(path)) or ""
        if header is None:
            yield SourceSummary(path, package, FileRole.BESIDE, None)
            continue
        is_of_package = not header.is_ignored and header.package == package
        role = FileRole.BESIDE if not is_of_package else FileRole.TEST if path.endswith("_test.go") else FileRole.BUILT
        yield SourceSummary(path, package, role, tuple(_go_imports(tree, path, header)))


def _go_imports(tree: GoTree, path: str, header: Header) -> Iterator[SourceImport]:
    for spec, folder in tree.local_imports(path):
        if folder is not None:
            yield SourceImport(header.line_of(spec), folder)
