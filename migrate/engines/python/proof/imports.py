"""Imports of Python that name modules which moved: absolute ones, relative ones, and dotted names in strings."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from posixpath import dirname, join

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.relative import relative_entry

FROM = re.compile(r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]*(\([^)]*\)|(?:\\\r?\n|[^\n#;])*)", re.MULTILINE)
IMPORT = re.compile(r"^[ \t]*import[ \t]+((?:\\\r?\n|[^\n#;])*)", re.MULTILINE)
DOTTED = re.compile(r"(?:^|,)\s*([\w.]+)")
NAME = re.compile(r"(?<![\w.])(?!as\b)([A-Za-z_]\w*)(?:\s+as\s+\w+)?")
PATCHED = re.compile(r"""["']((?:[a-zA-Z_]\w*\.)+\w+)["']""")
TOPS = ("", "src", "lib", "python")
"""Folders from which top-level modules are imported."""
STRING = "a string that is spelled like a module of Python"


class PythonImports:
    """The search for imports of modules that were moved."""

    def __init__(self, old_paths: OldPaths) -> None:
        self._old_paths = old_paths
        self._gone: dict[str, dict[str, str]] = defaultdict(dict)
        """Dotted name → the folders from which it was imported, each with the old path of the module."""
        for old in old_paths.moved.values():
            if old.endswith((".py", ".pyi")):
                self._note(old.rpartition(".")[0].removesuffix("/__init__"))

    def _note(self, module: str) -> None:
        """Note the names of a module, and of the packages that contained it, that no longer exist."""
        parts = module.split("/")
        for first in range(len(parts)):
            root = "/".join(parts[:first])
            if root and self._old_paths.existed(f"{root}/__init__.py"):
                continue
            for last in range(first + 1, len(parts) + 1):
                name = "/".join(parts[first:last])
                old = join(root, name)
                if not self._answers(root, name) and not self._keeps(old, name):
                    self._gone[name.replace("/", ".")][root] = old

    def _answers(self, root: str, name: str) -> bool:
        """Whether a module or package of a name exists in a folder, or where that folder moved."""
        places = {join(root, name), join(self._old_paths.moves.resolve(root), name)}
        return any(self._old_paths.is_there(place) or self._old_paths.is_there(f"{place}.py") for place in places)

    def _keeps(self, old: str, name: str) -> bool:
        """Whether a module or package has the same name at its new place."""
        module = self._old_paths.moves.resolve(f"{old}.py").removesuffix(".py")
        places = {self._old_paths.moves.resolve(old), module}
        there = (
            place for place in places if self._old_paths.is_there(place) or self._old_paths.is_there(f"{place}.py")
        )
        return any(place == name or place.endswith(f"/{name}") for place in there)

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The imports of a file that name modules that moved."""
        for found in FROM.finditer(text) if "from" in text else ():
            yield from self._relative(path, found) if found[1] else self._absolute(path, found)
        for found in IMPORT.finditer(text):
            for name in DOTTED.finditer(found[1]):
                yield from self._named(path, name[1], found.start(1) + name.start(1))
        for found in PATCHED.finditer(text):
            for hit in self._named(path, found[1], found.start(1)):
                if "." in found[1][: hit.end - hit.start]:
                    yield Hit(hit.start, hit.end, hit.old, hit.new, doubt=STRING)

    def _absolute(self, path: str, found: re.Match[str]) -> Iterator[Hit]:
        """The hits of `from a.b import c`: the module, or a module that is imported from a package."""
        whole = list(self._named(path, found[2], found.start(2)))
        yield from whole
        for name in NAME.finditer(found[3]) if not whole else ():
            for hit in self._named(path, f"{found[2]}.{name[1]}", found.start(2)):
                yield Hit(found.start(3) + name.start(1), found.start(3) + name.end(1), hit.old, hit.new)

    def _relative(self, path: str, found: re.Match[str]) -> Iterator[Hit]:
        """The hits of `from ..a import b`: the module, or modules beside it."""
        parent_relative = "./" + "../" * (len(found[1]) - 1)
        if found[2]:
            entry = relative_entry(path, parent_relative + found[2].replace(".", "/"), self._old_paths)
            if entry is not None:
                yield Hit(found.start(1), found.end(2), *entry)
        for name in NAME.finditer(found[3]) if not found[2] else ():
            entry = relative_entry(path, parent_relative + name[1], self._old_paths)
            if entry is not None:
                yield Hit(found.start(3) + name.start(1), found.start(3) + name.end(1), *entry)

    def _named(self, path: str, dotted: str, start: int) -> Iterator[Hit]:
        """The hit of a dotted name: its shortest prefix that moved away."""
        parts = dotted.split(".")
        for count in range(1, len(parts) + 1):
            name = ".".join(parts[:count])
            old = self._old(path, name)
            if old is not None:
                entry = self._old_paths.gone(old) or self._old_paths.gone(f"{old}.py")
                if entry is not None:
                    yield Hit(start, start + len(name), *entry)
                    return

    def _old(self, path: str, name: str) -> str | None:
        """The old path of a module that a file imports; a single name counts only from where programs start."""
        homes = self._gone.get(name, {})
        if "." in name:
            return next(iter(homes.values()), None)
        own = dirname(self._old_paths.moved.get(path, path))
        is_known = name in sys.stdlib_module_names
        return next((old for root, old in homes.items() if root == own or (root in TOPS and not is_known)), None)
