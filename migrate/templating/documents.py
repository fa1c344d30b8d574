"""Files that belong to people: read within a limit, and written whole or not at all, where they were asked for.

What a person wrote is never half gone: a file is written beside and renamed. It keeps its permissions, and no symlink
is followed out of the folder.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from migrate.errors import RefusedError
from migrate.git.files import put_in_place, umask
from migrate.templating.reading import read_regular


def read_document(folder: Path, path: Path, largest: int) -> bytes:
    """The bytes of a file in a folder, none where there is no file.

    Raises `RefusedError` for one outside of the folder, `OSError` for one that cannot be read or written, that is no
    regular file, or has more than `largest` bytes.
    """
    place = path_inside_folder(folder, path)
    try:
        raw = read_regular(place, largest)
    except FileNotFoundError:
        return b""
    # A rename asks nobody whether the file itself may be written.
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
    """Where a path leads. Raises `RefusedError` when symlinks lead it out of its folder."""
    place = Path(os.path.realpath(path))
    if not place.is_relative_to(os.path.realpath(folder)):
        raise RefusedError(
            f'"{path}" is a symlink that leads out of "{folder}", so nothing was written',
            advice="remove the link, or name the folder that it leads to",
        )
    return place


def usual_mode() -> int:
    """The permissions that a new file has."""
    return 0o666 & ~umask()
