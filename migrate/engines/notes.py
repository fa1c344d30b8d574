"""Sums up notes about many places in one sentence: a count and three examples. The rest is for the log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from migrate.text import EXAMPLES, some_of
from migrate.tree.editable_tree import EditableTree


class Remark(NamedTuple):
    """A note about one place: `of_one` follows the place, `of_many` follows a number of places."""

    place: str
    of_one: str
    of_many: str
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.place} {self.of_one}{f': {self.reason}' if self.reason else ''}"


Note = str | Remark


class Summary(NamedTuple):
    """The notes of a step, and every line that they leave out."""

    notes: list[str]
    details: list[str]


def summarise(notes: Iterable[Note]) -> Summary:
    """One note for all remarks that say the same about too many places; others stay as they are."""
    groups: dict[str, list[Note]] = {}
    for note in dict.fromkeys(notes):
        groups.setdefault(note if isinstance(note, str) else note.of_many, []).append(note)
    found = Summary([], [])
    for said, group in groups.items():
        lines = [str(note) for note in group]
        if len(group) <= EXAMPLES:
            found.notes.extend(lines)
            continue
        places = [
            f"{note.place} ({note.reason})" if note.reason else note.place for note in group if isinstance(note, Remark)
        ]
        found.notes.append(f"{len(group)} {said}: {some_of(places)}")
        found.details.extend(lines)
    return found


def note_summary(
    ws: EditableTree, notes: Iterable[Note], details: Iterable[str] = (), explained: Callable[[str], str] = str
) -> None:
    """Add notes and details to a workspace; `explained` turns each into the terms of the repository."""
    told = summarise(notes)
    for note in told.notes:
        ws.note(explained(note))
    ws.details += [explained(line) for line in (*told.details, *details)]
