"""Applying a move map to a tree of which a part has moved already.

Once a phase has landed, colleagues still put files into a folder that it took away, and import it by its old path:
their branches began before it. `relocate` takes what stands at an old place to where the map says, next to what has
arrived there, and lets everything that names an old path follow. Where nothing has arrived yet it is a plain move, so a
tree can follow a map that has changed. All of it happens in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.allowed import Allowed
from migrate.errors import PhaseError
from migrate.forwarding import forwarding_files
from migrate.golang.names import implied_names
from migrate.golang.splice import line_at
from migrate.golang.tree import GoTree
from migrate.moves import MoveMap
from migrate.overlay import Overlay
from migrate.paths import is_under
from migrate.workspace import Workspace

PLACEHOLDER = "migrate_placeholder{}.go"
"""A file that stands for a package which is gone from its old place, while imports of it are led on."""


@dataclass(frozen=True)
class Relocated:
    """What became of a tree: it, the moves that were made in it, and what a person should know."""

    overlay: Overlay
    moves: MoveMap
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Route:
    """A move map, and which of its new places something has arrived at."""

    moves: MoveMap
    arrived: MoveMap

    @classmethod
    def through(cls, overlay: Overlay, moves: MoveMap) -> Route:
        """The route that a map describes through a tree."""
        return cls(moves, MoveMap((new, new) for _, new in moves if _has_arrived(overlay, moves, new)))

    def leads_on(self, path: str) -> bool:
        """Whether `path` is an old place: one from which the map moves, and at which nothing has arrived by it."""
        decided, there = self.moves.entry(path), self.arrived.entry(path)
        return self.moves.moves(path) and decided is not None and (there is None or len(there[0]) < len(decided[0]))

    def homes(self, folder: str) -> list[str]:
        """Where the package of an old folder went: several places where it was split."""
        whole = [self.moves.resolve(folder)] if self.leads_on(folder) else []
        files = [(old, new) for old, new in self.moves if old.endswith(".go") and not old.endswith("_test.go")]
        parts = [_folder(new) for old, new in files if _folder(old) == folder]
        return sorted({*whole, *parts})


def relocate(overlay: Overlay, moves: MoveMap, *, allowed: Sequence[Allowed] = ()) -> Relocated:
    """Take everything that stands at an old place of `moves` to where the map says; `overlay` stays as it is.

    Packages join those that stand at the new places, under the names that they have there; imports of old paths, and
    whatever else names one, follow. What `allowed` lets name old paths is left alone. So is a place that is the old one
    of one move and the new one of another, once the map was carried out: what stands there has arrived.
    Raises `PhaseError` when a file is at both places, or for what the Go engine refuses.
    """
    ws = Workspace(overlay.next(), allowed=allowed)
    route = Route.through(ws.overlay, moves)
    late = stragglers(ws.overlay, route)
    _check_places(ws.overlay, late)
    tree = GoTree.of(ws.overlay)
    gone = dict(_gone(ws, tree, route))
    step = MoveMap({**_ask_for_packages(ws, tree, moves, late), **_ask_for_files(ws, moves, late)})
    placeholders = _ask_for_imports(ws, gone)
    ws.settle()
    ws.overlay.drop(placeholders)
    rest = {step.resolve(path): place for path, place in late.items() if step.resolve(path) != place}
    ws.relocate(_whole_folders(ws.overlay, moves, rest))
    ws.references.update(_mentioned(ws.overlay, route))
    return Relocated(ws.overlay, ws.moved, tuple(ws.notes))


def stragglers(overlay: Overlay, route: Route) -> dict[str, str]:
    """Every file at an old place, and where it belongs; packages that forward from there are where they should be."""
    forwarding = set(forwarding_files(overlay))
    late = (path for path in overlay.entries if path not in forwarding and route.leads_on(path))
    return {path: route.moves.resolve(path) for path in late}


def _has_arrived(overlay: Overlay, moves: MoveMap, new: str) -> bool:
    """Whether something came to a new place, and is not what will leave it by the same map."""
    seen: set[str] = set()
    found = moves.entry(new)
    while overlay.holds(new) and found is not None and found[0] == new != found[1] and new not in seen:
        seen.add(new)
        new = found[1]
        found = moves.entry(new)
    return overlay.holds(new)


def _check_places(overlay: Overlay, late: Mapping[str, str]) -> None:
    sources = {path: path for path in overlay.entries if path not in late}
    for path, place in late.items():
        if (other := sources.setdefault(place, path)) != path:
            raise PhaseError(
                f'"{path}" cannot follow to "{place}": '
                + (f'"{other}" goes there too' if other in late else "a file of that name is there already"),
                advice="make one file of the two by hand, at the new place",
            )


def _ask_for_packages(ws: Workspace, tree: GoTree, moves: MoveMap, late: Mapping[str, str]) -> dict[str, str]:
    """Ask for the moves and merges of whole package folders; returns them."""
    going = [path for path in late if path.endswith(".go") and moves.entry(path) != (path, late[path])]
    packages = {_folder(path) for path in going}
    tops = {found[0] for path in going if (found := moves.entry(path)) is not None}
    step: dict[str, str] = {}
    held: dict[str, str] = {}
    for old in sorted(packages | tops):
        new = moves.resolve(old)
        if old in packages and any(path not in late for path in tree.folders.get(new, ())):
            ws.go.merge(old, new)
            held |= {new: new} if is_under(new, old) else {}
        elif MoveMap(step).resolve(old) != new:
            ws.go.move(old, new)
        else:  # The folder above takes it along.
            continue
        step[old] = new
    _check_taken(ws.overlay, MoveMap(step | held), late)
    return step


def _check_taken(overlay: Overlay, step: MoveMap, late: Mapping[str, str]) -> None:
    """Whole folders go, so nothing may stand in one that has its place there."""
    forwarding = set(forwarding_files(overlay))
    for path in overlay.entries:
        if step.moves(path) and path not in late and path not in forwarding:
            raise PhaseError(
                f'"{path}" has arrived where it belongs, inside a folder that moves to "{step.resolve(_folder(path))}"',
                advice="move what else is in that folder by hand",
            )


def _ask_for_files(ws: Workspace, moves: MoveMap, late: Mapping[str, str]) -> dict[str, str]:
    """Ask for the moves of the Go files that have an entry of their own; returns where each of them comes to stand."""
    step: dict[str, str] = {}
    for path, place in late.items():
        old, new = _folder(path), _folder(place)
        if path.endswith(".go") and moves.entry(path) == (path, place) and old != new:
            ws.go.split(old, {new: [_name(path)]})
            step[path] = f"{new}/{_name(path)}"
    return step


def _gone(ws: Workspace, tree: GoTree, route: Route) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each old folder that files import though no Go file is in it: where its package is, and the name it had.

    Of a package that was split a note says which files import it: what they use decides where they must look.
    """
    importers: dict[str, list[str]] = {}
    for path, line, folder in _imports_of_old_places(ws.overlay, tree, route):
        homes = route.homes(folder)
        if len(homes) > 1:
            ws.note(f"{path}:{line} imports {folder}, whose package was split: {', '.join(homes)}")
        elif folder not in tree.folders:
            importers.setdefault(folder, []).append(path)
    for folder, files in importers.items():
        home = route.homes(folder)[0]
        yield folder, (home, _former_name(tree, folder, home, files))


def _imports_of_old_places(overlay: Overlay, tree: GoTree, route: Route) -> Iterator[tuple[str, int, str]]:
    """The file, the line and the folder of each import of a folder whose package has a place elsewhere."""
    olds = {_folder(old) if old.endswith(".go") else old for old, _ in route.moves}
    paths = {path for old in olds if (path := tree.modules.import_path(old)) is not None}
    for path in overlay.holding(sorted(paths)):
        for spec, folder in tree.local_imports(path) if tree.has(path) else ():
            if folder is not None and route.homes(folder):
                yield path, line_at(tree.content(path), spec.start), folder


def _former_name(tree: GoTree, folder: str, home: str, importers: Iterable[str]) -> str:
    """What a package was called that is gone: what its path says, if an importer says it too, else what it is now."""
    now = tree.package_name(home)
    usual = sorted(implied_names(tree, tree.modules.import_path(folder) or folder))
    used = {use.name for path in importers for use in tree.syntax(path).free(usual) if use.selected}
    return next((name for name in usual if name in used), now or usual[0])


def _ask_for_imports(ws: Workspace, gone: Mapping[str, tuple[str, str]]) -> list[str]:
    """Ask that imports of packages which are gone are led on, by files that stand for them; returns those."""
    placed = []
    for number, (folder, (home, name)) in enumerate(gone.items()):
        file = PLACEHOLDER.format(number)
        ws.overlay.put(f"{folder}/{file}", f"package {name}\n".encode())
        placed.append((folder, home, file))
    for folder, home, file in placed:
        ws.go.split(folder, {home: [file]})
    return [f"{home}/{file}" for _, home, file in placed]


def _whole_folders(overlay: Overlay, moves: MoveMap, files: Mapping[str, str]) -> dict[str, str]:
    """Moves of single files, with one for the folder instead where all that is in it goes by one entry of the map."""
    found = dict(files)
    for old, new in moves:
        here = overlay.under(old)
        if old not in overlay.entries and here and all(files.get(path) == new + path[len(old) :] for path in here):
            found = {path: place for path, place in found.items() if not is_under(path, old)} | {old: new}
    return found


def _mentioned(overlay: Overlay, route: Route) -> dict[str, str]:
    """Where mentions of old places go at which nothing is.

    Not of those that another move has filled again, or that hold a new place: there a path may be right as it is.
    """
    places: Collection[str] = [new for new, _ in route.arrived]
    return {
        old: new
        for old, new in route.moves
        if route.leads_on(old) and not overlay.holds(old) and not any(is_under(place, old) for place in places)
    }


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _name(path: str) -> str:
    return path.rpartition("/")[2]
