"""Every Go file of a tree as other rooms look at it: its package, its role, and what it imports of the program."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.engines.base import Import, Role, Source
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_at


def sources(tree: GoTree) -> Iterator[Source]:
    """Every Go file outside vendor/, sorted by path, over all build configurations."""
    tree.read_headers()
    for path in sorted(tree.files):
        header = tree.header(path)
        package = tree.package_name(path.rpartition("/")[0]) or ""
        if header is None:
            yield Source(path, package, Role.BESIDE, None)
            continue
        is_of_package = not header.is_ignored and header.package == package
        role = Role.BESIDE if not is_of_package else Role.TEST if path.endswith("_test.go") else Role.BUILT
        yield Source(path, package, role, tuple(_imports(tree, path)))


def _imports(tree: GoTree, path: str) -> Iterator[Import]:
    for spec, folder in tree.local_imports(path):
        if folder is not None:
            yield Import(line_at(tree.content(path), spec.start), folder)
