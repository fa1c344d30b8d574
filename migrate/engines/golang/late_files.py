"""Go files that are added at an old place after its package moved, and imports of old places.

Packages join those at the new places, with the names that these have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.tree import GoTree
from migrate.engines.golang.verbs import GoVerbs
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of, is_under
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route

PLACEHOLDER = "migrate_placeholder{}.go"
"""A temporary file in place of a package that moved away, while imports of it are updated."""


def relocate_go(ws: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
    """Move late Go files to where they belong, and update imports of old places; returns the moves.

    Raises `PhaseError` for what the Go engine refuses.
    """
    go, tree = GoVerbs(ws), GoTree.of(ws.overlay)
    gone = dict(_missing_packages(ws, tree, route))
    step = {**_ask_for_packages(ws, go, tree, route.moves, late), **_ask_for_files(go, route.moves, late)}
    placeholders = _ask_for_imports(ws, go, gone)
    go.flush()
    ws.overlay.drop(placeholders)
    return MoveMap(step)


def destinations(route: Route, folder: str) -> list[str]:
    """The present places of the package of an old folder; several if it was split."""
    whole = [route.moves.resolve(folder)] if route.leads_on(folder) else []
    files = [(old, new) for old, new in route.moves if old.endswith(".go") and not old.endswith("_test.go")]
    parts = [folder_of(new) for old, new in files if folder_of(old) == folder]
    return sorted({*whole, *parts})


def _ask_for_packages(
    ws: EditableTree, go: GoVerbs, tree: GoTree, moves: MoveMap, late: Mapping[str, str]
) -> dict[str, str]:
    """Ask for the moves and merges of whole package folders; returns them."""
    going = [path for path in late if path.endswith(".go") and moves.entry(path) != (path, late[path])]
    packages = {folder_of(path) for path in going}
    tops = {found[0] for path in going if (found := moves.entry(path)) is not None}
    step: dict[str, str] = {}
    held: dict[str, str] = {}
    for old in sorted(packages | tops):
        new = moves.resolve(old)
        if old in packages and any(path not in late for path in tree.folders.get(new, ())):
            go.merge(old, new)
            held |= {new: new} if is_under(new, old) else {}
        elif MoveMap(step).resolve(old) != new:
            go.move(old, new)
        else:  # It moves with the folder above.
            continue
        step[old] = new
    _check_taken(ws.overlay, MoveMap(step | held), late)
    return step


def _check_taken(overlay: Overlay, step: MoveMap, late: Mapping[str, str]) -> None:
    """Raise `PhaseError` when whole folders move and something that belongs there is in one of them."""
    forwarding = set(go_forwarding_files(overlay))
    for path in overlay.entries:
        if step.moves(path) and path not in late and path not in forwarding:
            new = step.resolve(folder_of(path))
            raise PhaseError(
                f'"{path}" has arrived where it belongs, inside a folder that moves to "{new}"',
                advice="move what else is in that folder by hand",
            )


def _ask_for_files(go: GoVerbs, moves: MoveMap, late: Mapping[str, str]) -> dict[str, str]:
    """Ask for the moves of Go files that have an entry of their own; returns their new places."""
    step: dict[str, str] = {}
    for path, place in late.items():
        old, new = folder_of(path), folder_of(place)
        if path.endswith(".go") and moves.entry(path) == (path, place) and old != new:
            go.split(old, {new: [_late_package_name(path)]})
            step[path] = f"{new}/{_late_package_name(path)}"
    return step


def _missing_packages(ws: EditableTree, tree: GoTree, route: Route) -> Iterator[tuple[str, tuple[str, str]]]:
    """Each imported old folder without Go files: the present place of its package, and its old name.

    For a package that was split, a note names the files that import it: what they use decides what they must import.
    """
    importers: dict[str, list[str]] = {}
    for path, line, folder in _imports_of_old_places(ws.overlay, tree, route):
        places = destinations(route, folder)
        if len(places) > 1:
            ws.note(f"{path}:{line} imports {folder}, whose package was split: {', '.join(places)}")
        elif folder not in tree.folders:
            importers.setdefault(folder, []).append(path)
    for folder, files in importers.items():
        destination = destinations(route, folder)[0]
        yield folder, (destination, _former_name(tree, folder, destination, files))


def _imports_of_old_places(overlay: Overlay, tree: GoTree, route: Route) -> Iterator[tuple[str, int, str]]:
    """The file, the line and the folder of each import of a folder whose package has a place elsewhere."""
    olds = {folder_of(old) if old.endswith(".go") else old for old, _ in route.moves}
    paths = {path for old in olds if (path := tree.modules.import_path(old)) is not None}
    for path in overlay.holding(sorted(paths)):
        for spec, folder in tree.local_imports(path) if tree.has(path) else ():
            if folder is not None and destinations(route, folder):
                yield path, line_number_at(tree.content(path), spec.start), folder


def _former_name(tree: GoTree, folder: str, destination: str, importers: Iterable[str]) -> str:
    """The old name of a package that moved: the one in its path if an importer uses it, else its present one."""
    now = tree.package_name(destination)
    usual = sorted(implied_names(tree, tree.modules.import_path(folder) or folder))
    used = {use.name for path in importers for use in tree.syntax(path).free(usual) if use.selected}
    return next((name for name in usual if name in used), now or usual[0])


def _ask_for_imports(ws: EditableTree, go: GoVerbs, gone: Mapping[str, tuple[str, str]]) -> list[str]:
    """Ask for updates of imports of packages that moved, by temporary files in their places; returns these files."""
    placed = []
    for number, (folder, (destination, name)) in enumerate(gone.items()):
        file = PLACEHOLDER.format(number)
        ws.overlay.put(f"{folder}/{file}", f"package {name}\n".encode())
        placed.append((folder, destination, file))
    for folder, destination, file in placed:
        go.split(folder, {destination: [file]})
    return [f"{destination}/{file}" for _, destination, file in placed]


def _late_package_name(path: str) -> str:
    return path.rpartition("/")[2]
