"""Which modules and packages a build of one module reaches, over the union of all build configurations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from migrate.golang.header import ImportSpec
from migrate.golang.modules import Module
from migrate.golang.splice import line_at
from migrate.golang.tree import GoTree


class Site(NamedTuple):
    """Where something is imported: a file and the offset of the path literal in it."""

    path: str
    offset: int


@dataclass(frozen=True)
class Reach:
    """What the packages and tests of a module import, one through the other; each with the first place that does."""

    local: dict[str, Site] = field(default_factory=dict)
    """Other modules of the tree, by their folders."""
    foreign: dict[str, Site] = field(default_factory=dict)
    """Import paths that belong to no module of the tree, the standard library's among them."""
    hidden: dict[str, Site] = field(default_factory=dict)
    """Import paths of modules of the tree that this module takes published versions of."""
    own: set[str] = field(default_factory=set)
    """What the module's own files import: folders of modules and foreign import paths."""


@dataclass(frozen=True)
class Importers:
    """The imports of every package of a tree, read once for the reach of all its modules."""

    tree: GoTree

    def reach(self, user: Module) -> Reach:
        """What a build and the tests of all packages of a module need."""
        modules = self.tree.modules
        found = Reach()
        waiting = list(self._built.get(user.folder, ()))
        seen = set(waiting)
        while waiting:
            folder = waiting.pop()
            is_own = self._module_of[folder] == user.folder
            for imported, site in self._imports(folder, with_tests=is_own):
                target = modules.seen_from(user, imported)
                if target is None:
                    kind = found.foreign if modules.folder(imported) is None else found.hidden
                    kind.setdefault(imported, site)
                    name = imported
                else:
                    used = modules.of(target)
                    assert used is not None, "an import path belongs to a module"
                    name = used.folder
                    if name != user.folder:
                        found.local.setdefault(name, site)
                    if target in self._module_of and target not in seen:
                        seen.add(target)
                        waiting.append(target)
                if is_own:
                    found.own.add(name)
        return found

    def specs(self, path: str) -> Sequence[ImportSpec]:
        """The imports of a file, when it is ever built."""
        header = self.tree.header(path)
        return () if header is None or header.is_ignored else [spec for spec in header.imports if spec.path != "C"]

    def line(self, site: Site) -> str:
        """`path:line` of a place."""
        return f"{site.path}:{line_at(self.tree.content(site.path), site.offset)}"

    def _imports(self, folder: str, *, with_tests: bool) -> Iterator[tuple[str, Site]]:
        for is_test in (False, True) if with_tests else (False,):
            yield from self._by_folder[folder][is_test].items()

    @cached_property
    def _by_folder(self) -> Mapping[str, tuple[dict[str, Site], dict[str, Site]]]:
        """The imports of each folder's files, and those of its tests."""
        self.tree.preload(self.tree.files)
        found = {}
        for folder, files in self.tree.folders.items():
            imports: tuple[dict[str, Site], dict[str, Site]] = ({}, {})
            for path in files:
                for spec in self.specs(path):
                    imports[path.endswith("_test.go")].setdefault(spec.path, Site(path, spec.start))
            found[folder] = imports
        return found

    @cached_property
    def _module_of(self) -> Mapping[str, str]:
        """The folder of the module that each folder with Go files belongs to."""
        modules = {folder: self.tree.modules.of(folder) for folder in self.tree.folders}
        return {folder: module.folder for folder, module in modules.items() if module is not None}

    @cached_property
    def _built(self) -> Mapping[str, list[str]]:
        """The folders that `./...` means in each module, by the module's folder."""
        found: dict[str, list[str]] = {}
        for folder, module in self._module_of.items():
            below = folder[len(module) :].strip("/").split("/")
            if not any(part == "testdata" or part.startswith(("_", ".")) for part in below):
                found.setdefault(module, []).append(folder)
        return found
