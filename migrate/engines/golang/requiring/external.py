"""Adds requirements of outside modules for packages that move to another module.

They get the version and the hashes from the package's old module. The tree does not say which other modules they need.
So everything that a build of the old module needed is added as `// indirect`, and `go mod tidy` drops the rest. With
less, go says that `go.mod` needs updates, and builds nothing.
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from migrate.engines.golang.modules import GoModule, GoModules
from migrate.engines.golang.refusal import Refusal
from migrate.engines.golang.requiring.gomod import Manifest, Requirement
from migrate.engines.golang.requiring.gomod_changes import GoModChanges
from migrate.engines.golang.requiring.reach import BuildReach, Importers, Site
from migrate.engines.golang.requiring.versions import semver


class Outside:
    """Adds to modules the requirements for outside packages that they reach now."""

    def __init__(self, changes: GoModChanges, importers: Importers, refusal: Refusal) -> None:
        self._changes = changes
        self._importers = importers
        self._refusal = refusal
        self.notes: list[str] = []

    def bind(self, user: GoModule, reach: BuildReach, new: Mapping[str, Site]) -> None:
        """Let a module require the modules of the import paths `new`; each is first imported at its site."""
        origins: dict[str, GoModule] = {}
        for path, site in sorted(new.items()):
            origin = self._changes.origin(site.path)
            wanted = self._changes.old_manifest(origin).owner(path)
            if wanted is None:
                self._check_known(user, origin, path, site)
                continue
            origins[origin.folder] = origin
            if self._is_together(user, origin) or self._is_alike(user, origin, wanted.path):
                self._require(user, origin, wanted._replace(indirect=path not in reach.own))
            else:
                self._refusal.add(
                    f'{self._importers.line(site)} imports "{path}", which {origin.manifest} replaces and '
                    f"{user.manifest} does not",
                    f"first give {user.manifest} the same replace",
                )
        for origin in origins.values():
            self._require_all(user, origin)

    def _check_known(self, user: GoModule, origin: GoModule, path: str, site: Site) -> None:
        """Note an import whose version is in no file, because only the plan knows the module that it came from."""
        is_standard = "." not in path.partition("/")[0]
        if not (origin.manifest or is_standard or self._changes.manifest(user).owner(path)):
            self.notes.append(
                f'{self._importers.line(site)} imports "{path}", and nothing says which version {user.manifest} must '
                f'require: ws.run("go", "-C", "{user.folder or "."}", "mod", "tidy") finds one'
            )

    def _require_all(self, user: GoModule, origin: GoModule) -> None:
        """Add what the outside modules may need, as far as a build of `origin` needed it."""
        ours = {module.path for module in self._changes.modules}
        manifest, checksums = self._changes.old_manifest(origin), self._changes.old_checksums(origin)
        taken = []
        for wanted in manifest.requirements.values():
            was_built = all(checksums.has_code(*key) for key in _hashed(manifest, wanted))
            if wanted.path not in ours and was_built and self._is_alike(user, origin, wanted.path):
                taken.append(self._require(user, origin, wanted._replace(indirect=True)))
        if any(taken):
            folder = user.folder or "."
            self.notes.append(
                f"{user.manifest} gets all that {origin.manifest} requires, because the tree does not say what is "
                f'needed; ws.run("go", "-C", "{folder}", "mod", "tidy") drops the rest'
            )

    def _require(self, user: GoModule, origin: GoModule, wanted: Requirement) -> bool:
        """Add a requirement; returns whether it is new. A module keeps the version that it has."""
        present = self._changes.requirement(user, wanted.path)
        if present is None:
            keys = _hashed(self._changes.old_manifest(origin), wanted)
            checksums = self._changes.old_checksums(origin)
            lines = [line for key in keys for line in checksums.of_module(*key)]
            if keys and not lines:
                self.notes.append(f"no go.sum has the hashes of {wanted.path} {wanted.version} for {user.manifest}")
            self._changes.change(user, wanted, lines)
            return True
        if semver(present.version) < semver(wanted.version):
            self.notes.append(
                f"{user.manifest} keeps {wanted.path} {present.version}, older than {wanted.version} of "
                f"{origin.manifest}"
            )
        if present.indirect and not wanted.indirect:
            self._changes.change(user, present._replace(indirect=False))
        return False

    def _is_alike(self, user: GoModule, origin: GoModule, path: str) -> bool:
        """Whether both modules replace a third one alike, or neither does."""
        theirs = _replacement(self._changes.old_manifest(origin), origin, path)
        return theirs == _replacement(self._changes.manifest(user), user, path)

    def _is_together(self, user: GoModule, origin: GoModule) -> bool:
        """Whether one go.work uses both modules: then replacements of one apply to the other."""
        modules: GoModules = self._importers.tree.modules
        both = {user.folder, self._changes.moved(origin).folder}
        return any(both <= work.used for work in modules.workspaces.values())


def _replacement(manifest: Manifest, module: GoModule, path: str) -> tuple[str, str] | None:
    """A module's replacement for another one: the replaced version, and a folder of the tree or a module."""
    found = manifest.replacements.get(path)
    if found is None:
        return None
    is_folder = found.target.startswith(".")
    return found.version, posixpath.normpath(posixpath.join(module.folder, found.target)) if is_folder else found.target


def _hashed(manifest: Manifest, wanted: Requirement) -> list[tuple[str, str]]:
    """The path and version under which `go.sum` has a requirement: none for a folder, the other one when replaced."""
    found = manifest.replacements.get(wanted.path)
    if found is None or found.version not in ("", wanted.version):
        return [(wanted.path, wanted.version)]
    path, _, version = found.target.partition(" ")
    return [(path, version)] if version else []
