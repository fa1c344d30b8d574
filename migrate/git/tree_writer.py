"""Trees that differ from others in a few paths, written from the bottom up: only folders on the way are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from migrate.git.objects import FOLDER, BlobId, Objects, TreeEntry, TreeId
from migrate.text import encode

Write = Callable[[bytes], str]
"""Writes a tree and gives its name."""


def changed_tree(objects: Objects, tree: TreeId | None, changes: Mapping[str, TreeEntry | None], write: Write) -> str:
    """Write a tree, None for an empty one, with other files at some paths, where None deletes what is there.

    A path that is deleted and one that is set may be on each other's way: deleting comes first. Raises
    `GitFailedError` where a folder on the way is not here.
    """
    return _changed(objects, tree, changes, write) or write(b"")


def _changed(
    objects: Objects, tree: TreeId | None, changes: Mapping[str, TreeEntry | None], write: Write
) -> TreeId | None:
    """The same; None, and nothing written, where no file is left."""
    entries = dict(objects.folder(tree)) if tree is not None else {}
    below: dict[str, dict[str, TreeEntry | None]] = {}
    for path, entry in changes.items():
        name, is_below, rest = path.partition("/")
        if is_below:
            below.setdefault(name, {})[rest] = entry
        elif entry is None:
            entries.pop(name, None)
    for name, inner in below.items():
        _change_folder(objects, entries, name, inner, write)
    entries |= {path: entry for path, entry in changes.items() if entry is not None and "/" not in path}
    return TreeId(write(tree_object(entries))) if entries else None


def _change_folder(
    objects: Objects, entries: dict[str, TreeEntry], name: str, inner: Mapping[str, TreeEntry | None], write: Write
) -> None:
    """Change what is in one folder of a tree."""
    before = entries.get(name)
    folder = TreeId(before.oid) if before is not None and before.mode == FOLDER else None
    after = _changed(objects, folder, inner, write)
    if after is not None:
        entries[name] = TreeEntry(FOLDER, BlobId(after))
    elif folder is not None:
        del entries[name]


def tree_object(entries: Mapping[str, TreeEntry]) -> bytes:
    """The object of a tree: its entries as git sorts them, a folder as if its name ended with a slash."""
    rows = [(encode(name), entry) for name, entry in entries.items()]
    rows.sort(key=lambda row: row[0] + b"/" if row[1].mode == FOLDER else row[0])
    return b"".join(
        b"%b %b\0%b" % (entry.mode.lstrip("0").encode(), name, bytes.fromhex(entry.oid)) for name, entry in rows
    )
