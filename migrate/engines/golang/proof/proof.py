"""The search for what Go code still says of old paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from migrate.engines.code_proof import Hit, PlainProof
from migrate.engines.golang.proof.imports import import_spec, in_raw_string
from migrate.engines.golang.proof.manifests import is_built_with, manifest_hits
from migrate.engines.golang.proof.package_patterns import package_hits
from migrate.engines.golang.proof.undeclared_imports import unnamed_hits
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.old_paths import OldPaths


@dataclass(frozen=True)
class GoProof(PlainProof):
    """Go, as `migrate.engines.code_proof.CodeProof` asks for it."""

    old_paths: OldPaths
    modules: tuple[ModuleFolder, ...]

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """Folders in manifests, imports of a tree without a manifest, and patterns of packages."""
        yield from manifest_hits(path, text, self.old_paths)
        yield from unnamed_hits(path, text, self.old_paths, self.modules)
        yield from package_hits(path, text, self.old_paths, self.modules)

    def import_at(self, path: str, text: str, position: int) -> str | None:
        """The import path of the declaration that a position stands in."""
        return import_spec(path, text, position)

    def is_built_with(self, home: ModuleFolder, other: ModuleFolder) -> bool:
        """Whether a `replace` or a workspace says so."""
        return is_built_with(home, other, self.old_paths)

    def is_in_text(self, path: str, text: str, position: int) -> bool:  # noqa: ARG002
        """Whether it stands between back quotes."""
        return in_raw_string(text, position)
