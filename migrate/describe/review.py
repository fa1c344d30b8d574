"""Which files of a phase a reviewer must read, and which a program has checked.

A move touches hundreds of files whose difference is an import path. Each file is put in the first class that its bytes
prove. A file that no class explains must be read. So must a file in which old paths in strings, commands or settings
became new ones: what it does may have changed although every changed word is explained.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from migrate import limits
from migrate.engines.explanation import ChangeKind, Renames
from migrate.engines.references.common.spans import Reading
from migrate.engines.references.formats import format_of
from migrate.engines.registry import engine_of_file
from migrate.git.objects import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, BlobId, Objects, TreeEntry, is_binary
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState
from migrate.text import decode, plural
from migrate.tree.changes import FileChange
from migrate.tree.moves import MoveMap

Content = Callable[[BlobId], bytes]
"""The bytes of a blob."""


DOCUMENTS = (".md", ".mdx", ".markdown", ".rst")

WORDS = {REGULAR: "file", EXECUTABLE: "program", SYMLINK: "symlink", SUBMODULE: "submodule"}


TO_READ = (ChangeKind.READ, ChangeKind.REFERENCES)
"""The classes that a person must read: a rewritten string may not have been a path."""


@dataclass(frozen=True)
class Reviewed:
    """One file: its path now, how it changed, and how much (`3 lines`, `new, 40 lines`)."""

    path: str
    kind: ChangeKind
    reason: str


@dataclass(frozen=True)
class Review:
    """Every file of a phase, in the order of their paths."""

    files: tuple[Reviewed, ...] = ()

    def of(self, kind: ChangeKind) -> tuple[Reviewed, ...]:
        """The files of one class."""
        return tuple(file for file in self.files if file.kind is kind)

    @property
    def to_read(self) -> tuple[Reviewed, ...]:
        """The files that a person must read."""
        return tuple(file for file in self.files if file.kind in TO_READ)

    @property
    def unread(self) -> int:
        """The number of files that need no reading."""
        return len(self.files) - len(self.to_read)


def review_phase(objects: Objects, stack: Stack, phase: PhaseState) -> Review:
    """What a reviewer must read of a phase's own commit. One `git cat-file` reads a batch of blobs.

    Moves of the phases below count too, because an old reference may survive its phase.
    """
    moves = MoveMap({**dict(stack.moves_up_to(phase)), **dict(phase.moves)})
    sizes = objects.sizes_of(review_blobs(phase.files))
    held: dict[BlobId, bytes] = {}
    reader = ReviewReader(moves, held.__getitem__, sizes)
    found: list[Reviewed] = []
    for batch in review_batches(phase.files, sizes):
        held.clear()
        held.update(objects.blobs(oid for oid in review_blobs(batch) if not reader.is_too_large(oid)))
        found += map(reader.classify, batch)
    return Review(tuple(found))


def review_batches(files: Iterable[FileChange], sizes: Mapping[BlobId, int]) -> Iterator[list[FileChange]]:
    """The files in batches whose contents fit into memory together."""
    batch: list[FileChange] = []
    total = 0
    for file in files:
        size = sum(min(sizes.get(oid, 0), limits.COMPARED_BYTES) for oid in review_blobs([file]))
        if batch and total + size > limits.BATCH_BYTES:
            yield batch
            batch, total = [], 0
        batch.append(file)
        total += size
    yield batch


def review_blobs(files: Iterable[FileChange]) -> list[BlobId]:
    """The regular files whose content must be compared, on both sides."""
    changed = [file for file in files if file.old != file.new and file.new is not None]
    return [e.oid for file in changed for e in (file.old, file.new) if e is not None and e.is_text_candidate]


@dataclass(frozen=True)
class ReviewReader:
    """Reads both sides of files, knowing what moved."""

    moves: MoveMap
    content: Content
    sizes: Mapping[BlobId, int] = field(default_factory=dict)
    """The sizes of blobs in bytes; a blob that is not listed is small."""
    explainers: dict[str, Callable[[bytes, bytes], ChangeKind]] = field(default_factory=dict)
    """For each engine, the function that explains changes of its source code; made when first needed."""

    @cached_property
    def renames(self) -> Renames:
        """What old words are now."""
        return Renames(self.moves)

    def is_too_large(self, oid: BlobId) -> bool:
        """Whether a blob is too large to be compared."""
        return self.sizes.get(oid, 0) > limits.COMPARED_BYTES

    def classify(self, file: FileChange) -> Reviewed:
        """The class of one file."""
        if file.new is None:
            return Reviewed(file.path, ChangeKind.READ, "deleted")
        if file.old is None:
            return Reviewed(file.path, ChangeKind.READ, f"new, {self.size(file.new)}")
        if file.old == file.new:
            return Reviewed(file.path, ChangeKind.MOVED, "")
        return Reviewed(file.path, *self.compare(file.path, file.old, file.new))

    def compare(self, path: str, before: TreeEntry, after: TreeEntry) -> tuple[ChangeKind, str]:
        """The class of a file whose content changed, and how much changed."""
        if not (before.is_text_candidate and after.is_text_candidate):
            return ChangeKind.READ, special(before, after)
        if self.is_too_large(before.oid) or self.is_too_large(after.oid):
            return ChangeKind.READ, f"{limits.limit_words(self.sizes[after.oid])}, too large to compare"
        old, new = self.content(before.oid), self.content(after.oid)
        if before.mode != after.mode:
            mode = "now executable" if after.mode == EXECUTABLE else "no longer executable"
            return ChangeKind.READ, mode if old == new else f"{difference(old, new)}, {mode}"
        if is_binary(old) or is_binary(new):
            return ChangeKind.READ, "binary"
        kind = self.explain(path, old, new)
        explained = ", references alone" if kind is ChangeKind.REFERENCES else ""
        return kind, difference(old, new) + explained

    def explain(self, path: str, old: bytes, new: bytes) -> ChangeKind:
        """The class of a changed text; for source code its engine decides."""
        engine = engine_of_file(path)
        if engine is None:
            return text_kind(old, new, self.renames, path)
        if engine.name not in self.explainers:
            self.explainers[engine.name] = engine.explainer(self.moves)
        return self.explainers[engine.name](old, new)

    def size(self, entry: TreeEntry) -> str:
        """How a new file is described: `new, 40 lines`."""
        if not entry.is_text_candidate:
            return WORDS[entry.mode]
        if self.is_too_large(entry.oid):
            return limits.limit_words(self.sizes[entry.oid])
        raw = self.content(entry.oid)
        if is_binary(raw):
            return "binary"
        lines = plural(raw.count(b"\n") + (not raw.endswith(b"\n") and bool(raw)), "line")
        return f"{lines}, executable" if entry.mode == EXECUTABLE else lines


def text_kind(old: bytes, new: bytes, renames: Renames, path: str) -> ChangeKind:
    """The class of a text whose bytes changed."""
    kind = renames.kind(old, new)
    is_document = kind is ChangeKind.REFERENCES and path.endswith(DOCUMENTS)
    return ChangeKind.LINKS if is_document and unlinked(decode(old), path) == unlinked(decode(new), path) else kind


def unlinked(document: str, path: str) -> list[str]:
    """The text of a document with the targets of its links taken out."""
    links = [span for span in format_of(path).spans(document, path) if span.reading is Reading.LINK]
    ends = [0, *(span.end for span in links)]
    return [document[end:start] for end, start in zip(ends, [*(span.start for span in links), None], strict=True)]


def difference(old: bytes, new: bytes) -> str:
    """`3 lines`: how many lines one side has that the other has not, counted on the side that has more of them."""
    if is_binary(old) or is_binary(new):
        return "binary"
    before, after = Counter(old.split(b"\n")), Counter(new.split(b"\n"))
    changed = max((before - after).total(), (after - before).total())
    return plural(changed, "line") if changed else "lines in another order"


def special(old: TreeEntry, new: TreeEntry) -> str:
    """How an entry is described that is not, or was not, a regular file: `symlink`, `now a submodule`."""
    words = WORDS[new.mode]
    return words if old.mode == new.mode else f"now a {words}"
