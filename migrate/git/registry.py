"""What git's own folder knows of the slots: each is a linked work tree, locked with a reason that says whose it is.

git keeps a folder below `.git/worktrees` for every linked work tree: HEAD, index, and `gitdir`, the path of the `.git`
file of the work tree, which in turn names this folder. A copy of a repository has copies of these folders, and they
name the slots of the original. So a slot belongs to a repository only while both name each other.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from migrate.git.files import is_real_folder, remove_tree, write_file
from migrate.git.objects import CommitId
from migrate.git.repository import SLOT, Repository, is_slot_folder
from migrate.text import encode

CONFLICT = "conflict-"
"""The prefix of slots in which a person works."""


@dataclass(frozen=True)
class RegisteredSlot:
    """A linked work tree that git knows: git's folder for it, and its place according to that folder."""

    admin: Path
    path: Path

    @property
    def is_linked(self) -> bool:
        """Whether the work tree is there and says the same."""
        return is_real_folder(self.path) and worktree_names(self.path / ".git", self.admin)

    @property
    def head(self) -> str:
        """What its HEAD says: a commit, or `ref: ` and the name of a branch."""
        with suppress(OSError):
            return (self.admin / "HEAD").read_text(errors="surrogateescape").rstrip("\n")
        return ""


def registered_slots(repository: Repository) -> Iterator[RegisteredSlot]:
    """Every slot that git knows."""
    return (found for found in linked_work_trees(repository) if is_slot_folder(found.admin))


def linked_work_trees(repository: Repository) -> Iterator[RegisteredSlot]:
    """Every linked work tree that git knows, the user's own included."""
    with suppress(OSError):
        for admin in sorted((repository.common_dir / "worktrees").iterdir()):
            if (path := place_of_admin(admin)) is not None:
                yield RegisteredSlot(admin, path)


def is_registered(repository: Repository, path: Path) -> bool:
    """Whether a folder is a work tree of the repository, and git knows it as that."""
    with suppress(OSError):
        admin = named_by(path / ".git")
        there = place_of_admin(admin)
        is_known = there is not None and there.samefile(path) and is_real_folder(path)
        return is_known and admin.parent.parent.samefile(repository.common_dir)
    return False


def is_for_conflict(path: Path) -> bool:
    """Whether a slot is one in which a person works, and no command."""
    return path.name.startswith(CONFLICT)


def place_of_admin(admin: Path) -> Path | None:
    """The work tree that a folder of git's is for."""
    with suppress(OSError):
        text = (admin / "gitdir").read_text(errors="surrogateescape").removesuffix("\n")
        return Path(os.path.normpath(admin / text)).parent
    return None


def worktree_names(dot_git: Path, admin: Path) -> bool:
    """Whether the `.git` file of a work tree names a folder of git's."""
    with suppress(OSError):
        return named_by(dot_git).samefile(admin)
    return False


def named_by(dot_git: Path) -> Path:
    """The folder that the `.git` file of a work tree names. Raises `OSError` when it cannot be read."""
    if not dot_git.is_file():
        raise FileNotFoundError(dot_git)
    text = dot_git.read_text(errors="surrogateescape")
    return dot_git.parent / text.removeprefix("gitdir: ").removesuffix("\n")


def add_worktree(repository: Repository, path: Path, commit: CommitId) -> None:
    """Let git know a slot that is at a commit and has no files yet. Raises `OSError`.

    `git worktree add` writes a HEAD that names nothing first, and whoever looks then, or after a kill, finds a broken
    repository. So the folder is written beside, and appears at once.
    """
    draft = repository.state_dir / f"{path.name}.new"
    remove_tree(draft)
    draft.mkdir(parents=True)
    files = {"HEAD": f"{commit}\n", "commondir": "../..\n", "gitdir": f"{path}/.git\n", "locked": f"{SLOT}\n"}
    for name, text in files.items():
        (draft / name).write_bytes(encode(text))
    top = repository.common_dir / "worktrees"
    top.mkdir(exist_ok=True)
    taken = {each.name for each in top.iterdir()}
    names_to_try = (f"{path.name}{number or ''}" for number in count())
    admin = top / next(name for name in names_to_try if name not in taken)
    path.mkdir(parents=True)
    (path / ".git").write_bytes(encode(f"gitdir: {admin}\n"))
    draft.rename(admin)


def link_worktree(admin: Path, path: Path) -> None:
    """Let a slot and git's folder for it name each other."""
    write_file(path / ".git", encode(f"gitdir: {admin}\n"))
    write_file(admin / "gitdir", encode(f"{path}/.git\n"))


def forget_worktree(repository: Repository, path: Path) -> None:
    """Let git know no work tree at the path of a slot any more."""
    for found in linked_work_trees(repository):
        if found.path == path:
            forget_admin(found.admin)


def forget_admin(admin: Path) -> None:
    """Remove git's folder for a slot, as `git worktree remove` does for a work tree that is not there."""
    remove_tree(admin)
    with suppress(OSError):
        admin.parent.rmdir()
