"""What of a disk can make a difference to whoever comes next: two disks with the same digest are judged alike.

Left out is what nobody ever reads: the content of lock files and of temporary files, objects that nothing names, and
by which numbers the kernel knows a file. An object that is named and is not there whole is told apart.
"""

from __future__ import annotations

import hashlib
import os
import re
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

NAME = re.compile(rb"\b[0-9a-f]{40}\b")
TEMPORARY = re.compile(r"tmp_\w+|\.new-\w+|\.migrate-\w+\.new|importing-\d+-\d+|fast_import_crash_\d+")
UNREAD = re.compile(r".*\.lock|packed-refs\.new|lock")
"""Files of which it matters only that they are there: what a git or a command that is gone was about to write."""
ENTRY = 62
"""Bytes of an entry of an index before its path."""
_named: dict[bytes, tuple[int, tuple[bytes, ...]]] = {}
"""By the name of an object: how many bytes its file has, and what it names. Neither ever changes."""


@dataclass
class Store:
    """The objects of one repository, and what its other files name."""

    loose: dict[bytes, os.DirEntry[str]] = field(default_factory=dict)
    packed: set[bytes] = field(default_factory=set)
    roots: set[bytes] = field(default_factory=set)

    def lacking(self) -> Iterator[str]:
        """What is named, also by what is named, and not there whole. What is in a pack is: git made that at once."""
        todo, seen = list(self.roots), set(self.roots)
        found = []
        while todo:
            name = todo.pop()
            size, names = self._look(name)
            if size is not None and self.loose[name].stat().st_size != size:
                size = None
            if size is None and name not in self.packed:
                found.append(repr(name))
            todo += [other for other in names if other not in seen]
            seen.update(names)
        yield from sorted(found)

    def _look(self, name: bytes) -> tuple[int | None, tuple[bytes, ...]]:
        if name not in self.loose:
            return None, ()
        if name not in _named:
            try:
                _named[name] = named_by(Path(self.loose[name].path).read_bytes())
            except (OSError, ValueError, zlib.error):
                return None, ()
        return _named[name]


def named_by(raw: bytes) -> tuple[int, tuple[bytes, ...]]:
    """The size of an object's file and what the object names. Raises `ValueError` or `zlib.error` for a broken one."""
    head, _, body = zlib.decompress(raw).partition(b"\0")
    kind = head.partition(b" ")[0]
    if kind == b"tree":
        names = []
        while body:
            mode, _, rest = body.partition(b"\0")
            if not mode.startswith(b"160000"):
                names.append(rest[:20].hex().encode())
            body = rest[20:]
        return len(raw), tuple(names)
    if kind == b"blob":
        return len(raw), ()
    return len(raw), tuple(NAME.findall(body.partition(b"\n\n")[0]))


def digest(top: Path) -> bytes:
    """The digest of a folder."""
    sums = hashlib.sha1(usedforsecurity=False)
    stores: dict[str, Store] = {}
    for line in sorted(lines(str(top), "", None, stores)):
        sums.update(line.encode("utf-8", "surrogateescape") + b"\n")
    for name, store in sorted(stores.items()):
        sums.update("\n".join([name, *store.lacking()]).encode("utf-8", "surrogateescape"))
    return sums.digest()


def lines(folder: str, shown: str, store: Store | None, stores: dict[str, Store]) -> Iterator[str]:
    """A line for everything in a folder, and its objects in `stores`. `store` is that of the repository around it."""
    with os.scandir(folder) as found:
        entries = list(found)
    if any(entry.name == "HEAD" for entry in entries) and any(entry.name == "objects" for entry in entries):
        store = stores.setdefault(shown, Store())
        gather(f"{folder}/objects", store)
        entries = [entry for entry in entries if entry.name != "objects"]
    for entry in entries:
        place = f"{shown}/{TEMPORARY.sub('#', entry.name)}"
        with suppress(FileNotFoundError):
            if entry.is_symlink():
                yield f"{place} -> {os.readlink(entry.path)}"  # noqa: PTH115
            elif entry.is_dir(follow_symlinks=False):
                yield f"{place}/"
                yield from lines(entry.path, place, store, stores)
            elif UNREAD.fullmatch(entry.name) or "#" in place:
                yield place
            else:
                yield f"{place} {entry.stat().st_mode & 0o777:o} {content(entry.path, store)}"


def content(path: str, store: Store | None) -> str:
    """What stands for the content of a file, which may name objects of a store."""
    raw = Path(path).read_bytes()
    if raw[:4] == b"DIRC":
        with suppress(struct.error, IndexError):
            return index(raw, store)
    if store is not None:
        store.roots.update(NAME.findall(raw))
    return hashlib.sha1(raw, usedforsecurity=False).hexdigest()


def index(raw: bytes, store: Store | None) -> str:
    """The entries of an index without what it remembers of files, by which git only knows faster what differs."""
    found, place = [], 12
    for _ in range(struct.unpack_from(">L", raw, 8)[0]):
        mode, size = struct.unpack_from(">L", raw, place + 24)[0], struct.unpack_from(">L", raw, place + 36)[0]
        name, end = raw[place + 40 : place + 60], raw.index(b"\0", place + ENTRY)
        flags = struct.unpack_from(">H", raw, place + 60)[0]
        found.append(f"{mode:o} {name.hex()} {flags} {raw[place + ENTRY : end]!r} {size == 0}")
        if store is not None:
            store.roots.add(name.hex().encode())
        place = end + 8 - (end - place) % 8
    return "\n".join(found)


def gather(folder: str, store: Store) -> None:
    """Find the objects of a repository."""
    for fan in os.scandir(folder):
        if len(fan.name) == 2:
            with suppress(FileNotFoundError):
                for entry in os.scandir(fan.path):
                    if not entry.name.startswith("tmp_"):
                        store.loose[f"{fan.name}{entry.name}".encode()] = entry
        elif fan.name == "pack":
            for entry in os.scandir(fan.path):
                if entry.name.endswith(".idx"):
                    store.packed |= packed(Path(entry.path).read_bytes())


def packed(raw: bytes) -> set[bytes]:
    """The objects that an index of a pack, of version 2, lists: behind a head of 8 bytes and 256 counts."""
    count = struct.unpack_from(">L", raw, 8 + 255 * 4)[0]
    return {raw[8 + 1024 + 20 * i : 8 + 1044 + 20 * i].hex().encode() for i in range(count)}
