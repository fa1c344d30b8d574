"""Names that a Go file may give to an import."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from migrate.engines.golang.declarations import declarations
from migrate.engines.golang.header import Header, ImportSite, ImportSpec
from migrate.engines.golang.package_names import is_package_name
from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of
from migrate.text import encode

_VERSION = re.compile(r"v\d+")
_NOT_IN_NAMES = re.compile(r"\W")


def implied_names(tree: GoTree, path: str) -> set[str]:
    """The possible names of an import that states none: the package's own, or every usual reading of the path."""
    folder = tree.modules.folder(path)
    known = None if folder is None else tree.package_name(folder)
    return {known} if known is not None else usual_names(path)


def usual_names(path: str) -> set[str]:
    """The names that a package of an import path usually has."""
    parts = path.split("/")
    if len(parts) > 1 and _VERSION.fullmatch(parts[-1]):
        parts.pop()
    base = re.sub(r"\.v\d+$", "", parts[-1])
    return {base, base.removeprefix("go-"), base.removesuffix("-go"), base.removesuffix(".go"), base.rpartition("-")[2]}


def why_taken(
    tree: GoTree,
    site: ImportSite,
    name: str,
    offsets: Collection[int],
    fixed: Collection[ImportSpec] | None = None,
) -> str | None:
    """Why an import cannot get `name` in a file with its qualifier at `offsets`; None when it can.

    `tree` holds the file among the files of its package. `fixed` are the imports that keep their names, all others of
    the file unless it is given.
    """
    path, header, own = site
    scopes = tree.scopes(path)
    shadowed = scopes.binds(name, offsets)
    if shadowed:
        line = scopes.content.count(b"\n", 0, shadowed[0]) + 1
        return f"{path}:{line} has a local {name}"
    others = [spec for spec in header.imports if spec != own]
    called = [spec for spec in others if name in ({spec.name} if spec.name else implied_names(tree, spec.path))]
    for spec in called:
        if fixed is None or spec in fixed:
            return f'{path} imports "{spec.path}" as {name}'
    # The import that has this name now gets another one, too.
    for use in () if called else scopes.free({name}):
        if use.selected or not use.may_be_field:
            return f"{path}:{use.line} uses another {name}"
    for file, line in _package_level(tree, path, header, name):
        return f"{file}:{line} declares {name}"
    return None


def _package_level(tree: GoTree, path: str, header: Header, name: str) -> Iterator[tuple[str, int]]:
    """The place where the package of a file declares a name: no import may have such a name."""
    # Parsing costs milliseconds, so only files are parsed in which the name begins a line or follows a keyword.
    line = rb"^(?:[ \t]*(?:[\w\x80-\xff]+,[ \t]*)*|.*\b(?:func|var|const|type)\b.*[^\w.\x80-\xff])"
    word = re.compile(line + re.escape(encode(name)) + rb"(?![\w\x80-\xff])", re.MULTILINE)
    for file in tree.folders[folder_of(path)]:
        sibling = tree.header(file)
        if sibling is not None and sibling.package == header.package and word.search(tree.content(file)):
            for declaration in declarations(tree.syntax(file)):
                if declaration.name == name and not declaration.receiver:
                    yield file, declaration.line


def aliases_for(name: str, folder: str) -> Iterator[str]:
    """Names for an import of a package, best first: its own, its folder's, with its parent folder's, numbered."""
    yield name
    above, _, base = folder.rpartition("/")
    own, parent = (_NOT_IN_NAMES.sub("", part).lower() for part in (base, above.rpartition("/")[2]))
    if own != name and is_package_name(own) and not _VERSION.fullmatch(own):
        yield own
    long = name if not parent or parent[0].isdigit() or parent == name else parent + name
    if long != name:
        yield long
    number = 2
    while True:
        yield f"{long}{number}"
        number += 1
