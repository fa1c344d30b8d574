"""The search for what Python code still says of old paths."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.code_proof import Hit, PlainProof
from migrate.engines.old_paths import OldPaths
from migrate.engines.python.proof.imports import PythonImports
from migrate.engines.python.proof.own_folder import chain_hits
from migrate.engines.references.common.scope import is_third_party

ENDINGS = (".py", ".pyi")


@dataclass(frozen=True)
class PythonProof(PlainProof):
    """Python, as `migrate.engines.code_proof.CodeProof` asks for it."""

    old_paths: OldPaths

    @cached_property
    def _imports(self) -> PythonImports | None:
        """The search for imports; None where no module moved."""
        moved = any(path.endswith(ENDINGS) and not is_third_party(path) for path in self.old_paths.moved)
        return PythonImports(self.old_paths) if moved else None

    def reads(self, path: str) -> bool:
        """Whether a file may import a module that moved; it spells dotted names, not paths."""
        return path.endswith(ENDINGS) and self._imports is not None

    def imports(self, path: str, text: str) -> Iterator[Hit]:
        """The imports of a file that name modules which moved."""
        if path.endswith(ENDINGS) and self._imports is not None:
            yield from self._imports.hits(path, text)

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """Chains of `Path(__file__)` that lead elsewhere."""
        return chain_hits(path, text, self.old_paths)
