"""The place of a repository's slots: a folder of its own in the user's cache, outside of every checkout.

Each repository has a key, kept in `.git/migrate/slots-key`, that names its folder. `owner` in that folder says which
repository it belongs to. So a moved repository keeps its folder, a copy of one gets a new folder, and two repositories
with the same name or place never share one. All of it can be deleted: what is needed is made again.
"""

from __future__ import annotations

import os
import re
import stat
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.git.files import is_real_folder, remove_tree, write_file
from migrate.git.flocks import flock_held
from migrate.git.registry import registered_slots
from migrate.git.repository import Repository
from migrate.git.surroundings import SKIPPED, found_above, sweep
from migrate.text import printable

SETTING = "migrate.slotsDir"
PROGRAM = "git-phases"
KEY_FILE, OWNER_FILE = "slots-key", "owner"
KEY = re.compile(r"[\w-][\w.-]{0,63}-[0-9a-f]{16}", re.ASCII)
TEMPORARY = "/var/tmp"  # noqa: S108  What is made there is looked at before it is used.
"""Where files last longer than in /tmp (hier(7))."""
ADVICE = f"name another folder: git config {SETTING} DIR"


@dataclass(frozen=True)
class CacheRoot:
    """The folder in which every repository has its own folder; `told` is a sentence for the user about that choice."""

    path: Path
    told: str = ""


@dataclass(frozen=True)
class Cache:
    """The folder of one repository."""

    path: Path

    @property
    def slots(self) -> Path:
        """The folder of the slots."""
        return self.path / "slots"


def cache_of(repository: Repository) -> Cache:
    """The folder of a repository; it is created if missing.

    Raises `RepositoryError` when there is no place for it. When the folder is created, the user is told about the
    place.
    """
    root = find_root(repository)
    try:
        with flock_held(repository.state_dir / "slots.lock"):
            cache = Cache(root.path / claimed_key(repository, root.path))
            is_new = cache_owner(cache.path) is None
            make_folder(cache.slots)
            write_file(cache.path / OWNER_FILE, os.fsencode(real_path(repository.common_dir)))
            for folder in (cache.path, cache.slots):
                sweep(folder)
    except OSError as error:
        raise RepositoryError(
            f'"{error.filename or root.path}" cannot be written: {error.strerror}', advice=ADVICE
        ) from error
    if is_new and root.told:
        repository.tell(root.told)
    return cache


def known_cache(repository: Repository) -> Cache | None:
    """The folder of a repository, if it is known; it need not exist, and is not created."""
    key = read_key(repository.state_dir)
    folder = find_root(repository).path / key if key else None
    return Cache(folder) if folder is not None and not is_copied(repository, folder) else None


def claimed_key(repository: Repository, root: Path) -> str:
    """The key of a repository: its own, or a new one if it has none, or shares it with its original."""
    key = read_key(repository.state_dir) or key_of_slots(repository, root)
    if key is None or is_copied(repository, root / key):
        key = new_key(real_path(repository.common_dir))
    write_file(repository.state_dir / KEY_FILE, key.encode())
    return key


def is_copied(repository: Repository, folder: Path) -> bool:
    """Whether a folder belongs to another repository that still uses it, so that this one is a copy of that."""
    owner = cache_owner(folder)
    if owner is None or read_key(owner / "migrate") != folder.name:
        return False
    return not owner.samefile(repository.common_dir)


def read_key(state_dir: Path) -> str | None:
    """The key in a repository's own folder, or None."""
    try:
        key = (state_dir / KEY_FILE).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return key if KEY.fullmatch(key) else None


def key_of_slots(repository: Repository, root: Path) -> str | None:
    """The key of existing slots of this repository, for when it was lost with `.git/migrate`."""
    for slot in registered_slots(repository):
        place = slot.path.parent.parent
        if place.parent == root and slot.is_linked and cache_owner(place) == real_path(repository.common_dir):
            return place.name
    return None


def new_key(common_dir: Path) -> str:
    """A key that nobody else has, with the name of the repository for people."""
    place = common_dir.parent if common_dir.name == ".git" else common_dir
    name = re.sub(r"[^\w.-]", "_", place.name, flags=re.ASCII).lstrip(".")[:40]
    return f"{name or 'repository'}-{os.urandom(8).hex()}"


def cache_owner(folder: Path) -> Path | None:
    """The git folder of the repository that owns a folder of the cache."""
    try:
        return Path(os.fsdecode((folder / OWNER_FILE).read_bytes()))
    except OSError:
        return None


def make_folder(path: Path) -> None:
    """Make a folder and those above it, readable by the user only.

    A file or symlink in the place of the last two is removed.
    """
    for folder in (path.parent, path):
        if os.path.lexists(folder) and not is_real_folder(folder):
            remove_tree(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)


# -- the place of all of them -----------------------------------------------------------------------------------------


def find_root(repository: Repository) -> CacheRoot:
    """The folder in which every repository has its own.

    It is the one of `migrate.slotsDir`, or else the user's cache, or else a temporary folder: the first that is
    writable and has nothing above it that a tool would find. Raises `RepositoryError` when none can be written.
    """
    named = repository.config(SETTING, "path")
    if named is not None:
        return chosen_root(repository, named)
    told = ""
    spare: list[tuple[Path, bool]] = []
    for place, is_shared in cache_places():
        found = in_the_way(repository, place)
        why = unusable(place, is_shared=is_shared) if found is None else f'"{found}" stands above "{place.parent}"'
        if why is None:
            return CacheRoot(place, told and f"Slots stand in {place}, because {told}.")
        if found is not None:
            spare.append((place, is_shared))
        told = told or why
    for place, is_shared in spare:
        if unusable(place, is_shared=is_shared) is None:
            return CacheRoot(place, f"Slots stand in {place}, although {told}, where tools look for their settings.")
    raise RepositoryError(f"there is no folder for slots: {told}", advice=ADVICE)


def chosen_root(repository: Repository, named: str) -> CacheRoot:
    """The folder that the user chose. Raises `RepositoryError` when slots cannot stand there."""
    place = real_path(os.path.join(checkout_top(repository), named))  # noqa: PTH118  An absolute path is taken as it is.
    found = in_the_way(repository, place)
    if found is None:
        why = unusable(place, is_shared=False)
    elif found == repository.work_tree or found.name in SKIPPED:
        why = f'it is inside "{found if found == repository.work_tree else found.parent}"'
    else:
        why = f'tools that run there would find "{found}"'
    if why is not None:
        raise RepositoryError(f'slots cannot stand in "{printable(str(place))}" ({SETTING}): {why}', advice=ADVICE)
    return CacheRoot(place)


def checkout_top(repository: Repository) -> Path:
    """The folder from which a relative path in the repository's configuration counts."""
    return repository.common_dir.parent if repository.common_dir.name == ".git" else repository.common_dir


def cache_places() -> Iterator[tuple[Path, bool]]:
    """The possible folders, and whether other users can write beside them."""
    cache = user_cache()
    if cache is not None:
        yield real_path(cache / PROGRAM), False
    for folder in dict.fromkeys((real_path(TEMPORARY), real_path(tempfile.gettempdir()))):
        yield folder / f"{PROGRAM}-{os.geteuid()}", True


def user_cache() -> Path | None:
    """The folder for caches: https://specifications.freedesktop.org/basedir-spec/latest/, and Apple's on macOS."""
    named = os.environ.get("XDG_CACHE_HOME", "")
    if Path(named).is_absolute():
        return Path(named)
    home = os.path.expanduser("~")  # noqa: PTH111  Path.home() raises where there is no user of our number.
    if not Path(home).is_absolute():
        return None
    return Path(home, "Library/Caches" if sys.platform == "darwin" else ".cache")


def real_path(path: str | Path) -> Path:
    """A path without symlinks, as the commands that run there see it."""
    return Path(os.path.realpath(path))


def in_the_way(repository: Repository, place: Path) -> Path | None:
    """The file that a tool in a slot there would find above it; the user's own work tree counts."""
    tree = repository.work_tree
    if tree is not None and not repository.is_slot and place.is_relative_to(tree):
        return tree
    return found_above(place)


def unusable(place: Path, *, is_shared: bool) -> str | None:
    """Why slots cannot be in a folder, which is created; None when they can."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = place.lstat()
        if is_shared and (not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid()):
            return f'"{place}" belongs to somebody else'
        if is_shared and status.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            place.chmod(stat.S_IRWXU)
        if os.statvfs(place).f_flag & getattr(os, "ST_NOEXEC", 0):
            return f'no program can run in "{place}"'
        if not os.access(place, os.W_OK | os.X_OK):
            return f'"{place}" cannot be written'
    except OSError as error:
        return f'"{place}" cannot be written: {error.strerror}'
    return None
