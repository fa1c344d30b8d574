"""Notes: text on objects, kept on a ref of their own.

Reading takes two git processes however many notes there are, which `git notes` does not offer. Its format is kept: a
tree whose paths are the names of the objects, perhaps cut into folders (`ab/cdef…`) when there are many.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.git.objects import REGULAR, Entry, Oid
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter

HEX = frozenset(string.hexdigits.lower())


@dataclass(frozen=True)
class Notes:
    """All notes of one notes commit; `tip` is None when there is no note yet."""

    tip: Oid | None = None
    contents: Mapping[Oid, bytes] = field(default_factory=dict)
    paths: Mapping[Oid, tuple[str, ...]] = field(default_factory=dict)
    """Where the notes of an object stand in the notes tree; two clones merged can leave more than one."""


def read_notes(repository: Repository, tip: Oid | None) -> Notes:
    """Read every note of a notes commit. Raises `GitFailedError` when an object is missing."""
    if tip is None:
        return Notes()
    entries = {path: entry for path, entry in repository.objects.tree(tip).items() if entry.is_text_candidate}
    blobs = dict(repository.objects.blobs(entry.oid for entry in entries.values()))
    contents: dict[Oid, bytes] = {}
    paths: dict[Oid, tuple[str, ...]] = {}
    for path, entry in entries.items():
        name = path.replace("/", "")
        if len(name) == len(repository.null_oid) and set(name) <= HEX:
            contents[name] = joined(contents.get(name, b""), blobs[entry.oid])
            paths[name] = (*paths.get(name, ()), path)
    return Notes(tip, contents, paths)


def write_notes(
    writer: CommitWriter,
    repository: Repository,
    notes: Notes,
    message: str,
    new: Mapping[Oid, bytes],
    merged: Oid | None = None,
) -> Oid:
    """Write a notes commit on top of `notes`, in which each object of `new` has that note, none when it is empty.

    No ref moves. `merged` is the notes commit of others that it takes in.
    """
    changes: dict[str, Entry | None] = {}
    blobs: dict[Oid, bytes] = {}
    for name, content in new.items():
        path, *others = notes.paths.get(name, (name,))
        oid = repository.objects.hash_blob(content)
        blobs[oid] = content
        changes |= dict.fromkeys(others, None)
        changes[path] = Entry(REGULAR, oid) if content else None
    parents = tuple(parent for parent in (notes.tip, merged) if parent is not None)
    return writer.commit(message, parents, changes, blobs.get)


def joined(first: bytes, second: bytes) -> bytes:
    """Two notes of one object, each line whole."""
    return first + b"\n" + second if first and not first.endswith(b"\n") else first + second
