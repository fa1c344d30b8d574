"""Finds what a Go or assembly file names by import path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from migrate.engines.golang.directives import assembly_symbols, linknames
from migrate.engines.golang.tree import GoTree


class ReferenceVerb(NamedTuple):
    """A place in a file that names an import path: `verb` says how, `start` counts bytes."""

    verb: str
    path: str
    start: int


class PackageReference(NamedTuple):
    """The same, and the folder of the tree that the path means."""

    verb: str
    path: str
    folder: str
    start: int


def package_references(tree: GoTree, path: str) -> Iterator[PackageReference]:
    """The imports, linknames and symbols of a file that mean a folder of the tree, even if that is empty."""
    if path.endswith(".go"):
        for spec, folder in tree.local_imports(path):
            if folder is not None:
                yield PackageReference("imports", spec.path, folder, spec.start)
    for verb, imported, start in _symbols(tree, path):
        folder = tree.modules.folder(imported)
        if folder is not None:
            yield PackageReference(verb, imported, folder, start)


def unknown_references(tree: GoTree, path: str) -> Iterator[ReferenceVerb]:
    """The imports, linknames and symbols of a file whose paths no module of the tree has."""
    imports = tree.local_imports(path) if path.endswith(".go") else ()
    named = [ReferenceVerb("imports", spec.path, spec.start) for spec, folder in imports if folder is None]
    yield from (each for each in (*named, *_symbols(tree, path)) if tree.modules.folder(each.path) is None)


def _symbols(tree: GoTree, path: str) -> Iterator[ReferenceVerb]:
    content = tree.content(path)
    if path.endswith(".s"):
        yield from (ReferenceVerb("has a symbol of", each.path, each.start) for each in assembly_symbols(content))
    else:
        yield from (ReferenceVerb("has a linkname of", each.path, each.start) for each in linknames(content))
