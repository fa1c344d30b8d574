"""What `migrate verify` asks about source code of one language. It shares nothing with what rewrites that code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from migrate.engines.module_folder import ModuleFolder


@dataclass(frozen=True)
class Hit:
    """A place in a text that names a path which is gone."""

    start: int
    end: int
    old: str
    """The moved path that it names or stands below."""
    new: str
    """Where that is now; several places, parted by commas, for a folder that was split."""
    reason: str | None = None
    """Why it may stay, as far as the place itself says."""
    doubt: str | None = None
    """Why it may be no path."""


class CodeProof(Protocol):
    """The search for what code still says of old paths, after the moves of one tree."""

    def reads(self, path: str) -> bool:
        """Whether a file must be read though its text may spell no old path as a path."""

    def imports(self, path: str, text: str) -> Iterable[Hit]:
        """The imports of a file that name what moved. Nothing else is searched for at those places."""

    def hits(self, path: str, text: str) -> Iterable[Hit]:
        """Other places that name what moved, in files of any kind: manifests, patterns of packages."""

    def import_at(self, path: str, text: str, position: int) -> str | None:
        """The import path of the import that a position stands in; None where there is no import."""

    def is_built_with(self, home: ModuleFolder, other: ModuleFolder) -> bool:
        """Whether one module is built with another one as it is in this tree, and not with a release of it."""

    def is_in_text(self, path: str, text: str, position: int) -> bool:
        """Whether a position stands in a string that holds a whole text, over several lines."""


class PlainProof:
    """Code whose imports nobody searches for in this way; an engine may begin with it."""

    def reads(self, path: str) -> bool:  # noqa: ARG002
        """No file."""
        return False

    def imports(self, path: str, text: str) -> Iterable[Hit]:  # noqa: ARG002
        """None."""
        return ()

    def hits(self, path: str, text: str) -> Iterable[Hit]:  # noqa: ARG002
        """None."""
        return ()

    def import_at(self, path: str, text: str, position: int) -> str | None:  # noqa: ARG002
        """Nothing is known to be an import."""
        return None

    def is_built_with(self, home: ModuleFolder, other: ModuleFolder) -> bool:  # noqa: ARG002
        """Everything in a tree is built together."""
        return True

    def is_in_text(self, path: str, text: str, position: int) -> bool:  # noqa: ARG002
        """Nothing is known to be one."""
        return False
