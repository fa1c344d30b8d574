"""What `ws.references.update` asks about source code: where the code of one language names paths of the tree.

Imports are no part of it: they are the engine's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.lexers import SLASHES
from migrate.engines.references.common.spans import Span, code_spans


class MovedTree(Protocol):
    """A tree before some moves, and where its paths are now."""

    def existed(self, path: str) -> bool:
        """Whether a path was a file or folder."""

    def destination(self, path: str) -> str | None:
        """Where a path is now; None when nothing moved it."""


class CodeFile(NamedTuple):
    """A file of code: its text, where it stood when its references were right, and where it is now."""

    text: str
    old: str
    new: str


class CodeReferences(Protocol):
    """How code of one language names paths of the tree."""

    @property
    def literals(self) -> re.Pattern[str]:
        """Finds every string and every comment of a text; a comment is in the group `comment`."""

    def spans(self, text: str, path: str) -> Iterable[Span]:
        """How each part of a file is to be read; the parts that the engine itself rewrites are left out."""

    def edits(self, file: CodeFile, tree: MovedTree) -> Iterable[ReferenceEdit]:
        """The edits of paths that the code builds, beyond those that stand in one string."""

    def climbs(self, text: str) -> Iterable[int]:
        """Where calls go from the folder of the file to those above it, so that nobody can say what they lead to."""

    def is_generated(self, text: str) -> bool | None:
        """Whether a program writes the file; None where the language has no rule of its own for that."""


class PlainReferences:
    """Code of which nothing is known but its strings and comments; an engine may begin with it."""

    literals = SLASHES

    def spans(self, text: str, path: str) -> Iterable[Span]:
        """The whole text is code."""
        return code_spans(text, path)

    def edits(self, file: CodeFile, tree: MovedTree) -> Iterable[ReferenceEdit]:  # noqa: ARG002
        """None."""
        return ()

    def climbs(self, text: str) -> Iterable[int]:  # noqa: ARG002
        """None."""
        return ()

    def is_generated(self, text: str) -> bool | None:  # noqa: ARG002
        """Nothing of its own: any file may say so."""
        return None
