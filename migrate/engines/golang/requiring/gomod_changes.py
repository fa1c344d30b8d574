"""Collects the new requirements of modules until all of them are known."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache

from migrate.engines.golang.modules import GoModule
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requiring.gomod import Manifest, Requirement
from migrate.engines.golang.requiring.gosum import Checksums, with_checksums
from migrate.engines.golang.requiring.versions import semver
from migrate.engines.golang.tree import GoTree
from migrate.git.paths import folder_of
from migrate.text import decode, encode


class GoModChanges:
    """The `go.mod` and `go.sum` files of the tree after a map, with the changes so far.

    `result` is that tree, `old` modules are those of the tree before.
    """

    def __init__(self, plan: GoPlan, result: GoTree) -> None:
        self._plan = plan
        self._result = result
        self._changes: dict[str, dict[str, Requirement]] = {}
        self._hashes: dict[str, list[str]] = {}

    @cached_property
    def modules(self) -> list[GoModule]:
        """Every module after the map, in a fixed order."""
        return [module for _, module in sorted(self._result.modules.by_folder.items())]

    def moved(self, old: GoModule) -> GoModule:
        """The same module after the map."""
        folder = posixpath.dirname(self._plan.place(old.manifest)) if old.manifest else old.folder
        return self._result.modules.by_folder[folder]

    def origin(self, path: str) -> GoModule:
        """The module that a file of the tree after the map was in before."""
        module = self._plan.before.modules.of(folder_of(self._came_from.get(path, path)))
        assert module is not None, "only files in modules are asked for"
        return module

    @cached_property
    def _came_from(self) -> Mapping[str, str]:
        return {new: old for old, new in self._plan.files.items()}

    def manifest(self, module: GoModule) -> Manifest:
        """A `go.mod` after the map, without the changes."""
        return _read(_text_in_tree(self._result, module.manifest))

    def old_manifest(self, old: GoModule) -> Manifest:
        """A `go.mod` before the map."""
        return _read(_text_in_tree(self._plan.before, old.manifest))

    def old_checksums(self, old: GoModule) -> Checksums:
        """The hashes that builds of a module had before the map."""
        tree = self._plan.before
        works = [folder for folder, work in tree.modules.workspaces.items() if old.folder in work.used]
        # A file that serves as go.mod has its hashes in a file with its own name (go help build, -modfile).
        own = old.manifest.removesuffix(".mod") + ".sum"
        sums = [own, *(posixpath.join(folder, "go.work.sum") for folder in works)]
        return Checksums.of(*(_text_in_tree(tree, path) for path in sums))

    def requirement(self, module: GoModule, path: str) -> Requirement | None:
        """What a module requires of another one, with the changes so far."""
        return self._changes.get(module.folder, {}).get(path) or self.manifest(module).requirements.get(path)

    def change(self, module: GoModule, wanted: Requirement, hashes: Iterable[str] = ()) -> None:
        """Give a module a requirement, and its `go.sum` some lines."""
        self._changes.setdefault(module.folder, {})[wanted.path] = wanted
        self._hashes.setdefault(module.folder, []).extend(hashes)

    def too_low(self, module: GoModule, used: Iterable[str]) -> tuple[str, Requirement] | None:
        """A change of a module (by its folder) in `used` that leaves `module` requiring less than what it uses."""
        for folder in used:
            for wanted in self._changes.get(folder, {}).values():
                present = self.requirement(module, wanted.path)
                if present is not None and semver(present.version) < semver(wanted.version):
                    return folder, present._replace(version=wanted.version)
        return None

    def hashes(self, folder: str, wanted: Requirement) -> list[str]:
        """The lines of one requirement that the `go.sum` in a folder gets."""
        return Checksums.of(*self._hashes.get(folder, ())).of_module(wanted.path, wanted.version)

    def files(self) -> dict[str, bytes]:
        """The new content of every `go.mod` and `go.sum` that changes."""
        found = {}
        for folder, changes in self._changes.items():
            module = self._result.modules.by_folder[folder]
            manifest = self.manifest(module)
            for wanted in changes.values():
                manifest = manifest.requiring(wanted)
            found[module.manifest] = encode(manifest.source)
            if lines := self._hashes.get(folder):
                path = module.manifest.removesuffix(".mod") + ".sum"
                found[path] = encode(with_checksums(_text_in_tree(self._result, path), lines))
        return found


@lru_cache(maxsize=1024)
def _read(source: str) -> Manifest:
    return Manifest(source)


def _text_in_tree(tree: GoTree, path: str) -> str:
    return decode(tree.content(path)) if path in tree.entries else ""
