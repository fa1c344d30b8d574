"""The message of a phase's commit: what a person wrote, then trailers for the program.

Trailers are read from every paragraph of a message, not only from its last one: a squash merge by a forge puts several
messages into one. Each block begins with its `Migration:` and ends with its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from migrate.moves import MoveMap, parse_trailer
from migrate.phase import PhaseSource

MIGRATION, PHASE, SOURCE, NOTE, MOVED = "Migration", "Migration-Phase", "Migration-Source", "Migration-Note", "Moved"
OURS = (MIGRATION, PHASE, SOURCE, NOTE, MOVED)

TAKEN_BACK = re.compile(r"^This (?:takes back \S+ \(|reverts commit )([0-9a-f]{40,64})\b", re.MULTILINE)
"""What the message of a revert commit says: ours, and that of `git revert`."""


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


def retold(message: str, before: str, now: str) -> str:
    """The message of a phase that ran again: what a person changed in it stays.

    `before` is what the program wrote, `message` what a person made of it, `now` what the program would write today. A
    person's prose takes the place of the program's, and lines that others added to the trailers, such as a
    `Change-Id`, are kept.
    """
    prose, kept = divided(message)
    now_prose, lines = divided(now)
    prose = now_prose if prose == divided(before)[0] else prose
    foreign = [line for line in kept if key_of(line) not in OURS]
    # A hook may give the new message a line of the same kind again.
    known = {key_of(line) for line in foreign}
    lines = [line for line in lines if key_of(line) not in known]
    return "\n\n".join(part for part in (prose, "\n".join([*lines, *foreign])) if part) + "\n"


def key_of(line: str) -> str:
    """What stands before the colon of a trailer."""
    return line.partition(": ")[0]


def divided(message: str) -> tuple[str, list[str]]:
    """The prose of a message, and the lines of the paragraphs from the phase's trailers on."""
    paragraphs = message.strip("\n").split("\n\n")
    first = next((i for i, text in enumerate(paragraphs) if text.startswith(f"{MIGRATION}: ")), len(paragraphs))
    return "\n\n".join(paragraphs[:first]), [line for text in paragraphs[first:] for line in text.split("\n") if line]


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
        if inside and separator and key in OURS:
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
