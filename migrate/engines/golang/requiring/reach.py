"""Finds the modules and packages that a build of one module reaches, over the union of all build configurations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.modules import GoModule
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_number_at


class Site(NamedTuple):
    """Where something is imported: a file and the offset of the path literal in it."""

    path: str
    offset: int


class _Place(NamedTuple):
    """A folder that an import path may mean, and the folder of its module."""

    module: str
    folder: str


class _Import(NamedTuple):
    path: str
    site: Site
    places: tuple[_Place, ...]


@dataclass(frozen=True)
class BuildReach:
    """What the packages and tests of a module import, directly or indirectly, each with the first place that does."""

    local: dict[str, Site] = field(default_factory=dict)
    """Other modules of the tree, by their folders."""
    foreign: dict[str, Site] = field(default_factory=dict)
    """Import paths that belong to no module of the tree, the standard library's among them."""
    hidden: dict[str, Site] = field(default_factory=dict)
    """Import paths of modules of the tree of which this module uses published versions."""
    own: set[str] = field(default_factory=set)
    """What the module's own files import: folders of modules and foreign import paths."""


@dataclass(frozen=True)
class Importers:
    """The imports of every package of a tree, read once for the reach of all its modules."""

    tree: GoTree

    def reach(self, user: GoModule) -> BuildReach:
        """What a build and the tests of all packages of a module need."""
        found = BuildReach()
        sees: dict[str, bool] = {}
        waiting = list(self._built.get(user.folder, ()))
        seen = set(waiting)
        while waiting:
            folder = waiting.pop()
            is_own = self._module_of[folder] == user.folder
            for imported in self._imports(folder, with_tests=is_own):
                target = self._seen(user, imported, sees)
                if target is None:
                    kind = found.hidden if imported.places else found.foreign
                    kind.setdefault(imported.path, imported.site)
                elif target.module != user.folder:
                    found.local.setdefault(target.module, imported.site)
                if is_own:
                    found.own.add(imported.path if target is None else target.module)
                if target is not None and target.folder not in seen and target.folder in self._module_of:
                    seen.add(target.folder)
                    waiting.append(target.folder)
        return found

    def _seen(self, user: GoModule, imported: _Import, sees: dict[str, bool]) -> _Place | None:
        """The meaning of an import in a module; `sees` caches which modules it uses from this tree."""
        for place in imported.places:
            if place.module not in sees:
                modules = self.tree.modules
                sees[place.module] = modules.sees(user, modules.by_folder[place.module])
            if sees[place.module]:
                return place
        return None

    def specs(self, path: str) -> Sequence[ImportSpec]:
        """The imports of a file, if any build includes it."""
        header = self.tree.header(path)
        return () if header is None or header.is_ignored else [spec for spec in header.imports if spec.path != "C"]

    def line(self, site: Site) -> str:
        """`path:line` of a place."""
        return f"{site.path}:{line_number_at(self.tree.content(site.path), site.offset)}"

    def _imports(self, folder: str, *, with_tests: bool) -> Sequence[_Import]:
        code, tests = self._by_folder[folder]
        return [*code, *tests] if with_tests else code

    @cached_property
    def _by_folder(self) -> Mapping[str, tuple[list[_Import], list[_Import]]]:
        """The imports of each folder's files, and those of its tests, each path once."""
        self.tree.read_headers()
        found = {}
        places: dict[str, tuple[_Place, ...]] = {}
        for folder, files in self.tree.folders.items():
            imports: tuple[dict[str, _Import], dict[str, _Import]] = ({}, {})
            for path in files:
                for spec in self.specs(path):
                    if spec.path not in places:
                        owners = self.tree.modules.owners(spec.path)
                        places[spec.path] = tuple(_Place(module.folder, folder) for module, folder in owners)
                    kind = imports[path.endswith("_test.go")]
                    kind.setdefault(spec.path, _Import(spec.path, Site(path, spec.start), places[spec.path]))
            found[folder] = (list(imports[False].values()), list(imports[True].values()))
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
