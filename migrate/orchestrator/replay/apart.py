"""Changes that touch nothing that is different where they go: they need no merge.

git's merge would find renames first, of files and of whole folders. So a change counts as apart only where none can
play a part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.git.history import TreeChange
from migrate.git.objects import SYMLINK
from migrate.git.paths import check_entry, folders_of_paths, parents


class Elsewhere:
    """What is different between the tree that changes were made on and the tree to which they go."""

    def __init__(self, changes: Iterable[TreeChange]) -> None:
        found = list(changes)
        self._paths = {each.path for each in found}
        self._above = folders_of_paths(self._paths)
        self._losing = folders_of_paths(each.path for each in found if each.status == "D")
        self._gaining = folders_of_paths(each.path for each in found if each.status == "A")

    def is_apart(self, changes: Sequence[TreeChange]) -> bool:
        """Whether a merge would do just these changes: none is at, above or below a path that is different.

        Nor does one add a file to a folder that loses some on the other side, or take one from a folder that gains
        some: git may think that the folder was renamed.
        """
        for each in changes:
            above = parents(each.path)
            if each.path in self._paths or each.path in self._above or not self._paths.isdisjoint(above):
                return False
            if each.status == "A" and not self._losing.isdisjoint(above):
                return False
            if each.status == "D" and not self._gaining.isdisjoint(above):
                return False
        return True


def check_entries(changes: Iterable[TreeChange]) -> None:
    """Raise `PathError` for an entry that git checks out nowhere."""
    for each in changes:
        if each.status != "D":
            check_entry(each.path, is_link=each.new_mode == SYMLINK)
