"""The modules of one tree, and which module a dotted name in a file means.

https://docs.python.org/3/reference/import.html: the first root with a module or a package with `__init__.py`
wins; folders without one are packages only if no root has such a module.
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from posixpath import basename, dirname
from typing import NamedTuple

from migrate.engines.python.places import (
    INIT,
    dotted_name,
    is_python_source,
    joined_name,
    packages_above,
    place_of_module,
)
from migrate.engines.python.roots import SourceRoot
from migrate.git.paths import folders_of_paths, is_under


class FoundModule(NamedTuple):
    """A module: the folder below which it was found, and its place."""

    root: str
    place: str

    @property
    def name(self) -> str:
        """Its dotted name below its root."""
        return dotted_name(self.place, self.root)


class PythonTree:
    """The Python files of a tree, by place."""

    def __init__(self, paths: Collection[str], roots: Sequence[SourceRoot], ghosts: Iterable[str] = ()) -> None:
        """`ghosts` are places that count as modules although nothing is there."""
        self.sources = {path for path in paths if is_python_source(path)}
        self.files: dict[str, str] = {}
        for path in sorted(self.sources, key=_precedence):
            self.files.setdefault(place_of_module(path), path)
        self.folders = folders_of_paths(self.sources)
        self._ghosts = frozenset(ghosts) | folders_of_paths(ghosts)
        self.roots = list(roots)
        self._conftests = {dirname(path) for path in self.sources if basename(path) == "conftest.py"}
        self._below: dict[str, tuple[str, ...]] = {}
        self.find = cache(self._find)
        self.owner = cache(self._owner)

    def has(self, place: str) -> bool:
        """Whether something can be imported from a place."""
        return place in self.files or place in self.folders or place in self._ghosts

    def is_package(self, place: str) -> bool:
        """Whether a place can have modules below it."""
        return place in self.folders and not self._is_module(place)

    def is_regular(self, folder: str) -> bool:
        """Whether a folder is a package with an `__init__.py` of its own."""
        return any(f"{joined_name(folder, INIT)}{ending}" in self.sources for ending in (".py", ".pyi"))

    def search_path(self, path: str) -> tuple[str, ...]:
        """The roots that are searched for the imports of a file, the most likely first.

        These are the folder of a script or of the topmost package above the file, the roots above it, the stated roots,
        and those that only the tree implies.
        """
        folder = dirname(path)
        if folder not in self._below:
            known = {root.folder for root in self.roots}
            near = [each for each in (folder, *packages_above(folder)) if each in known or each in self._conftests]
            first = [self.base_folder(path), *near]
            found = [*first, *(root.folder for root in self.roots)]
            self._below[folder] = tuple(dict.fromkeys(found))
        return self._below[folder]

    def base_folder(self, path: str) -> str:
        """The first folder above a file without an `__init__.py`: where pytest and `python FILE` begin to search."""
        folder = dirname(path)
        while folder and self.is_regular(folder):
            folder = dirname(folder)
        return folder

    def relative(self, path: str, level: int, name: str) -> str | None:
        """The place that `from ..name` in a file means; None where it climbs out of the tree."""
        folder = dirname(path)
        for _ in range(level - 1):
            if not folder:
                return None
            folder = dirname(folder)
        return joined_name(folder, name.replace(".", "/"))

    def name_of(self, path: str) -> str:
        """The dotted name of a file, below the root that owns it."""
        place = place_of_module(path)
        return dotted_name(place, self.owner(place))

    def _find(self, name: str, path: str) -> FoundModule | None:
        """The module that a whole dotted name in a file means; None when it is not in the tree."""
        first, _, _ = name.partition(".")
        portions = []
        known, guessed = {root.folder for root in self.roots}, {root.folder for root in self.roots if root.package}
        for root in self.search_path(path):
            place = joined_name(root, first)
            if not self.has(place) or self._is_hidden_standard(first, root, path):
                continue
            if place in self.files:
                whole = joined_name(root, name.replace(".", "/"))
                if self.has(whole):
                    return FoundModule(root, whole)
                if root not in guessed and (root in known or root != self.base_folder(path)):
                    return None
                # An implied root may really be a namespace package: it hides nothing.
                continue
            portions.append(root)
        for root in portions:
            whole = joined_name(root, name.replace(".", "/"))
            if self.has(whole):
                return FoundModule(root, whole)
        return None

    def longest(self, name: str, path: str) -> FoundModule | None:
        """The module that the longest prefix of a dotted name means."""
        while name:
            if (found := self.find(name, path)) is not None:
                return found
            name = name.rpartition(".")[0]
        return None

    def _is_hidden_standard(self, first: str, root: str, path: str) -> bool:
        """Whether a name is the standard library's: no folder without an `__init__.py` hides that.

        Nor does a root that is not above the file.
        """
        is_found_first = joined_name(root, first) in self.files and is_under(path, root)
        return first in sys.stdlib_module_names and not is_found_first

    def _owner(self, place: str) -> str:
        """The root that owns a place: the nearest one above it."""
        known = {root.folder for root in self.roots}
        return next((folder for folder in packages_above(place) if folder in known), "")

    def _is_module(self, place: str) -> bool:
        return place in self.files and place_of_module(self.files[place]) != dirname(self.files[place])


def _precedence(path: str) -> tuple[bool, bool, str]:
    """A package before a module of its name, and code before its stub."""
    return (not basename(path).startswith(f"{INIT}."), path.endswith(".pyi"), path)
