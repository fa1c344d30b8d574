"""`migrate clean`: what of a repository can be deleted at the price of time, and deleting it.

Nothing of it is state. A slot in which a command runs stays, and so does one in which a person resolves a conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from migrate.execution.slots import drop_empty, is_slot_of, lock_of, own_slots, remove_slot, slot_folders
from migrate.git.cache import cache_of, cache_owner, find_root, known_cache, read_key
from migrate.git.files import is_real_folder, remove_tree, size_of
from migrate.git.flocks import release_flock, take_flock
from migrate.git.refs import read_refs
from migrate.git.registry import CONFLICT, is_for_conflict
from migrate.git.repository import Repository
from migrate.journal.lock import locked
from migrate.text import printable

HELD = frozenset({"lock", "slots", "slots.lock", "slots-key"})
"""What of `.git/migrate` stays: locks, the name of the folder with the slots, and the slots of earlier versions."""


class CacheKind(Enum):
    """What can be deleted."""

    SLOT = "a work tree in which commands run"
    OWN = "a log or a cache in git's folder"
    ORPHAN = "the folder of a repository that no longer exists"


@dataclass(frozen=True)
class CacheItem:
    """Something that can be deleted: its name for people, the bytes that it takes, and why it is kept if it is."""

    kind: CacheKind
    name: str
    path: Path
    size: int
    kept: str = ""


@dataclass(frozen=True)
class CleanFailure:
    """What could not be deleted, and why."""

    item: CacheItem
    why: str


@dataclass(frozen=True)
class CleanScope:
    """What is looked for: slots, and with `everything` also logs and caches in git's folder, with `orphaned` also the
    slots of repositories that are no more. `standing` is where the command was typed."""

    standing: Path
    everything: bool = False
    orphaned: bool = False


def find_items(repository: Repository, scope: CleanScope) -> list[CacheItem]:
    """Everything that can be deleted, and what of it is kept. Nothing changes."""
    items = [
        CacheItem(CacheKind.SLOT, f"slot {path.name}", path, size_of(path), why_kept(repository, path, scope.standing))
        for path in all_slots(repository)
    ]
    if scope.everything and repository.state_dir.is_dir():
        places = (place for place in sorted(repository.state_dir.iterdir()) if place.name not in HELD)
        items += [CacheItem(CacheKind.OWN, place.name, place, size_of(place)) for place in places]
    if scope.orphaned:
        items += orphans(repository)
    return items


def all_slots(repository: Repository) -> list[Path]:
    """Every slot of a repository, whether git knows it or not."""
    cache = known_cache(repository)
    if cache is not None and cache.path.is_dir():
        cache = cache_of(repository)  # Says whose they are when the repository was moved.
    folders = [repository.state_dir / "slots", *([cache.slots] if cache else [])]
    found = [path for folder in folders if is_real_folder(folder) for path in slot_folders(folder)]
    known = [slot.path for slot in own_slots(repository) if is_real_folder(slot.path)]
    return list(dict.fromkeys([*found, *known]))


def why_kept(repository: Repository, path: Path, standing: Path) -> str:
    """Why a slot stays, or nothing."""
    if standing.is_relative_to(path):
        return "you are in it"
    if is_busy(path):
        return "a command is at work in it"
    if any(is_slot_of(path, f"{CONFLICT}{name}-") for name in stopped_migrations(repository)):
        return "a conflict waits in it: migrate continue, or migrate abort"
    return ""


def stopped_migrations(repository: Repository) -> Iterator[str]:
    """The names of the migrations of which a command stopped at a conflict."""
    return (ref.split("/")[2] for ref in read_refs(repository, "refs/migrate/*/stopped"))


def is_busy(path: Path) -> bool:
    """Whether a command is at work in a slot."""
    lock = take_flock(lock_of(path))
    if lock is not None:
        release_flock(lock)
    return lock is None


def orphans(repository: Repository) -> Iterator[CacheItem]:
    """The folders of repositories that were deleted, or are on a disk that is not there."""
    for folder in slot_folders(find_root(repository).path):
        owner = cache_owner(folder)
        if owner is not None and is_orphaned(folder):
            yield CacheItem(
                CacheKind.ORPHAN, f"slots of {printable(str(owner))}", folder, size_of(folder), why_left(folder)
            )


def is_orphaned(folder: Path) -> bool:
    """Whether no repository uses a folder of the cache."""
    owner = cache_owner(folder)
    return owner is not None and read_key(owner / "migrate") != folder.name


def why_left(folder: Path) -> str:
    """Why the folder of another repository stays, or nothing."""
    slots = slot_folders(folder / "slots") if is_real_folder(folder / "slots") else []
    if not is_orphaned(folder):
        return "its repository exists again"
    if any(map(is_busy, slots)):
        return "a command is at work in it"
    return "a person may have resolved a conflict in it" if any(map(is_for_conflict, slots)) else ""


def delete_items(
    repository: Repository, items: Iterable[CacheItem], scope: CleanScope
) -> tuple[list[CacheItem], list[CleanFailure]]:
    """Delete what is not kept; what was deleted, and what could not be.

    Each is looked at again first, because a command may have begun meanwhile. Raises `LockedError` when logs are to be
    deleted and another command is at work.
    """
    deleted: list[CacheItem] = []
    failed: list[CleanFailure] = []
    with locked(repository, "migrate clean") if scope.everything else nullcontext():
        for item in items:
            try:
                why = delete_one(repository, item, scope)
            except OSError as error:
                why = f"{error.strerror}: {error.filename}"
            if why:
                failed.append(CleanFailure(item, why))
            else:
                deleted.append(item)
    drop_empty(repository, {item.path.parent for item in deleted if item.kind is CacheKind.SLOT})
    return deleted, failed


def delete_one(repository: Repository, item: CacheItem, scope: CleanScope) -> str:
    """Delete one thing; why it is kept after all, or nothing. Raises `OSError`."""
    if item.kind is CacheKind.SLOT:
        why = why_kept(repository, item.path, scope.standing)
        return why or ("" if remove_slot(repository, item.path) else "a command is at work in it")
    why = why_left(item.path) if item.kind is CacheKind.ORPHAN else ""
    if not why:
        remove_tree(item.path if item.kind is CacheKind.ORPHAN else out_of_sight(item.path))
    return why


def out_of_sight(path: Path) -> Path:
    """Give what is to be removed another name first, so that nobody reads a half of it after a kill; that name."""
    gone = path.with_name(f".{path.name}.gone")
    remove_tree(gone)
    return path.rename(gone) if path.exists() else path
