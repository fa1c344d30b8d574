"""Which paths a phase may name: inside the repository, relative, and never git's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.errors import PathError
from migrate.limits import PATH_BYTES, PATH_PART_BYTES
from migrate.text import encode, shortened

DOT_GIT = re.compile(r"(?:\.git|git~1)[. ]*(?:[\\:]|\Z)", re.IGNORECASE | re.ASCII)
DOT_GITMODULES = re.compile(r"(?:\.gitmodules|gitmod~[1-4]|gi7eba~[0-9])[. ]*(?:[\\:]|\Z)", re.IGNORECASE | re.ASCII)
IGNORED_BY_HFS = dict.fromkeys((*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF))


def check_path(path: str) -> str:
    """Return `path` without a trailing slash when it may be used, else raise `PathError`.

    The rules are git's own for a tree entry (`verify_path` in read-cache.c): no empty, `.` or `..` component, nothing
    absolute, no `.git` in any letter case, its NTFS short name or what HFS+ takes for it, because a checkout elsewhere
    would act on them.
    """
    if "\0" in path:
        raise PathError(f"the path {path!r} holds a NUL byte")
    if any(0xD800 <= ord(c) < 0xDC80 or 0xDCFF < ord(c) < 0xE000 for c in path):
        raise PathError(f"the path {path!r} holds an incomplete character")
    trimmed = path[:-1] if path.endswith("/") else path
    if trimmed.startswith("/"):
        raise PathError(f'"{path}" is absolute; a phase names paths from the top of the repository')
    if len(encode(trimmed)) > PATH_BYTES:
        raise PathError(f'the path "{shortened(path, 80)}" has more than {PATH_BYTES:,} bytes: nothing can open it')
    for part in trimmed.split("/"):
        if part == "..":
            raise PathError(f'"{path}" leads out of the repository')
        if part in ("", "."):
            raise PathError(f'"{path}" is not a plain path: it has an empty or "." component')
        if len(encode(part)) > PATH_PART_BYTES:
            raise PathError(f'a name in the path "{shortened(path, 80)}" has more than {PATH_PART_BYTES} bytes')
        # NTFS takes what is behind a backslash for a name of its own.
        if any(DOT_GIT.match(name) for name in part.translate(IGNORED_BY_HFS).split("\\")):
            raise PathError(f'"{path}" is inside git\'s own folder')
    return trimmed


def check_entry(path: str, *, is_link: bool) -> None:
    """Raise `PathError` for an entry of a tree that git checks out nowhere, and that its `fsck` refuses.

    A `.gitmodules` that is a symlink is one: git would read another file as that.
    """
    check_path(path)
    name = path.rpartition("/")[2].translate(IGNORED_BY_HFS)
    if is_link and any(map(DOT_GITMODULES.match, name.split("\\"))):
        raise PathError(f'"{path}" is a symlink')


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or stands anywhere below it; everything stands below ""."""
    return not folder or path == folder or path.startswith(folder + "/")


def folder_of(path: str) -> str:
    """The folder that a path stands in; "" is the top."""
    return path.rpartition("/")[0]


def folders_of_paths(paths: Iterable[str]) -> set[str]:
    """Every folder that stands above one of the paths, and the top, which is ""."""
    found = {""}
    for nearest in {folder_of(path) for path in paths}:
        folder = nearest
        while folder not in found:
            found.add(folder)
            folder = folder_of(folder)
    return found


def parents(path: str) -> list[str]:
    """The folders above `path`, nearest first, without the top."""
    found = []
    while "/" in path:
        path = folder_of(path)
        found.append(path)
    return found
