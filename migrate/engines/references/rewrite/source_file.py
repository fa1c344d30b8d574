"""A file whose references are rewritten."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from posixpath import dirname, join, normpath, relpath

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.rewrite.context import RewriteContext


@dataclass(frozen=True)
class SourceFile:
    """A file's text, its path when its references were right, and its path now."""

    text: str
    old: str
    new: str
    itself: SourceFile | None = None
    """The file seen from its own folder, if this is the file seen from a folder that it names."""

    @cached_property
    def old_folder(self) -> str:
        """The folder that relative references are written for."""
        return dirname(self.old)

    @cached_property
    def new_folder(self) -> str:
        """The folder that they must be written for."""
        return dirname(self.new)

    def resolve(self, written: str) -> str | None:
        """The path of the tree before that a relative reference names; None when it leads out of the repository."""
        path = normpath(join(self.old_folder, written))
        return None if path.split("/")[0] == ".." or path.startswith("/") else path.removeprefix(".").lstrip("/")

    def relocated(self, written: str, context: RewriteContext, *, unknown: bool = False) -> str | None:
        """The new text of a relative reference; None when it is still right, or names nothing known.

        With `unknown`, a path that is not in the tree counts as well.
        """
        path = self.resolve(written)
        if path is None:
            return None
        destination = context.destination(path)
        if destination is None:
            if self.old_folder == self.new_folder or not (unknown or context.is_known(path) or context.ignored(path)):
                return None
            if path and context.existed(path) and not context.exists_now(path):
                return None  # a folder whose files went to several places
            destination = path
        if normpath(join(self.new_folder, written)) == (destination or "."):
            return None
        new = relpath(destination or ".", self.new_folder or ".")
        return new if new.startswith(".") or not written.startswith(".") else f"./{new}"

    def inside(self, written: str, context: RewriteContext) -> SourceFile | None:
        """The file seen from a folder that it names, counted from its own folder or the top; None if neither exists."""
        for folder in (self.resolve(written), normpath(written)):
            if folder and context.existed(folder):
                return SourceFile(
                    self.text, f"{folder}/.", join(context.moves.resolve(folder), "."), self.itself or self
                )
        return None


def applied(text: str, edits: Iterable[ReferenceEdit]) -> str:
    """The text after edits that do not overlap."""
    pieces = []
    position = 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        pieces += [text[position : edit.start], edit.new]
        position = edit.end
    return "".join([*pieces, text[position:]])
