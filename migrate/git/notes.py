"""Notes: text on objects, kept on a ref of their own.

Reading takes a few git processes however many notes there are, which `git notes` does not offer. Its format is kept: a
tree whose paths are the names of the objects, perhaps cut into folders (`ab/cdef…`) when there are many.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from migrate.git.objects import FOLDER, REGULAR, BlobId, CommitId, TreeEntry, TreeId, Treeish, unreadable_object
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter

HEX = frozenset(string.hexdigits.lower())
FILE_MODES, FOLDER_MODES = (b"100644", b"100755"), (b"40000",)
FEW = 256
"""Up to so many notes are found by the reader that is open."""
LARGEST, TOGETHER = 1_000_000, 64_000_000
"""Bytes of one note, and of all notes, that are read: whoever can push can push more than fits into memory."""


@dataclass(frozen=True)
class Notes:
    """All notes on trees of one notes commit; `tip` is None when there is no note yet."""

    tip: CommitId | None = None
    contents: Mapping[TreeId, bytes] = field(default_factory=dict)
    paths: Mapping[TreeId, tuple[str, ...]] = field(default_factory=dict)
    """The paths of the notes of an object in the notes tree; merging two clones can leave more than one."""
    too_large: tuple[TreeId, ...] = ()
    """The trees with a note that was not read, because of its size."""


def read_notes(repository: Repository, tip: CommitId | None) -> Notes:
    """Read every note of a notes commit. Raises `GitFailedError` when an object is missing."""
    if tip is None:
        return Notes()
    entries = few_entries(repository, tip)
    every = repository.objects.sizes(tip) if entries is None else entries
    listed = {path: each for path, each in every.items() if each[0].is_text_candidate}
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


def few_entries(repository: Repository, tip: CommitId) -> dict[str, tuple[TreeEntry, int]] | None:
    """The files of a notes commit with their sizes, where they are few and in no folders; None where git must list."""
    objects = repository.objects
    top = objects.folders_of(tip, [""]).get("")
    entries = objects.folder(top) if top is not None else {}
    if top is None or len(entries) > FEW or any(entry.mode == FOLDER for entry in entries.values()):
        return None
    sizes = objects.sizes_of(entry.oid for entry in entries.values())
    return {name: (entry, sizes[entry.oid]) for name, entry in entries.items() if entry.oid in sizes}


class StoredNotes(Mapping[TreeId, bytes]):
    """The notes of a notes commit, each read when it is needed; iterating lists those that were read."""

    def __init__(self, repository: Repository, tip: CommitId, names: Collection[TreeId]) -> None:
        self._repository = repository
        self._tip = tip
        self._contents: dict[TreeId, bytes] = {}
        self._asked: set[TreeId] = set()
        self._folders: dict[Treeish, bytes] = {}
        self.paths: dict[TreeId, tuple[str, ...]] = {}
        self.too_large: list[TreeId] = []
        self._read(names)

    def __getitem__(self, name: TreeId) -> bytes:
        self._read([name])
        return self._contents[name]

    def __iter__(self) -> Iterator[TreeId]:
        return iter(self._contents)

    def __len__(self) -> int:
        return len(self._contents)

    def _read(self, names: Collection[TreeId]) -> None:
        """Read the notes of some objects, once."""
        new = [name for name in dict.fromkeys(names) if name not in self._asked]
        self._asked.update(new)
        found = {path: (name, oid) for name in new for path, oid in self._places(name)}
        sizes = self._repository.objects.sizes_of(oid for _, oid in found.values())
        self.too_large += [name for name, oid in found.values() if sizes.get(oid, 0) > LARGEST]
        read = {path: each for path, each in found.items() if sizes.get(each[1], 0) <= LARGEST}
        self._repository.objects.preload(oid for _, oid in read.values())
        for path, (name, oid) in read.items():
            self._contents[name] = joined_path(self._contents.get(name, b""), self._repository.objects.blob(oid))
            self.paths[name] = (*self.paths.get(name, ()), path)

    def _places(self, name: TreeId) -> Iterator[tuple[str, BlobId]]:
        """The paths at which the note of an object stands, and its blobs: git cuts a name as there are more of them."""
        folder: Treeish = self._tip
        for cut in range(0, len(name), 2):
            raw = self._folder(folder)
            blob = entry_of(raw, name[cut:], FILE_MODES, len(name) // 2)
            if blob is not None:
                yield "/".join([*(name[at : at + 2] for at in range(0, cut, 2)), name[cut:]]), BlobId(blob)
            below = entry_of(raw, name[cut : cut + 2], FOLDER_MODES, len(name) // 2)
            if below is None:
                return
            folder = TreeId(below)

    def _folder(self, tree: Treeish) -> bytes:
        """A tree as its object has it: to take 50,000 entries apart takes longer than to find a few of them."""
        if tree not in self._folders:
            found = self._repository.objects.reader.content(f"{tree}^{{tree}}")
            if found is None:
                raise unreadable_object(tree)
            self._folders[tree] = found[1]
        return self._folders[tree]


def entry_of(raw: bytes, name: str, modes: Collection[bytes], width: int) -> str | None:
    """What an entry of a tree object names, in so many bytes, where it has one of that name and one of some modes."""
    at = raw.find(b" %b\0" % name.encode())
    while at >= 0:
        if any(raw.endswith(mode, 0, at) for mode in modes):
            first = at + len(name) + 2
            return raw[first : first + width].hex()
        at = raw.find(b" %b\0" % name.encode(), at + 1)
    return None


class NotePaths(Mapping[TreeId, tuple[str, ...]]):
    """Where stored notes stand in their tree."""

    def __init__(self, notes: StoredNotes) -> None:
        self._notes = notes

    def __getitem__(self, name: TreeId) -> tuple[str, ...]:
        if name in self._notes:
            return self._notes.paths[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[TreeId]:
        return iter(self._notes)

    def __len__(self) -> int:
        return len(self._notes)


def read_some_notes(repository: Repository, tip: CommitId, names: Collection[TreeId]) -> Notes:
    """The notes of a notes commit, of which those of some objects are read now and others when they are asked for."""
    stored = StoredNotes(repository, tip, names)
    return Notes(tip, stored, NotePaths(stored), tuple(stored.too_large))


def changed_notes(repository: Repository, old: CommitId, new: CommitId) -> list[TreeId]:
    """The objects whose notes differ between two notes commits."""
    listed = repository.git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", old, new).fields()
    return [TreeId(name) for path in listed if is_object_name(name := path.replace("/", ""), repository)]


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
