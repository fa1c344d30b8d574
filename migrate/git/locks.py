"""Lock files that a killed git left behind, and whether it is safe to take them away.

git locks a ref by a file `<ref>.lock` beside it, and `packed-refs` by `packed-refs.lock` while it deletes refs. Nothing
in these files says who made them, so they go only while no git works in the repository.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.git.repository import Repository
from migrate.git.worktrees import worktrees

PROCESSES = Path("/proc")


def clear_locks(repository: Repository, refs: Iterable[str]) -> None:
    """Remove the lock files of refs, that of packed refs, and that of HEAD.

    Raises `RepositoryError` when a git may still hold one of them.
    """
    places = [*(repository.common_dir / ref for ref in [*refs, "packed-refs"]), repository.git_dir / "HEAD"]
    left = [path for place in places if (path := place.with_name(place.name + ".lock")).exists()]
    if not left:
        return
    if is_git_at_work(repository):
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


def is_git_at_work(repository: Repository) -> bool:
    """Whether a git process stands in the repository or one of its work trees, or might: where /proc is not there."""
    if not (PROCESSES / "self").exists():
        return True
    places = [place.resolve() for place in (repository.common_dir, *(tree.path for tree in worktrees(repository)))]
    return any(folder.is_relative_to(place) for folder in git_folders() for place in places)


def git_folders() -> Iterator[Path]:
    """The current folder of every git process that this user may look at and that is not ours."""
    for process in PROCESSES.glob("[0-9]*"):
        with suppress(OSError):
            # pid (name) state parent …: the name may hold spaces and parentheses, so read around it.
            _, _, named = (process / "stat").read_text(errors="replace").partition("(")
            name, _, rest = named.rpartition(") ")
            if name.startswith("git") and int(rest.split()[1]) != os.getpid():
                yield (process / "cwd").readlink()
