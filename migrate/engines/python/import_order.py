"""Predicts, from the text of the files, which names are missing when a module is imported first.

A circle of imports is harmless as long as each file needs the other only later. `from shop import cart` fails when shop
is still being imported and has not reached `cart`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from migrate.engines.python.definitions import DEFINED
from migrate.engines.python.graph import files_of, is_at_import_time, source_places
from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.places import joined_name, packages_above, place_of_module
from migrate.engines.python.tree import PythonTree
from migrate.git.paths import is_under
from migrate.text import decode


class Loading:
    """Simulates importing files of a tree. `broken` holds each statement that needs a name too early."""

    def __init__(self, tree: PythonTree, read: Callable[[str], bytes]) -> None:
        self._tree = tree
        self._read = read
        self._facts = cache(self._facts_of)

    def broken(self, first: str) -> set[tuple[str, int, str]]:
        """The file, the offset and the name of each import that fails when `first` is imported before all others."""
        reached: dict[str, int] = {}
        found: set[tuple[str, int, str]] = set()
        for path in self._chain(first):
            if path not in reached:
                self._load(path, reached, found)
        return found

    def _chain(self, path: str) -> list[str]:
        """The packages that are imported before a file, and the file itself."""
        place = place_of_module(path)
        root = self._tree.owner(place)
        packages = [each for each in reversed(packages_above(place)) if is_under(each, root) and each != root]
        return [*(self._tree.files[each] for each in packages if each in self._tree.files), path]

    def _load(self, first: str, reached: dict[str, int], found: set[tuple[str, int, str]]) -> None:
        """Import one file; `reached` says how far each file has run, `found` collects failures."""
        todo: list[tuple[str, int]] = []
        self._begin(first, reached, todo)
        while todo:
            path, number = todo.pop()
            facts, _ = self._facts(path)
            if number == len(facts):
                reached[path] = -1
                continue
            statement, files = facts[number]
            waiting = next((file for file in files if file not in reached), None)
            if waiting is not None:
                todo.append((path, number))
                self._begin(waiting, reached, todo)
                continue
            reached[path] = statement.end
            found |= {(path, statement.start, name) for name in self._absent(path, statement, reached)}
            todo.append((path, number + 1))

    def _begin(self, path: str, reached: dict[str, int], todo: list[tuple[str, int]]) -> None:
        reached[path] = 0
        todo.append((path, 0))

    def _absent(self, path: str, statement: ImportStatement, reached: dict[str, int]) -> list[str]:
        """The names that a from-import needs and that the module has not bound yet."""
        if not statement.is_from:
            return []
        place = next((place for place, _ in source_places(self._tree, path, statement)), None)
        source = self._tree.files.get(place) if place is not None else None
        if source is None or source == path or reached.get(source, -1) < 0:
            return []
        bound = self._facts(source)[1]
        names = [item.name for item in statement.items if not self._tree.has(joined_name(place or "", item.name))]
        return [name for name in names if bound.get(name, -1) > reached[source]]

    def _facts_of(self, path: str) -> tuple[list[tuple[ImportStatement, list[str]]], dict[str, int]]:
        """The statements that run at import time, the files that they import, and where names are first bound."""
        content = self._read(path)
        facts = []
        bound: dict[str, int] = {}
        for statement in import_statements(content):
            if is_at_import_time(content, statement.start):
                # A package is imported before its modules.
                files = sorted(files_of(self._tree, path, statement), key=lambda file: place_of_module(file).count("/"))
                facts.append((statement, [file for file in files if file.endswith(".py")]))
                for item in statement.items:
                    bound.setdefault(item.alias or item.name, statement.start)
        for match in DEFINED.finditer(content):
            name = decode(match["one"] or match["two"])
            bound[name] = min(match.start(), bound.get(name, match.start()))
        return facts, bound
