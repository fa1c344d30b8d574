"""Receipts of two clones made one: a pure function of their notes, and of what both had before."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.git.notes import Notes
from migrate.git.objects import Oid
from migrate.validation.receipts import lines_of, parse


def merged_notes(base: Notes, ours: Notes, theirs: Notes) -> dict[Oid, bytes]:
    """The notes that differ from ours when what others did since `base` is taken in."""
    found = {}
    for tree in {**ours.contents, **theirs.contents}:
        before, here, there = (lines_of(notes.contents.get(tree, b"")) for notes in (base, ours, theirs))
        lines = latest(tree, joined_lines(before, here, there))
        if lines != list(here):
            found[tree] = b"".join(line + b"\n" for line in lines)
    return found


def joined_lines(base: Sequence[bytes], ours: Sequence[bytes], theirs: Sequence[bytes]) -> list[bytes]:
    """Every line that somebody has, without those that somebody took away since."""
    taken_away = {line for line in base if line not in ours or line not in theirs}
    return [line for line in dict.fromkeys([*ours, *theirs]) if line not in taken_away]


def latest(tree: Oid, lines: Sequence[bytes]) -> list[bytes]:
    """Of several receipts of one validation as it was defined at one time the newest; lines that are none stay."""
    newest: dict[tuple[str, str], tuple[str, bytes]] = {}
    for line in lines:
        receipt = parse(tree, line)
        if receipt is not None:
            key = (receipt.validation, receipt.key)
            newest[key] = max(newest.get(key, ("", b"")), (receipt.when, line))
    kept = {line for _, line in newest.values()}
    return [line for line in lines if line in kept or parse(tree, line) is None]
