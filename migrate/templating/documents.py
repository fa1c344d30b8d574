"""People's own files: read within a limit, and written completely or not at all, exactly where they belong.

A crash cannot leave half a file: the new content is written to a second file, which is then renamed. The file keeps its
permissions, and no symlink is followed out of the folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from migrate.errors import RefusedError
from migrate.git.files import put_in_place, umask
from migrate.templating.reading import read_regular


def read_document(folder: Path, path: Path, largest: int) -> bytes:
    """The bytes of a file in a folder; empty when there is no file.

    Raises `RefusedError` for one outside of the folder, `OSError` for one that cannot be read or written, that is no
    regular file, or has more than `largest` bytes.
    """
    place = path_inside_folder(folder, path)
    try:
        raw = read_regular(place, largest)
    except FileNotFoundError:
        return b""
    # A rename works even when the file itself must not be written, so check that first.
    os.close(os.open(place, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC))
    return raw


def write_document(folder: Path, path: Path, raw: bytes) -> None:
    """Put a whole file into a folder, in place of what is there. Raises `RefusedError` and `OSError`."""
    place = path_inside_folder(folder, path)
    mode = stat.S_IMODE(place.stat().st_mode) if place.exists() else usual_mode()
    put_in_place(place, raw, mode)


def create_document(folder: Path, path: Path, raw: bytes) -> None:
    """Put a whole new file into a folder. Raises `RefusedError` and `OSError`, `FileExistsError` where one is there."""
    place = path_inside_folder(folder, path.parent) / path.name
    put_in_place(place, raw, usual_mode(), over=False)


def path_inside_folder(folder: Path, path: Path) -> Path:
    """A path with its symlinks resolved. Raises `RefusedError` when they lead out of the folder."""
    place = Path(os.path.realpath(path))
    if not place.is_relative_to(os.path.realpath(folder)):
        raise RefusedError(
            f'"{path}" is a symlink that leads out of "{folder}", so nothing was written',
            advice="remove the link, or name the folder that it leads to",
        )
    return place


def usual_mode() -> int:
    """The permissions that a new file gets."""
    return 0o666 & ~umask()
