"""Applying a move map to a tree in which some files have already moved.

Once a phase has landed, colleagues may still add files to a folder that it moved away, and import it by its old path:
their branches began before it. `relocate` moves what stands at an old place to where the map says, next to what is
there already, and updates everything that names an old path. Where nothing has moved yet it is a plain move, so that a
tree can follow a changed map. All of it happens in memory.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from migrate.engines.forwarding import forwarding_files
from migrate.engines.registry import all_engines
from migrate.errors import PhaseError
from migrate.git.paths import is_under
from migrate.phase.workspace import Workspace
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route


@dataclass(frozen=True)
class RelocatedTree:
    """The new tree, the moves that were made, and notes for a person."""

    overlay: Overlay
    moves: MoveMap
    notes: tuple[str, ...]


def relocate_late_files(overlay: Overlay, moves: MoveMap, *, allowed: Sequence[Allowed] = ()) -> RelocatedTree:
    """Move everything that stands at an old place of `moves` to where the map says; `overlay` itself is not changed.

    Packages join those that stand at the new places, under the names that they have there; imports of old paths, and
    whatever else names one, follow. What `allowed` lets name old paths is left alone. So is a place that is the old one
    of one move and the new one of another, once the map was carried out: what stands there has arrived.
    Raises `PhaseError` when a file is at both places, or for what an engine refuses.
    """
    ws = Workspace(overlay.next(), allowed=allowed)
    route = Route.through(ws.overlay, moves)
    late = stragglers(ws.overlay, route)
    _check_places(ws.overlay, late)
    for engine in all_engines():
        step = engine.relocate(ws, route, late)
        late = {step.resolve(path): place for path, place in late.items()}
    rest = {path: place for path, place in late.items() if path != place}
    ws.relocate(_whole_folders(ws.overlay, moves, rest))
    ws.references.update(_mentioned(ws.overlay, route))
    return RelocatedTree(ws.overlay, ws.moved, tuple(ws.notes))


def stragglers(overlay: Overlay, route: Route) -> dict[str, str]:
    """Every file at an old place, and where it belongs; packages that forward from there are where they should be."""
    forwarding = set(forwarding_files(overlay))
    late = (path for path in overlay.entries if path not in forwarding and route.leads_on(path))
    return {path: route.moves.resolve(path) for path in late}


def _check_places(overlay: Overlay, late: Mapping[str, str]) -> None:
    sources = {path: path for path in overlay.entries if path not in late}
    for path, place in late.items():
        if (other := sources.setdefault(place, path)) != path:
            raise PhaseError(
                f'"{path}" cannot follow to "{place}": '
                + (f'"{other}" goes there too' if other in late else "a file of that name is there already"),
                advice="make one file of the two by hand, at the new place",
            )


def _whole_folders(overlay: Overlay, moves: MoveMap, files: Mapping[str, str]) -> dict[str, str]:
    """The moves of single files; a folder whose files all follow one entry of the map is moved as a whole instead."""
    found = dict(files)
    for old, new in moves:
        here = overlay.under(old)
        if old not in overlay.entries and here and all(files.get(path) == new + path[len(old) :] for path in here):
            found = {path: place for path, place in found.items() if not is_under(path, old)} | {old: new}
    return found


def _mentioned(overlay: Overlay, route: Route) -> dict[str, str]:
    """The new paths for mentions of old places at which nothing stands any more.

    Not of those that another move has filled again, or that hold a new place: there a path may be right as it is.
    """
    places: Collection[str] = [new for new, _ in route.arrived]
    return {
        old: new
        for old, new in route.moves
        if route.leads_on(old) and not overlay.holds(old) and not any(is_under(place, old) for place in places)
    }
