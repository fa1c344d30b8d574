"""The names that a package defines itself, so that they hide its modules of the same names."""

from __future__ import annotations

import re

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.places import joined_name, place_of_module
from migrate.engines.python.tree import PythonTree

DEFINED = re.compile(
    rb"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+)(?P<one>[\w\x80-\xff]+)"
    rb"|^(?P<two>[\w\x80-\xff]+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


def defined_names(tree: PythonTree, path: str, content: bytes) -> frozenset[str]:
    """The names that a file binds at its top to something else than a module below it of the same name."""
    names = {(match["one"] or match["two"]).decode("utf-8", "surrogateescape") for match in DEFINED.finditer(content)}
    for statement in import_statements(content):
        if content[statement.start - 1 : statement.start] in b" \t" and statement.start:
            continue
        for item in statement.items:
            bound = item.alias or item.name.partition(".")[0]
            if _meant(tree, path, statement, item.name if item.alias else bound) != joined_name(
                place_of_module(path), bound
            ):
                names.add(bound)
    return frozenset(names)


def _meant(tree: PythonTree, path: str, statement: ImportStatement, name: str) -> str | None:
    """The place of what an import binds where that is a module of the tree, or would be one."""
    if not statement.is_from:
        found = tree.find(name, path)
        return found.place if found else None
    if statement.level:
        package = tree.relative(path, statement.level, statement.module)
    else:
        found = tree.find(statement.module, path)
        package = found.place if found else None
    return None if package is None else joined_name(package, name)
