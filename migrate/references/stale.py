"""References to moved paths that are left in a tree: each with where it is, or why it may stay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname, join, normpath

from migrate.git.objects import SYMLINK
from migrate.moves import MoveMap
from migrate.overlay import Overlay
from migrate.paths import is_under, parents
from migrate.references.formats import format_of
from migrate.references.modules import modules_of
from migrate.references.roots import image_roots
from migrate.references.scope import decoded, history, is_binary, is_third_party
from migrate.references.search import Place, Search
from migrate.workspace import matches

@dataclass(frozen=True)
class Allowed:
    """A stale reference that the plan allows: in files that match `files`, on lines that hold `text`, for a reason."""

    files: str
    text: str | None
    reason: str

    def covers(self, path: str, line: str) -> bool:
        """Whether this allows a reference on a line of a file."""
        return (self.text is None or self.text in line) and matches(path, [self.files])


@dataclass(frozen=True)
class Stale:
    """One reference to a path that is gone; `line` and `column` count from 1."""

    path: str
    line: int
    column: int
    text: str
    """The whole line."""
    old: str
    """The moved path that it names or stands below."""
    now: str
    """Where that is now; several places, parted by commas, for a folder that was split."""
    kind: str
    """The kind of file."""
    reason: str | None
    """Why it may stay, or None when it must be mended."""
