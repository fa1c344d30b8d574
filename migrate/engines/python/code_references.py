"""How Python code names paths of the tree outside its imports."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.engines.code_references import CodeFile, MovedTree, PlainReferences
from migrate.engines.python.own_folder_paths import python_edits
from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.lexers import HASHES


class PythonReferences(PlainReferences):
    """Python, as `migrate.engines.code_references.CodeReferences` asks for it."""

    literals = HASHES

    def edits(self, file: CodeFile, tree: MovedTree) -> Iterator[ReferenceEdit]:
        """The edits of paths that begin with `Path(__file__)`."""
        return python_edits(file, tree)
