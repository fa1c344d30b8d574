"""Which files of a tree import which, at import time or at all: read from import statements, never by running them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.places import joined_name, place_of_module
from migrate.engines.python.tree import PythonTree
from migrate.git.paths import folder_of, is_under

_OPENER = re.compile(
    rb"(?P<indent>[ \t]*)(?P<word>def|class|async[ \t]+def|if|else|elif|try|except|with|for|while)\b(?P<rest>[^\n]*)"
)


def import_edges(tree: PythonTree, start: Iterable[str], read: Callable[[str], bytes]) -> dict[str, list[str]]:
    """The import graph at import time, as far as some files reach."""
    found: dict[str, list[str]] = {}
    waiting = [path for path in start if path in tree.sources]
    while waiting:
        path = waiting.pop()
        if path not in found:
            found[path] = sorted(at_import_time(tree, path, read(path)))
            waiting += found[path]
    return found


def at_import_time(tree: PythonTree, path: str, content: bytes) -> set[str]:
    """The files that are imported together with a file, other than the packages that contain it."""
    here = place_of_module(path)
    found = set()
    for statement in import_statements(content):
        if is_at_import_time(content, statement.start):
            found |= set(files_of(tree, path, statement))
    return {
        file for file in found if file != path and file.endswith(".py") and not is_under(here, place_of_module(file))
    }


def files_of(tree: PythonTree, path: str, statement: ImportStatement) -> Iterator[str]:
    """The files that a statement imports: modules, and the packages that hold them."""
    for place, root in source_places(tree, path, statement):
        below = place
        while below and below != root:
            if below in tree.files:
                yield tree.files[below]
            below = folder_of(below)


def source_places(tree: PythonTree, path: str, statement: ImportStatement) -> Iterator[tuple[str, str]]:
    """The places of what a statement imports, the module of a from-import first, each with its root."""
    if not statement.is_from:
        for item in statement.items:
            if (found := tree.longest(item.name, path)) is not None:
                yield found.place, found.root
        return
    if (package := package_of(tree, path, statement)) is not None:
        place, root = package
        yield place, root
        yield from ((below, root) for item in statement.items if (below := joined_name(place, item.name)) in tree.files)


def package_of(tree: PythonTree, path: str, statement: ImportStatement) -> tuple[str, str] | None:
    """The place of the module after `from`, with its root; None when it is not in the tree."""
    if statement.level:
        place = tree.relative(path, statement.level, statement.module)
        return (place, tree.owner(place)) if place else None
    found = tree.longest(statement.module, path)
    return (found.place, found.root) if found else None


def is_at_import_time(content: bytes, offset: int) -> bool:
    """Whether a statement runs when its file is imported: not in a function, and not only for type checkers."""
    start = content.rfind(b"\n", 0, offset) + 1
    indent = _indent_width(content[start:offset])
    while indent and start:
        end, start = start - 1, content.rfind(b"\n", 0, start - 1) + 1
        opener = _OPENER.match(content, start, end)
        if opener is None or _indent_width(opener["indent"]) >= indent:
            continue
        indent = _indent_width(opener["indent"])
        if opener["word"].endswith(b"def") or (opener["word"] == b"if" and b"TYPE_CHECKING" in opener["rest"]):
            return False
    return True


def _indent_width(prefix: bytes) -> int:
    text = prefix.expandtabs(8)
    return len(text) - len(text.lstrip(b" "))
