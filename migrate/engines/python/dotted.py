"""The new form of a dotted name in a text after a step."""

from __future__ import annotations

from migrate.engines.python.places import joined_name
from migrate.engines.python.step import PythonStep
from migrate.engines.python.tree import FoundModule

MAIN = "__main__"


class Dotted:
    """Renames modules, and names inside them, as one file finds them."""

    def __init__(self, step: PythonStep, path: str) -> None:
        self._step = step
        self._path = path

    def renamed(self, name: str) -> str | None:
        """The new name; None for a name that means no module of the tree, the same name when it stays."""
        found = self.module(name)
        if found is None:
            return None
        rest = name[len(found.name) :]
        new = self._step.spelled(found, self._path)
        return None if new is None else new + rest

    def run(self, name: str) -> str | None:
        """The new name for `python -m`. A package runs as its `__main__`, which may move separately."""
        found = self.module(name)
        if found is None or found.name != name or not self._step.before.has(joined_name(found.place, MAIN)):
            return self.renamed(name)
        new = self.renamed(f"{name}.{MAIN}")
        return new.removesuffix(f".{MAIN}") if new is not None else None

    def module(self, name: str) -> FoundModule | None:
        """The module that the longest prefix of a name means, unless a package hides it."""
        target = self._step.before.longest(name, self._path)
        if target is None:
            return None
        root = target.root
        place = root
        for part in target.name.split("."):
            if place != root and self._step.defines(place, part):
                break
            place = joined_name(place, part)
        return FoundModule(root, place)
