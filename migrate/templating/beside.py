"""The files in a folder of phases or templates: listed once, read once, and only up to a limit."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from migrate import limits
from migrate.templating.reading import read_regular

PHASE_FILE = re.compile(r"p(\d+)_[a-z0-9_]+\.py")
"""The name of a phase's module."""

OTHER_FOLDERS = frozenset(
    {".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", ".tox", ".idea", ".vscode"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache"}
)
"""Folders that tools write: their content differs between clones."""
OTHER_FILES = (".DS_Store", "Thumbs.db", "*~", ".*.sw?", "#*#", ".#*", "*.pyc")
"""Files that editors and desktops leave behind."""


class FileContent(NamedTuple):
    """The content of a file, as far as it was read."""

    fingerprint: bytes
    size: int
    text: str
    """The beginning of the file as text."""


class Listing(NamedTuple):
    """The files of a folder; incomplete when there were more than the limit."""

    files: tuple[str, ...]
    is_whole: bool


class FilesBeside:
    """The files of a folder, by their paths from it."""

    def __init__(self, top: Path, leave_out: Collection[Path] = ()) -> None:
        self.top = top
        self._leave_out = frozenset(leave_out)
        self._contents: dict[str, FileContent] = {}

    @property
    def files(self) -> tuple[str, ...]:
        """Every file, those at the top first. Links and special files are included, folders are not."""
        return self._listing.files

    @property
    def is_listed(self) -> bool:
        """Whether `files` is complete."""
        return self._listing.is_whole

    @cached_property
    def is_repository(self) -> bool:
        """Whether the folder is the top of a work tree: phases change its files, and are not made from them."""
        return os.path.lexists(self.top / ".git")

    def is_file(self, name: str) -> bool:
        """Whether there is such a file, or a link to one, that can be read."""
        try:
            return (self.top / name).is_file()
        except OSError:
            return False

    def size(self, name: str) -> int:
        """The size of a file in bytes; 0 when it is unknown."""
        try:
            return (self.top / name).stat().st_size
        except OSError:
            return 0

    def content(self, name: str) -> FileContent:
        """The content of a file: for a link to a folder its target, for what cannot be read a mark that says so."""
        if name not in self._contents:
            self._contents[name] = self._read(self.top / name)
        return self._contents[name]

    def raw(self, name: str, largest: int) -> bytes:
        """The bytes of a file. Raises `OSError`."""
        return read_regular(self.top / name, largest)

    @cached_property
    def _listing(self) -> Listing:
        found: list[str] = []
        room = limits.FOLDER_ENTRIES
        folders = [self.top]
        for folder in folders:  # This list grows while the loop runs.
            here = sorted(folder_entries(folder, room), key=lambda entry: entry.name)
            room -= len(here)
            for entry in here:
                path = Path(entry.path)
                if path in self._leave_out:
                    continue
                if entry.is_dir(follow_symlinks=False):
                    folders += [path] if entry.name not in OTHER_FOLDERS else []
                elif not any(fnmatchcase(entry.name, glob) for glob in OTHER_FILES):
                    found.append(path.relative_to(self.top).as_posix())
        return Listing(tuple(found), is_whole=room > 0)

    def _read(self, path: Path) -> FileContent:
        try:
            data = (
                os.fsencode(path.readlink())
                if path.is_symlink() and path.is_dir()
                else read_regular(path, limits.PHASE_FILES_BYTES)
            )
        except OSError:
            return FileContent(b"unreadable", 0, "")
        return FileContent(
            hashlib.sha256(data).digest(), len(data), data[: limits.SEARCHED_BYTES].decode(errors="replace")
        )


def folder_entries(folder: Path, room: int) -> Iterator[os.DirEntry[str]]:
    """The entries of a folder, up to the limit; none when it cannot be read."""
    try:
        with os.scandir(folder) as found:
            for entry, _ in zip(found, range(room), strict=False):
                yield entry
    except OSError:
        return
