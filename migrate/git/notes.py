"""Notes: text on objects, kept on a ref of their own.

Reading takes two git processes however many notes there are, which `git notes` does not offer. Its format is kept: a
tree whose paths are the names of the objects, perhaps cut into folders (`ab/cdef…`) when there are many.
"""

from __future__ import annotations

import string
from collections.abc import Mapping
from dataclasses import dataclass, field

from migrate.git.objects import REGULAR, BlobId, CommitId, TreeEntry, TreeId
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter

HEX = frozenset(string.hexdigits.lower())
LARGEST, TOGETHER = 1_000_000, 64_000_000
"""Bytes of one note, and of all notes, that are read: whoever can push can push more than fits into memory."""


@dataclass(frozen=True)
class Notes:
    """All notes on trees of one notes commit; `tip` is None when there is no note yet."""

    tip: CommitId | None = None
    contents: Mapping[TreeId, bytes] = field(default_factory=dict)
    paths: Mapping[TreeId, tuple[str, ...]] = field(default_factory=dict)
    """Where the notes of an object stand in the notes tree; two clones merged can leave more than one."""
    too_large: tuple[TreeId, ...] = ()
    """The trees with a note that was not read, because of its size."""


def read_notes(repository: Repository, tip: CommitId | None) -> Notes:
    """Read every note of a notes commit. Raises `GitFailedError` when an object is missing."""
    if tip is None:
        return Notes()
    listed = {path: each for path, each in repository.objects.sizes(tip).items() if each[0].is_text_candidate}
    names = {path: TreeId(name) for path in listed if is_object_name(name := path.replace("/", ""), repository)}
    read, too_large, total = {}, [], 0
    for path, name in names.items():
        entry, size = listed[path]
        if size > LARGEST or total + size > TOGETHER:
            too_large.append(name)
        else:
            total += size
            read[path] = entry.oid
    repository.objects.preload(read.values())
    contents: dict[TreeId, bytes] = {}
    paths: dict[TreeId, tuple[str, ...]] = {}
    for path, oid in read.items():
        name = names[path]
        contents[name] = joined_path(contents.get(name, b""), repository.objects.blob(oid))
        paths[name] = (*paths.get(name, ()), path)
    return Notes(tip, contents, paths, tuple(too_large))


def is_object_name(name: str, repository: Repository) -> bool:
    """Whether a name is that of an object."""
    return len(name) == len(repository.null_oid) and set(name) <= HEX


def write_notes(
    writer: CommitWriter,
    repository: Repository,
    notes: Notes,
    message: str,
    new: Mapping[TreeId, bytes],
    merged: CommitId | None = None,
) -> CommitId:
    """Write a notes commit on top of `notes`, in which each object of `new` has that note, none when it is empty.

    No ref moves. `merged` is the notes commit of others that it takes in.
    """
    changes: dict[str, TreeEntry | None] = {}
    blobs: dict[BlobId, bytes] = {}
    for name, content in new.items():
        path, *others = notes.paths.get(name, (name,))
        oid = repository.objects.hash_blob(content)
        blobs[oid] = content
        changes |= dict.fromkeys(others, None)
        changes[path] = TreeEntry(REGULAR, oid) if content else None
    parents = tuple(parent for parent in (notes.tip, merged) if parent is not None)
    return writer.commit(message, parents, changes, blobs.get)


def joined_path(first: bytes, second: bytes) -> bytes:
    """Two notes of one object, each line whole."""
    return first + b"\n" + second if first and not first.endswith(b"\n") else first + second
