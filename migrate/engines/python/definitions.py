"""The names that a package defines itself, so that they hide its modules of the same names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.places import joined_name, place_of_module
from migrate.engines.python.tree import PythonTree
from migrate.text import decode

DEFINED = re.compile(
    rb"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+)(?P<one>[\w\x80-\xff]+)"
    rb"|^(?P<two>[\w\x80-\xff]+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)
_ALL = re.compile(rb"^__all__[ \t]*(?::[^=\n]+)?\+?=[ \t]*[\[(](?P<names>[^\])]*)[\])]", re.MULTILINE)
_QUOTED = re.compile(r"[\"'](\w+)[\"']")

Names = Callable[[str], frozenset[str]]
"""The names that a file defines, by its path."""


def defined_names(tree: PythonTree, path: str, content: bytes, exported: Names) -> frozenset[str]:
    """The names that a file binds at top level to something other than its submodule of the same name.

    `exported` gives the names that `from … import *` takes from a file.
    """
    names = set(own_names(content))
    for statement in import_statements(content):
        if content[statement.start - 1 : statement.start] in b" \t" and statement.start:
            continue
        if statement.is_star and (source := tree.files.get(_module(tree, path, statement) or "")) not in (None, path):
            names |= exported(str(source))
        for item in statement.items:
            bound = item.alias or item.name.partition(".")[0]
            if _meant(tree, path, statement, item.name if item.alias else bound) != joined_name(
                place_of_module(path), bound
            ):
                names.add(bound)
    return frozenset(names)


def own_names(content: bytes) -> Iterator[str]:
    """The functions, classes and variables at the top level of a file."""
    return (decode(match["one"] or match["two"]) for match in DEFINED.finditer(content))


def listed(content: bytes) -> frozenset[str] | None:
    """The names in the `__all__` of a file; None when there is none, or it is computed."""
    lists = [decode(match["names"]) for match in _ALL.finditer(content)]
    if not lists or any(re.sub(r"#[^\n]*|[\s,]", "", _QUOTED.sub("", each)) for each in lists):
        return None
    return frozenset(name for each in lists for name in _QUOTED.findall(each))


def _meant(tree: PythonTree, path: str, statement: ImportStatement, name: str) -> str | None:
    """The place of what an import binds, if that is, or would be, a module of the tree."""
    if not statement.is_from:
        found = tree.find(name, path)
        return found.place if found else None
    package = _module(tree, path, statement)
    return None if package is None else joined_name(package, name)


def _module(tree: PythonTree, path: str, statement: ImportStatement) -> str | None:
    """The place from which a from-import takes names; None where that is not in the tree."""
    if statement.level:
        return tree.relative(path, statement.level, statement.module)
    found = tree.find(statement.module, path)
    return found.place if found else None
