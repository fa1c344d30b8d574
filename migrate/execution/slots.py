"""Slots: linked work trees in which commands run, used again and again so that build caches stay warm.

They stand in the user's cache (`cache.py`), outside of every checkout. `1` is a slot; `1.lock` beside it is held while
it is in use, `1.dirty` is there from its first change until it is whole again, and `1.moved` says what the last commit
in it had moved. All of it can be deleted: a slot is made anew when it is needed, and when something in it is broken.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from os import SEEK_END
from pathlib import Path
from weakref import WeakKeyDictionary

from migrate.errors import GitFailedError, PathError, RepositoryError
from migrate.git.cache import cache_of, cache_owner, real_path
from migrate.git.files import is_real_folder, remove_tree, write_file
from migrate.git.flocks import flock_held, release_flock, take_flock
from migrate.git.objects import CommitId
from migrate.git.process import Git, Result
from migrate.git.registry import (
    RegisteredSlot,
    add_worktree,
    forget_admin,
    forget_worktree,
    is_for_conflict,
    is_registered,
    link_worktree,
    named_by,
    place_of_admin,
    registered_slots,
)
from migrate.git.repository import SLOT, Repository, is_slot_folder
from migrate.text import encode
from migrate.tree.moves import MoveMap, parse_trailer

SETTINGS = (
    "core.hooksPath=/dev/null",  # a post-checkout hook is meant for a person's own work tree
    "core.sparseCheckout=false",  # commands see the whole tree
    "core.ignoreStat=false",  # or git would not see what a command changed
    "core.excludesFile=/dev/null",  # what is ignored must not depend on whose machine it is
    "core.safecrlf=false",  # what a tool writes is taken as it is, without an argument about line ends
    "submodule.recurse=false",  # a slot has no submodules unless a setup brings them
    "advice.detachedHead=false",
)
LEFT_BY_GIT = (
    *("MERGE_MSG.lock", "MERGE_RR.lock", "AUTO_MERGE.lock", "CHERRY_PICK_HEAD.lock"),
    *("index.lock", "HEAD.lock", "config.worktree", "config.worktree.lock", "info/sparse-checkout"),
    *("rebase-merge", "rebase-apply", "sequencer", "refs/bisect", "refs/rewritten", "refs/worktree"),
    *("BISECT_START", "BISECT_LOG", "BISECT_NAMES", "BISECT_TERMS", "BISECT_RUN", "BISECT_EXPECTED_REV"),
    *("BISECT_ANCESTORS_OK", "BISECT_FIRST_PARENT", "REBASE_HEAD", "AUTO_MERGE"),
)
"""What commands leave in git's folder for a slot: locks, settings of its own, and what waits for a person to go on."""
HASH = 20
"""Bytes of the hash at the end of an index, or the last ones of it (gitformat-index(5))."""
HIDDEN = re.compile(rb"(?:\A|(?<=\0))[a-zS] ([^\0]+\0)")
"""The tags of `git ls-files -v` for files that git was told not to look at: assume-unchanged and skip-worktree."""


_LEFT: WeakKeyDictionary[Repository, dict[Path, bytes | None]] = WeakKeyDictionary()
"""By slot the hash of the index with which this command left it: while it has that, no command hid a file in it."""


class Slot:
    """A linked work tree that is ours while the context of `slot` lasts."""

    def __init__(self, repository: Repository, path: Path, lock: int) -> None:
        self.path = path
        self.lock = lock
        """The descriptor that holds the slot. A command inherits it, so that a slot stays taken while anything that a
        killed `migrate` left running in it lives."""
        self._repository = repository
        self._dirty = path.with_name(path.name + ".dirty")
        self._moved = path.with_name(path.name + ".moved")
        self._whole = False
        self._spoiled = os.path.lexists(self._dirty)

    @property
    def folder(self) -> Path:
        """The folder of the repository in the cache."""
        return self.path.parent.parent

    def checkout(self, commit: CommitId, moved: MoveMap | None = None, *, pristine: bool = False) -> None:
        """Make the slot hold exactly the files of a commit, and ignored files of earlier runs.

        What an earlier run left at the old places of `moved` is removed, ignored or not: a stale generated package
        there would make a wrong build pass. So is what it left at new places that this commit does not have. With
        `pristine`, and after `mark_dirty` or a kill, no ignored file stays. A slot that cannot be used as it is, is
        made anew. Raises `GitFailedError` when git cannot.
        """
        self._whole = False
        try:
            write_file(self._dirty, b"")
            self._fill(commit, moved or MoveMap(), pristine=pristine or self._spoiled)
        except OSError as error:
            raise RepositoryError(
                f'"{self.path}" cannot be written: {error.strerror}',
                advice="make room there, then run the command again",
            ) from error
        self._whole, self._spoiled = True, False

    @property
    def is_dirty(self) -> bool:
        """Whether a command was killed here, now or while the slot was last filled."""
        return self._spoiled

    def mark_dirty(self) -> None:
        """Say that a command was killed here, so that nothing that it left can be trusted."""
        self._spoiled = True

    def git(self, *arguments: str, accept: Sequence[int] = (0,), stdin: bytes = b"") -> Result:
        """Run git in the slot, and never in a repository around it."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        ceiling = {"GIT_CEILING_DIRECTORIES": str(self.path.parent)}
        here = Git(self.path, may_fetch=self._repository.git.may_fetch)
        return here.run(*settings, *arguments, accept=accept, stdin=stdin, env=ceiling)

    def unhide(self) -> None:
        """Let git look at every file again: a command may have told it not to, as `sparse-checkout` does."""
        hidden = b"".join(HIDDEN.findall(self.git("ls-files", "-v", "-z", accept=(0, 128)).stdout))
        for bit in ("--no-skip-worktree", "--no-assume-unchanged") if hidden else ():
            self.git("update-index", bit, "-z", "--stdin", stdin=hidden)

    def leave_branch(self) -> None:
        """Take HEAD off a branch that a command went to: nobody else could check that out any more."""
        if self.is_linked() and RegisteredSlot(named_by(self.path / ".git"), self.path).head.startswith("ref:"):
            self.git("update-ref", "--no-deref", "HEAD", "HEAD", accept=(0, 128))

    def release(self) -> None:
        """Give the slot back. One that is not whole keeps its mark."""
        if self._whole:
            self.leave_branch()
        if self._whole and not self._spoiled:
            self._dirty.unlink(missing_ok=True)

    def is_linked(self) -> bool:
        """Whether the folder is a work tree of this repository, and git knows it as that."""
        return is_registered(self._repository, self.path) or self._linked_again()

    def _fill(self, commit: CommitId, moved: MoveMap, *, pristine: bool) -> None:
        if not self.is_linked():
            self._make(commit)
        try:
            self._restore(commit, pristine=pristine)
            if not pristine:
                self._remove_leftovers(moved)
        except (GitFailedError, OSError):
            # Folders that cannot be written, an index that was cut short: nothing in here is worth fixing.
            self._make(commit)
            self._restore(commit, pristine=False)
        write_file(self._moved, encode("\n".join(moved.trailers())))

    def _restore(self, commit: CommitId, *, pristine: bool) -> None:
        admin = named_by(self.path / ".git")
        for left in LEFT_BY_GIT:
            remove_tree(admin / left)
        if not is_slot_folder(admin):
            write_file(admin / "locked", encode(SLOT))
        known = _LEFT.setdefault(self._repository, {})
        before = known.pop(self.path, None)
        if (admin / "index").exists() and (before is None or before != index_hash(admin)):
            self.unhide()
        self.git("checkout", "--quiet", "--force", "--detach", commit)
        self._remove_nested(commit)
        self.git("clean", "--quiet", "-ffdx" if pristine else "-ffd")
        known[self.path] = index_hash(admin)

    def _remove_nested(self, commit: CommitId) -> None:
        """Remove the repositories that a command made in folders of the commit; `git clean` passes over them."""
        for folder in self._repository.objects.folders(commit):
            if self._stands_in_tree(f"{folder}/.git"):
                remove_tree(self.path / folder / ".git")

    def _linked_again(self) -> bool:
        """Let the slot and git know each other again when the repository or the cache was moved to another folder.

        `git worktree repair` would do that for every work tree that git knows, also for those of a repository of which
        this one is a copy.
        """
        with suppress(OSError):
            admin = self._repository.common_dir / "worktrees" / named_by(self.path / ".git").name
            there = place_of_admin(admin)
            if is_real_folder(self.path) and is_slot_folder(admin) and there is not None:
                if there != self.path and there.exists():
                    return False
                link_worktree(admin, self.path)
                return is_registered(self._repository, self.path)
        return False

    def _make(self, commit: CommitId) -> None:
        clear_slot(self.path)
        forget_worktree(self._repository, self.path)
        forget_strangers(self._repository)
        add_worktree(self._repository, self.path, self._repository.commit(commit) or commit)

    def _remove_leftovers(self, moved: MoveMap) -> None:
        stale = {old for old, _ in moved} | {new for _, new in self._last_moved()} - {new for _, new in moved}
        found = [path for path in sorted(stale) if self._stands_in_tree(path)]
        if found:
            self.git("clean", "--quiet", "-ffdx", "--", *found)

    def _last_moved(self) -> MoveMap:
        with suppress(OSError, PathError):
            lines = self._moved.read_text(errors="surrogateescape").split("\n")
            return MoveMap(parse_trailer(line) for line in lines if line)
        return MoveMap()

    def _stands_in_tree(self, path: str) -> bool:
        """Whether something is at a path, not reached through a symlink."""
        place = self.path / path
        return os.path.lexists(place) and place.parent.resolve() == self.path.resolve() / Path(path).parent


def index_hash(admin: Path) -> bytes | None:
    """The hash at the end of the index of a work tree; None where git left it out (`index.skipHash`)."""
    with suppress(OSError), (admin / "index").open("rb") as file:
        file.seek(-HASH, SEEK_END)
        return file.read().strip(b"\0") or None
    return None


def clear_slot(path: Path) -> None:
    """Remove what stands in the place of a slot, or put it aside where that cannot be removed.

    A container may have written files there as another user. Raises `OSError` when nothing helps.
    """
    try:
        remove_tree(path)
    except OSError:
        aside = (path.with_name(f"{path.name}.left-{number}") for number in count(1))
        path.rename(next(place for place in aside if not os.path.lexists(place)))


@contextmanager
def take_slot(repository: Repository, kind: str = "") -> Iterator[Slot]:
    """Take the first free slot of a kind. Raises `RepositoryError` when its folder cannot be written."""
    folder = cache_of(repository).slots
    remove_old(repository)
    paths = (folder / f"{kind}{number}" for number in count(1))
    path, lock = next((path, lock) for path in paths if (lock := take_flock(lock_of(path))) is not None)
    with holding_slot(repository, path, lock) as place:
        yield place


@contextmanager
def slots_there(repository: Repository, kind: str) -> Iterator[list[Slot]]:
    """Take every slot of a kind that is there, wherever it stands; those in use are left out."""
    cache_of(repository)  # Says whose the slots are when the repository was moved.
    with ExitStack() as stack:
        found = []
        for path in [each.path for each in own_slots(repository) if is_slot_of(each.path, kind)]:
            if is_real_folder(path) and (lock := take_flock(lock_of(path))) is not None:
                found.append(stack.enter_context(holding_slot(repository, path, lock)))
        yield found


@contextmanager
def holding_slot(repository: Repository, path: Path, lock: int) -> Iterator[Slot]:
    """A slot whose lock was taken, until it is given back."""
    place = Slot(repository, path, lock)
    try:
        yield place
    finally:
        place.release()
        release_flock(lock)


def lock_of(path: Path) -> Path:
    """The file that is locked while a slot is in use."""
    return path.with_name(path.name + ".lock")


def is_slot_of(path: Path, kind: str) -> bool:
    """Whether a slot is of a kind: its name is that and a number."""
    return path.name.startswith(kind) and path.name.removeprefix(kind).isdecimal()


# -- all slots of a repository ----------------------------------------------------------------------------------------


def own_slots(repository: Repository) -> Iterator[RegisteredSlot]:
    """Every slot that is this repository's: not those of one that it is a copy of."""
    return (found for found in registered_slots(repository) if is_own_slot(repository, found))


def is_own_slot(repository: Repository, found: RegisteredSlot) -> bool:
    """Whether a slot that git knows is this repository's, be it broken."""
    old = repository.state_dir / "slots"
    here = real_path(repository.common_dir)
    return found.is_linked or found.path.parent == old or cache_owner(found.path.parent.parent) == here


def forget_strangers(repository: Repository) -> None:
    """Let git forget the slots that are another repository's, and those that are there no more."""
    for found in list(registered_slots(repository)):
        if not is_own_slot(repository, found) or not found.path.parent.is_dir():
            forget_admin(found.admin)
        elif not found.path.exists() and (lock := take_flock(lock_of(found.path))) is not None:
            # Now nobody is about to make it.
            if not found.path.exists():
                forget_admin(found.admin)
            release_flock(lock)


def remove_old(repository: Repository) -> None:
    """Remove the slots that earlier versions kept in git's own folder, but for those in which a person works."""
    old = repository.state_dir / "slots"
    if is_real_folder(old):
        with suppress(OSError, RepositoryError):
            for path in slot_folders(old):
                if not is_for_conflict(path):
                    remove_slot(repository, path)
            remove_without_slots(old, old)


def remove_without_slots(slots: Path, whole: Path) -> None:
    """Remove a folder when there is no slot in its folder of slots, and none is about to be made. Raises `OSError`."""
    locks = [take_flock(lock) for lock in slots.glob("*.lock")]
    if None not in locks and not slot_folders(slots):
        remove_tree(whole)
    for lock in locks:
        if lock is not None:
            release_flock(lock)


def slot_folders(folder: Path) -> list[Path]:
    """What stands in the place of slots in a folder. Raises `OSError` when it cannot be listed."""
    return sorted(path for path in folder.iterdir() if is_real_folder(path))


def remove_slot(repository: Repository, path: Path) -> bool:
    """Remove a slot with all that belongs to it; False when it is in use.

    Raises `OSError` when it cannot be removed.
    """
    lock = take_flock(lock_of(path))
    if lock is None:
        return False
    try:
        remove_tree(path)
        forget_worktree(repository, path)
        for suffix in (".dirty", ".moved", ".from", ".lock"):
            remove_tree(path.with_name(path.name + suffix))
    finally:
        release_flock(lock)
    return True


def drop_empty(repository: Repository, folders: Iterable[Path]) -> None:
    """Remove folders of slots in which there is no slot any more, with what else the repository has in the cache."""
    with flock_held(repository.state_dir / "slots.lock"), suppress(OSError, RepositoryError):
        for folder in folders:
            if folder == repository.state_dir / "slots":
                remove_without_slots(folder, folder)
            elif cache_owner(folder.parent) == real_path(repository.common_dir):
                remove_without_slots(folder, folder.parent)
