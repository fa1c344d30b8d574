"""What a Go or assembly file names by its import path."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from migrate.golang.directives import assembly_symbols, linknames
from migrate.golang.tree import GoTree


class Mention(NamedTuple):
    """A place in a file that names a package: `verb` says how, `start` counts bytes.

    `folder` is None where the import path belongs to no module of the tree.
    """

    verb: str
    path: str
    folder: str | None
    start: int


def mentions(tree: GoTree, path: str) -> Iterator[Mention]:
    """The imports, linknames and symbols of a file, except imports of a published version of a module of the tree."""
    content = tree.content(path)
    if path.endswith(".s"):
        for symbol in assembly_symbols(content):
            yield Mention("has a symbol of", symbol.path, tree.modules.folder(symbol.path), symbol.start)
        return
    for spec, folder in tree.local_imports(path):
        if folder is not None or tree.modules.folder(spec.path) is None:
            yield Mention("imports", spec.path, folder, spec.start)
    for symbol in linknames(content):
        yield Mention("has a linkname of", symbol.path, tree.modules.folder(symbol.path), symbol.start)
