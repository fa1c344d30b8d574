"""Where paths were and where they are: the trees before and after, and the map between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from migrate.engines.module_folder import ModuleFolder
from migrate.engines.references.common.image_folders import image_work_folders
from migrate.engines.references.common.modules import modules_of
from migrate.engines.references.common.scope import omitted_endings
from migrate.engines.references.rewrite.hosts import HostIdentity
from migrate.engines.references.rewrite.labels import labels_of
from migrate.engines.references.rewrite.prefixes import Surroundings
from migrate.engines.references.rewrite.routes import routes_in
from migrate.engines.registry import has_packages
from migrate.git.objects import TreeEntry
from migrate.git.paths import folder_of, folders_of_paths, is_under, parents
from migrate.tree.gitignore import Gitignore
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class RewriteContext:
    """Everything that is needed to decide about one reference."""

    moves: MoveMap
    before: Mapping[str, TreeEntry]
    """The tree in which every reference was right."""
    modules_before: tuple[ModuleFolder, ...]
    modules_after: tuple[ModuleFolder, ...]
    surroundings: Surroundings
    """The facts for reading what precedes a path."""
    after: Mapping[str, TreeEntry] = field(default_factory=dict)
    """The tree that is rewritten."""
    is_route: Callable[[str], bool] = lambda _: False
    """Whether code of the tree names a path as the route of a server."""
    ignored: Callable[[str], bool] = lambda _: False
    """Whether git ignores a path of the tree before: files that a build leaves there belong to the folder."""

    @classmethod
    def of(cls, overlay: Overlay, before: Mapping[str, TreeEntry], moves: MoveMap) -> RewriteContext:
        """The context for a tree that `moves` made out of `before`."""
        modules = modules_of(overlay, before)
        old_paths = overlay.before()
        old_paths.entries = dict(before)
        ignore = Gitignore(old_paths)
        return cls(
            moves=moves,
            before=before,
            modules_before=modules,
            modules_after=modules_of(overlay, overlay.entries),
            surroundings=Surroundings(
                modules,
                HostIdentity.of(overlay, before, modules),
                image_work_folders(overlay),
                labels_of(overlay, before),
            ),
            after=overlay.entries,
            is_route=routes_in(overlay),
            ignored=lambda path: is_build_output(ignore, path),
        )

    @cached_property
    def folders(self) -> frozenset[str]:
        """The folders of the tree before."""
        return frozenset(folders_of_paths(self.before) - {""})

    @cached_property
    def by_name(self) -> Mapping[str, list[str]]:
        """The files of the tree before by their names."""
        found: dict[str, list[str]] = {}
        for path in self.before:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def named(self, path: str) -> list[str]:
        """The files of the tree before that have the name of a path."""
        return self.by_name.get(path.rpartition("/")[2], [])

    @cached_property
    def packages(self) -> frozenset[str]:
        """The folders of the tree before that were packages."""
        return frozenset(folder_of(path) for path in self.before if has_packages(path))

    @cached_property
    def folders_now(self) -> frozenset[str]:
        """The folders of the tree that is rewritten."""
        return frozenset(folders_of_paths(self.after) - {""})

    def exists_now(self, path: str) -> bool:
        """Whether `path` is a file or folder of the tree that is rewritten."""
        return path in self.after or path in self.folders_now

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        """Where each file that moved stood before; several folders may have come to one place."""
        return {self.moves.resolve(old): old for old in self.moves.entries(self.before)}

    def origin(self, path: str) -> str:
        """Where a file of the tree now stood before; a new file has always stood where it is."""
        return self._origins.get(path, path)

    def existed(self, path: str) -> bool:
        """Whether `path` was a file or folder; the top was."""
        return path in self.before or path in self.folders or not path

    def destination(self, path: str) -> str | None:
        """Where a path that need not exist is now, or None when nothing moved it.

        The longest moved prefix decides, so a generated file follows its folder.
        A file may be named without the end of its name.
        """
        new = self.moves.resolve(path)
        if new == path and not self.existed(path):
            for end in omitted_endings():
                if self.moves.moves(path + end):
                    new = self.moves.resolve(path + end).removesuffix(end)
                    break
        return None if new == path else new

    def is_known(self, path: str) -> bool:
        """Whether `path` existed, named in full or without the end of a file's name."""
        return self.existed(path) or any(path + end in self.before for end in omitted_endings())


def is_build_output(ignore: Gitignore, path: str) -> bool:
    """Whether git ignores a path by its name, like output of a build; `*.log` does not count, as it names no place."""
    rule = ignore.hiding(path) or ignore.hiding(f"{path}/")
    return rule is not None and ("/" in rule.pattern or not rule.pattern.startswith("*"))


def routes(moves: MoveMap, before: Mapping[str, TreeEntry], also: Mapping[str, str]) -> MoveMap:
    """The moves, and the new paths for mentions of folders whose content moved piece by piece.

    `also` gives some. A folder whose files all went to one other folder is added by itself, and so is one whose
    subfolders all did if that place is new or the top. If something else was there already, a person must say what is
    meant.
    """
    direct = {folder_of(old) for old, _ in moves if old in before}
    places: dict[str, set[str | None]] = {folder: set() for old, _ in moves for folder in parents(old)}
    tops = tuple(f"{folder}/" for folder in places if "/" not in folder)
    for path in before:
        if not path.startswith(tops):
            continue
        new = moves.resolve(path)
        for folder in parents(path):
            if folder in places:
                rest = path[len(folder) :]
                is_whole = new != path and f"/{new}".endswith(rest)
                places[folder].add(f"/{new}".removesuffix(rest)[1:] if is_whole else None)
    single = {
        folder: place for folder, (place, *others) in _folders_with_places(places) if not others and place is not None
    }
    held = folders_of_paths(before) if single else set()
    whole = {
        folder: place
        for folder, place in single.items()
        if not place or not (is_under(place, folder) or (folder not in direct and place in held))
    }
    return MoveMap({**whole, **dict(moves), **also})


def _folders_with_places(places: Mapping[str, set[str | None]]) -> Iterator[tuple[str, tuple[str | None, ...]]]:
    """The folders that held something, with the places to which it went."""
    return ((folder, tuple(found)) for folder, found in places.items() if found)
