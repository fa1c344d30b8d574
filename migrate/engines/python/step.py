"""One map of moves, and the names of modules before and after it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from posixpath import basename, dirname, normpath, relpath

from migrate.engines.python.definitions import defined_names, listed
from migrate.engines.python.places import (
    INIT,
    dotted_name,
    is_module_name,
    is_python_source,
    joined_name,
    packages_above,
    place_of_module,
)
from migrate.engines.python.roots import SourceRoot, is_usual_root
from migrate.engines.python.tree import FoundModule, PythonTree
from migrate.git.paths import is_under
from migrate.tree.moves import MoveMap

_OWN_LOGGER = re.compile(rb"[gG]et_?[lL]ogger\(\s*__name__")


class PythonStep:
    """The tree before and after a map of moves."""

    def __init__(
        self,
        paths: Iterable[str],
        roots: Sequence[SourceRoot],
        moves: MoveMap,
        ghosts: Iterable[str] = (),
        *,
        read: Callable[[str], bytes],
    ) -> None:
        """`ghosts` are old paths at which nothing is left, because their modules moved earlier.

        `read` gives the content of a file before the step.
        """
        self.moves = moves
        self.read = read
        self._ghosts = {old: moves.resolve(old) for old in ghosts}
        sources = [path for path in paths if is_python_source(path)]
        self.before = PythonTree(sources, roots, [place_of_module(old) for old in self._ghosts])
        self.destination = cache(self._destination)
        self.after = PythonTree([moves.resolve(path) for path in sources], self._roots_after())
        self._defined = cache(self._names_defined)
        self.names_logger = cache(self._names_logger)
        self._looked_at: set[str] = set()
        self.moved = self._moved()
        self.tops = self._tops()

    def _destination(self, place: str) -> str:
        """The place of a module afterwards."""
        path = self.before.files.get(place)
        if path is not None:
            return place_of_module(self.moves.resolve(path))
        if not self.before.has(place) and (
            package := next((p for p in packages_above(place) if p in self.before.files), None)
        ):
            # An extension module, or something that a build makes: it moves with its package.
            return self.destination(package) + place[len(package) :]
        ghost = next((old for old in (f"{place}.py", f"{place}.pyi", place) if self.moves.entry(old)), place)
        return place_of_module(self.moves.resolve(ghost))

    def _roots_after(self) -> list[SourceRoot]:
        """The roots afterwards: those that stay, those that moved, and new folders of packages that leave all roots.

        A module that did not move must keep its name, so no folder becomes a root merely because something arrives in
        it.
        """
        found: dict[str, SourceRoot] = {}
        for root in self.before.roots:
            new = self._root_after(root)
            found.setdefault(new, SourceRoot(new, root.reason, root.package))
            found.setdefault(root.folder, root)
        for root in self.before.roots:
            place = self.destination(root.package) if root.package else ""
            if place and not any(folder and is_under(place, folder) for folder in found):
                found.setdefault(dirname(place), SourceRoot(dirname(place), f"it holds {basename(place)}", place))
        inits = {new for old in self.before.sources if basename(new := self.moves.resolve(old)) == f"{INIT}.py"}
        for new in {self.moves.resolve(old) for old in self.before.sources if self.moves.moves(old)}:
            for folder in packages_above(new):
                if is_usual_root(folder) and f"{folder}/{INIT}.py" not in inits and not self.before.has(folder):
                    found.setdefault(folder, SourceRoot(folder, f"{new} comes to it"))
        return list(found.values())

    def _root_after(self, root: SourceRoot) -> str:
        """The place of a root afterwards: it moves with its folder, or with the file that names it."""
        if not root.stated_in or not self.moves.moves(root.stated_in):
            return self.moves.resolve(root.folder)
        there = relpath(f"/{root.folder}", f"/{dirname(root.stated_in)}")
        return normpath(f"/{dirname(self.moves.resolve(root.stated_in))}/{there}").strip("/")

    def _moved(self) -> dict[str, str]:
        """The places of all modules that move."""
        places = [*self.before.files, *self.before.folders, *[place_of_module(old) for old in self._ghosts]]
        return {place: new for place in places if place and (new := self.destination(place)) != place}

    def _tops(self) -> list[str]:
        """The places that move, without those that only follow the package above them."""
        return [
            p
            for p, new in self.moved.items()
            if self.moved.get(dirname(p)) is None or joined_name(self.moved[dirname(p)], basename(p)) != new
        ]

    def defines(self, place: str, name: str) -> bool:
        """Whether a package binds a name to something other than its module of that name."""
        path = self.before.files.get(place)
        return path is not None and name in self._defined(path)

    def _names_logger(self, place: str) -> bool:
        """Whether a module, or one in a package, gives a logger the module's own name."""
        path = self.before.files.get(place)
        if path is not None and _OWN_LOGGER.search(self.read(path)):
            return True
        inside = [each for each in self.before.sources if is_under(each, place)]
        return any(_OWN_LOGGER.search(self.read(each)) for each in inside)

    def _names_defined(self, path: str) -> frozenset[str]:
        return defined_names(self.before, path, self.read(path), self._exported)

    def _exported(self, path: str) -> frozenset[str]:
        """The names that a star import takes from a file; none from a file that is being read already."""
        if path in self._looked_at:
            return frozenset()
        self._looked_at.add(path)
        names = listed(self.read(path))
        found = names if names is not None else self._defined(path)
        self._looked_at.discard(path)
        return found if names is not None else frozenset(name for name in found if not name.startswith("_"))

    def names(self) -> set[str]:
        """The old names of the moved modules, below each root above them."""
        roots = {root.folder for root in self.before.roots}
        found = set()
        for place in self.moved:
            above = dirname(place)
            found.add(dotted_name(place, above))
            while above:
                above = dirname(above)
                if above in roots:
                    found.add(dotted_name(place, above))
        return found

    def spelled(self, found: FoundModule, path: str) -> str | None:
        """The new absolute name of a module in a file; None when the file cannot find it.

        `path` is the file's old path. A name that still leads there stays. A module that was found below its root is
        named from the root of its new place. A module that was found in another way (beside a script, or from the top)
        is found in the same way, if that is possible.
        """
        new = self.destination(found.place)
        now = self.moves.resolve(path)
        there = self.after.find(found.name, now)
        owner = self.after.owner(new)
        if there is not None and there.place == new and self._is_found_alike(found, there.root, path, owner):
            return found.name
        if found.root == self.before.owner(found.place):
            roots = [owner, self.after.base_folder(now)]
        elif found.root == self.before.base_folder(path):
            roots = [self.after.base_folder(now), self.moves.resolve(found.root), owner]
        else:
            roots = [self.moves.resolve(found.root), owner]
        for root in roots:
            name = dotted_name(new, root) if is_under(new, root) and new != root else ""
            if (
                all(map(is_module_name, name.split(".")))
                and (there := self.after.find(name, now)) is not None
                and there.place == new
            ):
                return name
        return None

    def _is_found_alike(self, found: FoundModule, root: str, path: str, owner: str) -> bool:
        """Whether a name leads to the module also when the file is imported, not only when it runs as a script."""
        if root in {found.root, self.moves.resolve(found.root), owner} or not found.root:
            return True
        return found.root != self.before.owner(found.place) or root != self.after.base_folder(self.moves.resolve(path))

    def relative(self, new: str, path: str) -> tuple[int, str] | None:
        """The dots and name by which a file at `path` imports a new place; None when they share no package."""
        folder, level = dirname(path), 1
        top = self.after.owner(joined_name(folder, "_"))
        while folder != top and not is_under(new, folder):
            folder, level = dirname(folder), level + 1
        return None if folder == top else (level, dotted_name(new, folder) if new != folder else "")
