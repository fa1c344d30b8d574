"""Writes the files of a plan in a commit to disk, so that phases can be imported and can read the files beside them.

They are kept below git's own folder; deleting them loses only time.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from migrate.errors import PathError, RepositoryError
from migrate.git.objects import EXECUTABLE, SYMLINK, BlobId, TreeEntry, TreeId
from migrate.git.paths import check_path
from migrate.git.repository import Repository
from migrate.text import encode

KEPT = 20
"""Up to this many plans are kept on disk."""


@dataclass(frozen=True)
class Tracked:
    """A plan in a commit: its blob, and the trees of the folders that it names, by path."""

    blob: BlobId
    folders: Mapping[str, TreeId]

    def key(self, inside: str) -> str:
        """A hash that identifies these files."""
        parts = [inside, self.blob, *(f"{path}\0{oid}" for path, oid in sorted(self.folders.items()))]
        return hashlib.sha256(encode("\0".join(parts))).hexdigest()[:24]


def inner_path(parent: str, value: str) -> str | None:
    """A folder that a plan names, as a path in the repository; `""` for its top, None for one outside."""
    path = os.path.normpath(PurePosixPath(parent) / value)
    if path.startswith(("../", "/")) or path == "..":
        return None
    return "" if path == "." else path


def check_out_plan(repository: Repository, inside: str, tracked: Tracked) -> Path:
    """Write the files of a plan to disk, and return the folder that stands for the repository's top.

    Files that are there already are used again. When git's folder cannot be written, a temporary folder is used once.
    """
    plans = repository.state_dir / "plans"
    place = plans / tracked.key(inside)
    if place.is_dir():
        return place
    try:
        plans.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(dir=plans, prefix=".new-"))
    except OSError:
        made = place = Path(tempfile.mkdtemp(prefix="migrate-plan-"))
    try:
        fill_checkout(repository, made, inside, tracked)
        if made != place:
            checkout_name(made, place)
    except OSError as error:
        raise RepositoryError(
            f'"{made}" cannot be written: {error.strerror}', advice="make room there, then run the command again"
        ) from error
    finally:
        if made != place:
            shutil.rmtree(made, ignore_errors=True)
    forget_old(plans)
    return place


def checkout_name(made: Path, place: Path) -> None:
    """Give a finished folder its name, unless another process has finished the same folder before."""
    try:
        made.rename(place)
    except OSError:
        if not place.is_dir():
            raise


def fill_checkout(repository: Repository, place: Path, inside: str, tracked: Tracked) -> None:
    """Write the files of a plan below a folder."""
    entries: dict[str, TreeEntry] = {}
    for folder, tree in tracked.folders.items():
        found = repository.objects.tree(tree)
        entries |= {
            f"{folder}/{path}".lstrip("/"): entry
            for path, entry in found.items()
            if (folder or is_beside(path, found)) and is_plain(path)
        }
    if "" in tracked.folders:
        (place / ".git").touch()  # This marks the top of a repository (`templating/beside.py`).
    links = {path: entry for path, entry in entries.items() if entry.mode == SYMLINK}
    files = {path: entry.oid for path, entry in entries.items() if entry.is_text_candidate} | {inside: tracked.blob}
    contents = dict(repository.objects.blobs([*files.values(), *(entry.oid for entry in links.values())]))
    for path, oid in files.items():
        file = place / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents[oid])
        if path in entries and entries[path].mode == EXECUTABLE:
            file.chmod(0o755)
    for path, entry in links.items():
        target = os.fsdecode(contents[entry.oid])
        # A link out of the repository would show phases files that are not part of the commit.
        if inner_path(str(PurePosixPath(path).parent), target) in files:
            file = place / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.symlink_to(target)


def is_plain(path: str) -> bool:
    """Whether a file of somebody else's tree stays below the folder when it is written, and is not one of git's own."""
    try:
        return check_path(path) == path
    except PathError:
        return False


def is_beside(path: str, tree: Mapping[str, TreeEntry]) -> bool:
    """Whether a file can belong to a phase that stands at the top of the repository."""
    first, slash, _ = path.partition("/")
    return not slash or f"{first}/__init__.py" in tree


def forget_old(plans: Path) -> None:
    """Remove the oldest plans from disk."""
    with suppress(OSError):
        laid = sorted(plans.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in laid[KEPT:]:
            # Rename it first: under its own name, a half-deleted folder would be taken for the plan.
            shutil.rmtree(path.rename(path.with_name(f".new-{path.name}")), ignore_errors=True)
