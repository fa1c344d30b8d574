"""A `git switch` that was cut short: killed, interrupted, or out of space.

git first removes files, then writes others, then the index, and HEAD last. So the work tree is a mixture of two trees
with the index of the one that is left. A file that is exactly as in one of them, or the beginning of what git was
writing, is git's own work and is put back. Any other file is the user's, and stays.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.git.files import is_real_folder
from migrate.git.locks import clear_locks
from migrate.git.objects import SUBMODULE, BlobId, CommitId
from migrate.git.repository import Repository
from migrate.text import encode, printable


@dataclass(frozen=True)
class SwitchSide:
    """A file as one of two trees has it."""

    mode: str
    oid: BlobId
    path: str


@dataclass(frozen=True)
class FoundFile:
    """What an interrupted switch left in the place of one file."""

    path: str
    is_there: bool
    is_wanted: bool
    """Whether the commit from which the switch started has a file there."""
    is_whole: bool
    """Whether the file is exactly that."""
    is_ours: bool
    """Whether it can be put back without losing the user's work."""


def undo_half_switch(repository: Repository, source: CommitId, target: CommitId) -> list[str]:
    """Put the files back as HEAD's commit has them, which a switch to another commit was to leave.

    Returns the files in their places that are the user's and were left alone. Raises `GitFailedError` and
    `RepositoryError` when git cannot, or may be at work.
    """
    if repository.work_tree is None or repository.head().commit != source or source == target:
        return []
    staged = set(repository.git.run("diff-index", "--cached", "--name-only", "-z", source, "--").fields())
    if staged and repository.git.succeeds("diff-index", "--cached", "--quiet", target, "--"):
        clear_locks(repository, [], index=True)
        repository.git.run("update-index", "-q", "--refresh", accept=(0, 1))
        if repository.git.run("read-tree", "-m", "-u", target, source, accept=(0, 1, 128)).code == 0:
            return []
        # The user changed a file meanwhile, or an earlier try was cut short, too: each file is looked at.
        repository.git.run("read-tree", source)
        staged = set()
    before, after = changed_entries(repository, source, target)
    places = look_at_file(repository, before, after, staged)
    superfluous = [each.path for each in places if each.is_ours and each.is_there and not each.is_wanted]
    missing = [each.path for each in places if each.is_ours and each.is_wanted and not each.is_whole]
    if superfluous or missing:
        clear_locks(repository, [], index=True)
    for path in superfluous:
        remove_file(repository.work_tree, path)
    # git would remove a folder that is in its way, with what the user has there.
    blocked = [path for path in missing if is_real_folder(repository.work_tree / path)]
    free = [path for path in missing if path not in blocked]
    if free:
        listed = encode("".join(f"{path}\0" for path in free))
        repository.git.run("checkout-index", "--force", "--index", "-z", "--stdin", stdin=listed)
        check_put_back(repository, [before[path] for path in free])
    return sorted([each.path for each in places if not each.is_ours] + blocked)


def check_put_back(repository: Repository, sides: Sequence[SwitchSide]) -> None:
    """Raise `RepositoryError` when files are not as they should be: git 2.39 ends well when it could not write them."""
    left = {side.path for side in sides} - as_in(repository, sides)
    if left:
        raise RepositoryError(
            f'"{printable(min(left))}" cannot be put back as it was',
            advice="see whether the disk is full, then run the command again",
        )


def look_at_file(
    repository: Repository, before: Mapping[str, SwitchSide], after: Mapping[str, SwitchSide], staged: Collection[str]
) -> list[FoundFile]:
    """What stands in the place of every file that two commits have differently; what is staged is the user's."""
    assert repository.work_tree is not None
    as_before, as_after = as_in(repository, before.values()), as_in(repository, after.values())
    found = []
    for path in sorted({*before, *after}):
        place = repository.work_tree / path
        is_there = os.path.lexists(place) and is_inside(repository.work_tree, place) and not is_real_folder(place)
        is_known = not is_there or path in as_before or path in as_after
        # It may have been on the way back, too, when it was cut short.
        written = [side[path] for side in (after, before) if path in side]
        is_ours = is_known or any(is_beginning(repository, side, place) for side in written)
        found.append(FoundFile(path, is_there, path in before, path in as_before, is_ours and path not in staged))
    return found


def changed_entries(
    repository: Repository, source: CommitId, target: CommitId
) -> tuple[dict[str, SwitchSide], dict[str, SwitchSide]]:
    """The files that two commits have differently, as the one and as the other has them; no submodules."""
    listed = repository.git.run("diff-tree", "-r", "-z", "--no-renames", source, target, "--").fields()
    before: dict[str, SwitchSide] = {}
    after: dict[str, SwitchSide] = {}
    for raw, path in zip(listed[::2], listed[1::2], strict=True):
        old_mode, new_mode, old, new, _ = raw.removeprefix(":").split(" ")
        for side, mode, oid in ((before, old_mode, old), (after, new_mode, new)):
            if set(mode) != {"0"} and mode != SUBMODULE:
                side[path] = SwitchSide(mode, BlobId(oid), path)
    return before, after


def as_in(repository: Repository, sides: Iterable[SwitchSide]) -> set[str]:
    """The paths at which the work tree has just these files, by an index of their own: git compares, with filters."""
    sides = list(sides)
    if not sides:
        return set()
    with tempfile.TemporaryDirectory() as folder:
        index = {"GIT_INDEX_FILE": str(Path(folder) / "index")}
        listed = encode("".join(f"{side.mode} {side.oid}\t{side.path}\0" for side in sides))
        repository.git.run("update-index", "-z", "--index-info", stdin=listed, env=index)
        repository.git.run("update-index", "-q", "--refresh", env=index, accept=(0, 1))
        differing = set(repository.git.run("diff-files", "--name-only", "-z", env=index).fields())
    return {side.path for side in sides} - differing


def is_beginning(repository: Repository, side: SwitchSide, place: Path) -> bool:
    """Whether a file is the beginning of what git would write there."""
    with suppress(OSError):
        if place.is_symlink() or not place.is_file():
            return False
        whole = repository.git.run("cat-file", "--filters", f"--path={side.path}", side.oid, accept=(0, 128))
        return whole.code == 0 and whole.stdout.startswith(place.read_bytes())
    return False


def is_inside(top: Path, place: Path) -> bool:
    """Whether a place is reached through real folders alone."""
    return place.parent.resolve() == top.resolve() / place.parent.relative_to(top)


def remove_file(top: Path, path: str) -> None:
    """Remove a file, and the folders above it that are empty then."""
    place = top / path
    with suppress(FileNotFoundError, NotADirectoryError):
        place.unlink()
    for folder in place.parents:
        if folder == top:
            return
        with suppress(OSError):
            folder.rmdir()
