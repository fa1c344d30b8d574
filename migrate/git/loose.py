"""Objects in files of their own, written and found without a process (gitrepository-layout(5), `objects`).

So git writes a few objects, too. What a setting has git do in another way is left to git.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from migrate.errors import GitFailedError

if TYPE_CHECKING:
    from migrate.git.objects import Objects

SYNCED = "core.fsync"
"""The setting that says what git writes through to the disk; loose objects are not among that unless it says so."""
LEFT_TO_GIT = frozenset(
    {
        "core.sharedrepository",
        "core.fsyncmethod",
        "core.fsyncobjectfiles",
        "core.createobject",
        "core.compression",
        "core.loosecompression",
        "extensions.compatobjectformat",
    }
)
"""Settings by which git writes an object in another way than without them (git-config(1))."""
READ_ONLY = 0o444
"""The permissions of an object, before the umask (`write_loose_object` in git's object-file.c)."""


def are_plain(settings: Mapping[str, str]) -> bool:
    """Whether git's configuration leaves the writing of objects as it is without any."""
    return LEFT_TO_GIT.isdisjoint(settings) and settings.get(SYNCED, "none") == "none"


class LooseObjects:
    """The objects of a repository that are in files of their own."""

    def __init__(self, folder: Path, objects: Objects) -> None:
        """`folder` is where a repository has its objects, and `objects` knows how it names them."""
        self._folder = folder
        self._objects = objects

    def write(self, kind: str, content: bytes) -> str:
        """Write an object of a kind, such as `tree`, and give its name. Raises `GitFailedError` when it cannot be.

        One that is in a file already gets a new date, which keeps `git gc` from taking it for old.
        """
        name = self._objects.hash_object(kind, content)
        path = self.path(name)
        try:
            if not is_renewed(path):
                put(path, zlib.compress(b"%b %d\0" % (kind.encode(), len(content)) + content, zlib.Z_BEST_SPEED))
        except OSError as error:
            raise GitFailedError(f'"{path}" cannot be written: {error.strerror}') from error
        return name

    def path(self, name: str) -> Path:
        """The file of an object."""
        return self._folder / name[:2] / name[2:]

    def holds(self, name: str) -> bool:
        """Whether an object is in a file of its own now."""
        with suppress(OSError):
            return self.path(name).stat().st_size > 0
        return False


def is_renewed(path: Path) -> bool:
    """Give a file the date of now; False where that cannot be done, as where there is none.

    A machine that lost its power leaves empty files, because git does not write objects through to the disk by itself.
    """
    with suppress(FileNotFoundError, PermissionError):
        os.utime(path)
        return path.stat().st_size > 0
    return False


def put(path: Path, raw: bytes) -> None:
    """Put an object in its place at once or not at all. Raises `OSError`.

    By its name `git gc` knows what a kill left of it (`prune_cruft` in git's builtin/prune.c).
    """
    draft = path.with_name(f"tmp_obj_{os.urandom(6).hex()}")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    try:
        descriptor = os.open(draft, flags, READ_ONLY)
    except FileNotFoundError:
        path.parent.mkdir(exist_ok=True)
        descriptor = os.open(draft, flags, READ_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(raw)
        draft.rename(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
