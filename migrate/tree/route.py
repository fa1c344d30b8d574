"""A move map for a tree in which some files have already moved."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class Route:
    """A move map, and those of its new places at which something stands already."""

    moves: MoveMap
    arrived: MoveMap

    @classmethod
    def through(cls, overlay: Overlay, moves: MoveMap) -> Route:
        """The route of a map through a tree."""
        return cls(moves, MoveMap((new, new) for _, new in moves if _has_arrived(overlay, moves, new)))

    def leads_on(self, path: str) -> bool:
        """Whether `path` is still an old place: the map moves it, and nothing has arrived there by the same map."""
        decided, there = self.moves.entry(path), self.arrived.entry(path)
        return self.moves.moves(path) and decided is not None and (there is None or len(there[0]) < len(decided[0]))


def _has_arrived(overlay: Overlay, moves: MoveMap, new: str) -> bool:
    """Whether something has arrived at a new place, and is not what the same map will move away."""
    seen: set[str] = set()
    found = moves.entry(new)
    while overlay.holds(new) and found is not None and found[0] == new != found[1] and new not in seen:
        seen.add(new)
        new = found[1]
        found = moves.entry(new)
    return overlay.holds(new)
