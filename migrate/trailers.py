"""The message of a phase's commit: what a person wrote, then trailers for the program.

Trailers are read from every paragraph of a message, not only from its last one: a squash merge by a forge puts several
messages into one. Each block begins with its `Migration:` and ends with its paragraph.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from migrate.moves import MoveMap, parse_trailer
from migrate.phase import PhaseSource

MIGRATION, PHASE, SOURCE, NOTE, MOVED = "Migration", "Migration-Phase", "Migration-Source", "Migration-Note", "Moved"


@dataclass(frozen=True)
class Trailers:
    """What a phase's commit says of itself."""

    migration: str
    phase: str
    source: str
    moves: MoveMap
    notes: tuple[str, ...]


def commit_message(migration: str, source: PhaseSource, moves: MoveMap, notes: Iterable[str]) -> str:
    """The whole message of a phase's commit."""
    lines = [f"{MIGRATION}: {migration}", f"{PHASE}: {source.id}", f"{SOURCE}: {source.digest}"]
    lines += [f"{NOTE}: {note}" for note in notes]
    lines += [f"{MOVED}: {moved}" for moved in moves.trailers()]
    parts = [source.title, source.body, "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def read_trailers(message: str) -> list[Trailers]:
    """The trailers of every phase in a message: none in most, several after a squash merge of several phases."""
    found: list[dict[str, list[str]]] = []
    inside = False
    for line in message.split("\n"):
        key, separator, value = line.partition(": ")
        if not line.strip():
            inside = False
        elif separator and key == MIGRATION:
            inside = True
            found.append({})
        if inside and separator and key in (MIGRATION, PHASE, SOURCE, NOTE, MOVED):
            found[-1].setdefault(key, []).append(value.strip())
    return [
        Trailers(
            migration=block[MIGRATION][0],
            phase=block[PHASE][0],
            source=block.get(SOURCE, [""])[0],
            moves=MoveMap(parse_trailer(value) for value in block.get(MOVED, ())),
            notes=tuple(block.get(NOTE, ())),
        )
        for block in found
        if PHASE in block
    ]
