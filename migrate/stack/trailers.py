"""The message of a phase's commit: what a person wrote, then trailers for the program.

Trailers are read from every paragraph of a message, not only from its last one: a squash merge by a forge puts several
messages into one. Each block begins with its `Migration:` and ends with its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from migrate.execution.redaction import shared_text
from migrate.git.objects import CommitId
from migrate.git.process import OBJECT_NAME
from migrate.plan.phase_source import PhaseSource
from migrate.tree.moves import MoveMap, readable_moves

MIGRATION, PHASE, SOURCE, NOTE, MOVED = "Migration", "Migration-Phase", "Migration-Source", "Migration-Note", "Moved"
BASE, LANDED, REVERTS, RAN = "Migration-Base", "Migration-Landed", "Migration-Reverts", "Migration-Ran"
OURS = (MIGRATION, PHASE, SOURCE, BASE, LANDED, REVERTS, RAN, NOTE, MOVED)

SQUASHED = "Squashed commit of the following:\n"
"""How the message begins that `git merge --squash` prepares (`squash_message` in its builtin/merge.c)."""
TRAILER = re.compile(r"[A-Za-z0-9-]+: |[ \t]|\(cherry picked from commit |$")
"""What a line of trailers begins with, one that goes on with the line above included."""

_TAKEN_BACK = re.compile(rf"^This (?:takes back \S+ \(|reverts commit )({OBJECT_NAME.pattern})\b", re.MULTILINE)
"""What the message of a revert commit says: ours, and that of `git revert`."""


def taken_back_by(message: str) -> list[CommitId]:
    """The commits of which a message says that it takes them back."""
    return [CommitId(oid) for oid in _TAKEN_BACK.findall(message)]


@dataclass(frozen=True)
class Trailers:
    """What a phase's commit says of itself."""

    migration: str
    phase: str
    source: str
    moves: MoveMap
    notes: tuple[str, ...]
    base: CommitId | Literal[""] = ""
    """The commit of the base on which the stack stood when the phase ran."""
    landed: CommitId | Literal[""] = ""
    """Not of this commit: the phase landed in that commit of the base, whose message does not say so."""
    ran: tuple[str, ...] = ()
    """The commands of the tools that the phase ran."""
    strange: tuple[str, ...] = ()
    """The values of `Moved:` that say no move that a phase can make."""


def commit_message(
    migration: str,
    source: PhaseSource,
    moves: MoveMap,
    notes: Iterable[str],
    *,
    base: CommitId | Literal[""] = "",
    landed: Iterable[Trailers] = (),
    ran: Iterable[str] = (),
) -> str:
    """The whole message of a phase's commit.

    `base` is the commit of the base on which the stack stands; `landed` are phases below of which no commit of the base
    says that they landed: this one tells it to every clone. `ran` are the commands of tools.
    """
    lines = [line for silent in landed for line in trailer_block(silent)]
    lines += trailer_block(Trailers(migration, source.id, source.digest, moves, tuple(notes), base, ran=tuple(ran)))
    parts = [source.title, source.body, "\n".join(lines)]
    return "\n\n".join(part for part in parts if part) + "\n"


def trailer_block(trailers: Trailers) -> list[str]:
    """The lines of one phase's trailers."""
    lines = [f"{MIGRATION}: {trailers.migration}", f"{PHASE}: {trailers.phase}", f"{SOURCE}: {trailers.source}"]
    lines += [f"{BASE}: {trailers.base}"] if trailers.base else []
    lines += [f"{LANDED}: {trailers.landed}"] if trailers.landed else []
    lines += [f"{RAN}: {shared_text(command)}" for command in trailers.ran]
    lines += [f"{NOTE}: {shared_text(note)}" for note in trailers.notes]
    return lines + [f"{MOVED}: {moved}" for moved in trailers.moves.trailers()]


def revert_message(migration: str, source: PhaseSource, commit: str, merged: Iterable[str] = ()) -> str:
    """The message of a commit that takes a phase's commit back, with the phases that were merged into its branch."""
    prose = f'Revert "{source.title}"\n\nThis takes back {source.id} ({commit}).'
    named = "".join(f"{REVERTS}: {phase}\n" for phase in (source.id, *merged))
    return f"{prose}\n\n{MIGRATION}: {migration}\n{named}"


def merge_messages(message: str, before: str, now: str) -> str:
    """The message of a phase that ran again: what a person changed in it stays.

    `before` is what the program wrote, `message` what a person made of it, `now` what the program would write today. A
    person's prose takes the place of the program's, and lines that others added to the trailers, such as a
    `Change-Id`, are kept.
    """
    prose, kept = split_message(message)
    now_prose, lines = split_message(now)
    prose = now_prose if prose == split_message(before)[0] else prose
    foreign = [line for line in kept if key_of(line) not in OURS]
    # A hook may give the new message a line of the same kind again.
    known = {key_of(line) for line in foreign}
    lines = [line for line in lines if key_of(line) not in known]
    return "\n\n".join(part for part in (prose, "\n".join([*lines, *foreign])) if part) + "\n"


def key_of(line: str) -> str:
    """What stands before the colon of a trailer."""
    return line.partition(": ")[0]


def split_message(message: str) -> tuple[str, list[str]]:
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
    return [*_trailers(message)]


@lru_cache(maxsize=2048)
def _trailers(message: str) -> tuple[Trailers, ...]:
    return tuple(trailers_in(found) for found in trailer_blocks(message) if PHASE in found and is_commit_or_none(found))


def trailers_in(found: Mapping[str, list[str]]) -> Trailers:
    """The trailers of one phase, from the values of its block."""
    moves, strange = readable_moves(found.get(MOVED, ()))
    base = found.get(BASE, [""])[0]  # Nothing but the name of a commit is given to git to look up.
    return Trailers(
        migration=found[MIGRATION][0],
        phase=found[PHASE][0],
        source=found.get(SOURCE, [""])[0],
        moves=moves,
        notes=tuple(found.get(NOTE, ())),
        base=CommitId(base) if OBJECT_NAME.fullmatch(base) else "",
        landed=CommitId(landed) if (landed := found.get(LANDED, [""])[0]) else "",
        ran=tuple(found.get(RAN, ())),
        strange=strange,
    )


def is_commit_or_none(found: Mapping[str, list[str]]) -> bool:
    """Whether a block names no commit with which its phase landed, or one: git is asked for it by that name."""
    return LANDED not in found or OBJECT_NAME.fullmatch(found[LANDED][0]) is not None


def trailers_of(message: str, migration: str, phase: str) -> Trailers | None:
    """The trailers in which a commit says that it is of a phase."""
    found = (each for each in read_trailers(message) if (each.migration, each.phase) == (migration, phase))
    return next((each for each in found if not each.landed), None)


def read_reverts(message: str, migration: str) -> list[str]:
    """The phases of a migration that a commit takes back, as its trailers say."""
    return [
        phase
        for found in trailer_blocks(message)
        if found[MIGRATION][0] == migration
        for phase in found.get(REVERTS, ())
    ]


def without_indent(message: str) -> str:
    """A message; one that `git merge --squash` prepared with what it quotes as it was written."""
    if not message.startswith(SQUASHED):
        return message
    return re.sub(r"^ {4}", "", message, flags=re.MULTILINE)


def trailer_blocks(message: str) -> list[dict[str, list[str]]]:
    """The blocks of our trailers in a message: each begins with its `Migration:` and ends with its paragraph.

    In the message that `git merge --squash` prepares all of them are indented.
    """
    found: list[dict[str, list[str]]] = []
    inside = False
    for line in without_indent(message).split("\n"):
        key, separator, value = line.partition(": ")
        if not line.strip():
            inside = False
        elif separator and key == MIGRATION:
            inside = True
            found.append({})
        if inside and separator and key in OURS:
            found[-1].setdefault(key, []).append(value.strip())
    return found
