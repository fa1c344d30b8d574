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

TRAILER = re.compile(r"[A-Za-z0-9-]+: |[ \t]|\(cherry picked from commit |$")
"""What a line of trailers begins with, one that goes on with the line above included."""

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
    """The prose of a message, and its trailers: the phase's own, and what others added to them or below.

    What a squash by hand put below the trailers is prose.
    """
    # Who amends may have an editor that ends lines as Windows does.
    paragraphs = message.replace("\r\n", "\n").strip("\n").split("\n\n")
    first = next((i for i, text in enumerate(paragraphs) if begins_phase(text)), len(paragraphs))
    prose, lines = paragraphs[:first], []
    for text in paragraphs[first:]:
        if begins_phase(text) or all(TRAILER.match(line) for line in text.strip("\n").split("\n")):
            lines += text.strip("\n").split("\n")
        else:
            prose.append(text)
    return "\n\n".join(prose).strip("\n"), [line for line in lines if line]


def begins_phase(paragraph: str) -> bool:
    """Whether a paragraph begins the trailers of a phase; prose may speak of a migration, too."""
    return paragraph.lstrip("\n").startswith(f"{MIGRATION}: ") and f"\n{PHASE}: " in paragraph


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
