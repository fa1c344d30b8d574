"""Every Go file of a tree as other rooms look at it: its package, its role, and what it imports of the program."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from migrate.engines.base import Import, Role, Source
from migrate.engines.golang.header import Header
from migrate.engines.golang.tree import GoTree


def sources(tree: GoTree) -> Iterator[Source]:
    """Every Go file outside vendor/, sorted by path, over all build configurations. Nothing but headers is read."""
    tree.read_headers()
    name_of = cache(tree.package_name)  # All files of a folder vote on it.
    for path in sorted(tree.files):
        header = tree.header(path)
        package = name_of(path.rpartition("/")[0]) or ""
        if header is None:
            yield Source(path, package, Role.BESIDE, None)
            continue
        is_of_package = not header.is_ignored and header.package == package
        role = Role.BESIDE if not is_of_package else Role.TEST if path.endswith("_test.go") else Role.BUILT
        yield Source(path, package, role, tuple(_imports(tree, path, header)))


def _imports(tree: GoTree, path: str, header: Header) -> Iterator[Import]:
    for spec, folder in tree.local_imports(path):
        if folder is not None:
            yield Import(header.line_of(spec), folder)
