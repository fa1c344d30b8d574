"""Lock files that a killed git left behind: removing them when that is safe.

git locks a ref by a file `<ref>.lock` beside it, and `packed-refs` by `packed-refs.lock` while it deletes refs; the new
packed refs are written to `packed-refs.new` meanwhile. Nothing in these files says who made them, so they are removed
only while no git works in the repository.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.git.processes import Process, are_known, process_words, processes
from migrate.git.repository import Repository
from migrate.git.worktrees import worktrees

ELSEWHERE = ("GIT_DIR", "GIT_COMMON_DIR", "GIT_WORK_TREE")
"""The variables by which a git works in another repository than that of its folder."""


def clear_locks(repository: Repository, refs: Iterable[str], *, index: bool = False) -> None:
    """Remove the lock files of refs, that of packed refs, and that of HEAD; with `index` that of the index, too.

    Raises `RepositoryError` when a git may still hold one of them.
    """
    places = [*(repository.common_dir / ref for ref in [*refs, "packed-refs"]), repository.git_dir / "HEAD"]
    places += [repository.git_dir / "index"] if index else []
    locks = [place.with_name(place.name + ".lock") for place in places]
    left = [path for path in (*locks, repository.common_dir / "packed-refs.new") if path.exists()]
    if not left:
        return
    if is_git_at_work(repository, left):
        raise RepositoryError(
            f'"{left[0]}" is there, and git may be at work here',
            advice=f"wait for it; if none is: rm {left[0]}; then run the command again",
        )
    for path in left:
        path.unlink(missing_ok=True)


def clear_locks_below(repository: Repository, folder: str) -> None:
    """The same for every ref below a folder, such as `refs/remotes/origin`, which a killed fetch or push was moving."""
    top = repository.common_dir
    locks = (top / folder).rglob("*.lock")
    clear_locks(repository, [str(lock.relative_to(top)).removesuffix(".lock") for lock in locks])


def is_git_at_work(repository: Repository, files: Sequence[Path] = ()) -> bool:
    """Whether a git process works in the repository or one of its work trees, or some process has one of `files` open.

    A git about which nobody can tell, such as one of another user, counts. Without /proc the answer is yes.
    """
    if not are_known():
        return True
    places = [place.resolve() for place in (repository.common_dir, *(tree.path for tree in worktrees(repository)))]
    wanted = {str(file) for file in files}
    return any(works_in(process, places) or has_open(process, wanted) for process in other_processes())


def other_processes() -> Iterator[Process]:
    """Every process but this one, what it started, and the git that started it as `git migrate`."""
    for process in processes():
        is_own = os.getpid() in (process.parent, int(process.folder.name))
        if not process.has_ended and not is_own and not is_wrapper(process.folder):
            yield process


def is_wrapper(process: Path) -> bool:
    """Whether a process is the `git migrate` that waits for this one: it holds no lock."""
    typed = ["migrate", *sys.argv[1:]]
    return process.name == str(os.getppid()) and process_words(process, "cmdline")[-len(typed) :] == typed


def works_in(process: Process, places: Iterable[Path]) -> bool:
    """Whether a process is a git that may work in one of some folders."""
    if not process.name.startswith("git"):  # Also a part of one, such as `git-remote-https`.
        return False
    try:
        folder = (process.folder / "cwd").readlink()
        named = [folder / place for place in named_places(process.folder)]
    except (FileNotFoundError, ProcessLookupError):
        return False  # It has ended.
    except OSError:
        return True
    return any(each.resolve().is_relative_to(place) for each in (folder, *named) for place in places)


def named_places(process: Path) -> list[str]:
    """The repository and the work tree that a git was given by name. Raises `OSError` when it cannot be read."""
    given = dict(word.partition("=")[::2] for word in process_words(process, "environ"))
    found = [given[name] for name in ELSEWHERE if name in given]
    arguments = process_words(process, "cmdline")
    for word, following in zip(arguments, [*arguments[1:], ""], strict=False):
        option, _, value = word.partition("=")
        if option in ("--git-dir", "--work-tree"):
            found.append(value or following)
    return found


def has_open(process: Process, files: Iterable[str]) -> bool:
    """Whether a process, whatever it is, has one of some files open; one that may not be looked at has not."""
    with suppress(OSError):
        return any(str(descriptor.readlink()) in files for descriptor in (process.folder / "fd").iterdir())
    return False
