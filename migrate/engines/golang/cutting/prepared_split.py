"""A tree in which declarations that move have files of their own, and where each of their lines comes from."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field

from migrate.engines.golang.requests import Request
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Note
from migrate.errors import MigrateError


@dataclass
class PreparedSplit:
    """A tree in which every declaration that leaves its file has a file of its own, and requests that move files."""

    tree: GoTree
    requests: list[Request]
    created: dict[str, str] = field(default_factory=dict)
    """For each file of `tree` that is not in the repository, the file from which it was cut."""
    joins: dict[str, str] = field(default_factory=dict)
    """The files that are joined to others at the end, by their new paths."""
    origins: dict[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    """For each file that was cut: its original file, and the original number of each of its lines."""
    notes: list[Note] = field(default_factory=list)

    changed: set[str] = field(default_factory=set)
    """The files of `tree` that have another content than in the repository."""

    def in_terms_of_the_repository(self, text: str) -> str:
        """A message with the files and lines of the repository instead of those of files that were cut."""
        for path, (origin, lines) in self.origins.items():

            def place(found: re.Match[str], origin: str = origin, lines: Sequence[int] = lines) -> str:
                number = int(found[1] or 0)
                line = lines[number - 1] if 0 < number <= len(lines) else 0
                return f"{origin}:{line}" if line else origin

            text = re.sub(rf"(?<![\w/.~-]){re.escape(path)}(?![\w/.~-])(?::(\d+))?", place, text)
        return text

    def update(self, contents: Mapping[str, bytes]) -> None:
        """Give files of the tree other contents."""
        if contents:
            self.tree = self.tree.rewritten(self.tree.stored(contents.items()))
            self.changed |= contents.keys()

    def explained(self, error: MigrateError) -> MigrateError:
        """The same refusal in terms of the repository."""
        explained = copy(error)
        explained.message = self.in_terms_of_the_repository(error.message)
        explained.advice = None if error.advice is None else self.in_terms_of_the_repository(error.advice)
        return explained
