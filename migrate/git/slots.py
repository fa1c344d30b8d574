"""Slots: linked work trees in which commands run, used again and again so that build caches stay warm.

`.git/migrate/slots/1` is a slot; `1.lock` beside it is held while it is in use, `1.dirty` is there from its first
change until it is whole again, and `1.moved` says what the last commit in it had moved. All of it can be deleted: a
slot is made anew when it is needed.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path

from migrate.errors import GitFailedError, PathError, RepositoryError
from migrate.git.objects import Oid
from migrate.git.process import Git, Result
from migrate.git.repository import Repository
from migrate.git.worktrees import git_dir_of
from migrate.moves import MoveMap, parse_trailer

SETTINGS = (
    "core.hooksPath=/dev/null",  # a post-checkout hook is meant for a person's own work tree
    "core.sparseCheckout=false",  # commands see the whole tree
    "core.excludesFile=/dev/null",  # what is ignored must not depend on whose machine it is
    "core.safecrlf=false",  # what a tool writes is taken as it is, without an argument about line ends
    "submodule.recurse=false",  # a slot has no submodules unless a setup brings them
    "advice.detachedHead=false",
)


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
        self._spoiled = self._dirty.exists()

    def checkout(self, commit: Oid, moved: MoveMap | None = None, *, pristine: bool = False) -> None:
        """Make the slot hold exactly the files of a commit, and ignored files of earlier runs.

        What an earlier run left at the old places of `moved` is removed, ignored or not: a stale generated package
        there would make a wrong build pass. So is what it left at new places that this commit does not have. With
        `pristine`, and after `spoil` or a kill, no ignored file stays. Raises `GitFailedError` when git cannot.
        """
        self._whole = False
        try:
            self._dirty.touch()
            self._fill(commit, moved or MoveMap(), pristine=pristine or self._spoiled)
        except OSError as error:
            raise RepositoryError(f'"{self.path}" cannot be written: {error.strerror}') from error
        self._whole, self._spoiled = True, False

    def spoil(self) -> None:
        """Say that a command was killed here, so that nothing that it left can be trusted."""
        self._spoiled = True

    def git(self, *arguments: str, accept: Sequence[int] = (0,)) -> Result:
        """Run git in the slot, and never in a repository around it."""
        settings = [word for setting in SETTINGS for word in ("-c", setting)]
        return Git(self.path).run(
            *settings, *arguments, accept=accept, env={"GIT_CEILING_DIRECTORIES": str(self.path.parent)}
        )

    def release(self) -> None:
        """Give the slot back. One that is not whole keeps its mark."""
        if self._whole and not self._spoiled:
            self._dirty.unlink(missing_ok=True)

    def _fill(self, commit: Oid, moved: MoveMap, *, pristine: bool) -> None:
        self._link(commit)
        try:
            self._settle(commit, pristine=pristine)
        except GitFailedError:
            # An index that a kill left locked or cut short: nothing in here is worth fixing.
            self._make(commit)
            self._settle(commit, pristine=False)
        if not pristine:
            self._remove_leftovers(moved)
        self._moved.write_text("\n".join(moved.trailers()), errors="surrogateescape")

    def _settle(self, commit: Oid, *, pristine: bool) -> None:
        self.git("checkout", "--quiet", "--force", "--detach", commit)
        self.git("clean", "--quiet", "-ffdx" if pristine else "-fd")

    def _link(self, commit: Oid) -> None:
        if not self.is_linked() and self.path.exists():
            # The repository was moved to another folder, so that the two no longer know of each other.
            self._repository.git.run("worktree", "repair", str(self.path), accept=(0, 1, 128))
        if not self.is_linked():
            self._make(commit)

    def is_linked(self) -> bool:
        """Whether the folder is a work tree of this repository, and git knows it as that."""
        with suppress(OSError):
            admin = git_dir_of(self.path)
            there = admin / (admin / "gitdir").read_text(errors="surrogateescape").removesuffix("\n")
            return admin.parent.parent.samefile(self._repository.common_dir) and self.path.samefile(there.parent)
        return False

    def _make(self, commit: Oid) -> None:
        self._repository.git.run("worktree", "remove", "--force", "--force", str(self.path), accept=(0, 128))
        shutil.rmtree(self.path, ignore_errors=True)
        options = ("--detach", "--no-checkout", "--lock", "--reason", "a slot of migrate")
        self._repository.git.run("-c", SETTINGS[0], "worktree", "add", *options, str(self.path), commit)

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


@contextmanager
def slot(repository: Repository, kind: str = "") -> Iterator[Slot]:
    """Take the first free slot of a kind. Raises `RepositoryError` when its folder cannot be written."""
    paths = (repository.state_dir / "slots" / f"{kind}{number}" for number in count(1))
    path, lock = next((path, lock) for path in paths if (lock := take(path.with_name(path.name + ".lock"))) is not None)
    held = Slot(repository, path, lock)
    try:
        yield held
    finally:
        held.release()
        # Unlocked for every process that inherited the descriptor, so that a daemon left behind holds no slot.
        fcntl.flock(lock, fcntl.LOCK_UN)
        os.close(lock)


def take(path: Path) -> int | None:
    """Lock a file and return its descriptor, or None when another process holds it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError as error:
        raise RepositoryError(
            f'"{path}" cannot be written: {error.strerror}', advice="make git's folder writable; slots are kept there"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
