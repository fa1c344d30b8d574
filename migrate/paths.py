"""Which paths a phase may name: inside the repository, relative, and never git's own folder."""

from __future__ import annotations

from migrate.errors import PathError


def check_path(path: str) -> str:
    """Return `path` without a trailing slash when it may be used, else raise `PathError`.

    The rules are git's own for a tree entry (`verify_path` in read-cache.c): no empty, `.` or `..` component, nothing
    absolute, no `.git` in any letter case or its NTFS short name, because a checkout elsewhere would act on them.
    """
    if "\0" in path:
        raise PathError(f"the path {path!r} holds a NUL byte")
    trimmed = path[:-1] if path.endswith("/") else path
    if trimmed.startswith("/"):
        raise PathError(f'"{path}" is absolute; a phase names paths from the top of the repository')
    for part in trimmed.split("/"):
        if part == "..":
            raise PathError(f'"{path}" leads out of the repository')
        if part in ("", "."):
            raise PathError(f'"{path}" is not a plain path: it has an empty or "." component')
        if part.lower().rstrip(". ") in (".git", "git~1"):
            raise PathError(f'"{path}" is inside git\'s own folder')
    return trimmed


def is_under(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or stands anywhere below it; everything stands below ""."""
    return not folder or path == folder or path.startswith(folder + "/")


def parents(path: str) -> list[str]:
    """The folders above `path`, nearest first, without the top."""
    found = []
    while "/" in path:
        path = path.rpartition("/")[0]
        found.append(path)
    return found
