"""The work trees of a repository: what is checked out where, whether it is clean, and switching the user's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.process import OBJECT_NAME, Git
from migrate.git.refs import last_reason
from migrate.git.registry import is_for_conflict, linked_work_trees, registered_slots
from migrate.git.repository import SLOT, Repository, is_slot_folder
from migrate.text import decode, printable, printable_lines

BRANCH = "refs/heads/"
UNABLE = re.compile(r"^(?:error|warning): unable to", re.MULTILINE)
"""git's messages about a file that it could not remove or write (`unlink_or_warn`, `write_entry`)."""

ON_THE_WAY = "migrate: off the branch that moves, on the way to "
"""The reason in the reflog of HEAD when we detach it."""

OPERATIONS = {
    "rebase-merge": "a rebase is in progress",
    "rebase-apply": "a rebase or git am is in progress",
    "MERGE_HEAD": "a merge is in progress",
    "CHERRY_PICK_HEAD": "a cherry-pick is in progress",
    "REVERT_HEAD": "a revert is in progress",
    "BISECT_LOG": "a bisect is in progress",
}
"""The files in git's folder while an operation waits for the user, after wt-status.c."""


@dataclass(frozen=True)
class WorkTree:
    """One work tree, or the bare repository itself. `branch` is None when HEAD is detached."""

    path: Path
    branch: str | None
    is_slot: bool


def worktrees(repository: Repository) -> list[WorkTree]:
    """Every work tree of the repository, the main one first."""
    listed = repository.git.run("worktree", "list", "--porcelain", "-z").stdout
    return [parse_worktrees(decode(record).split("\0")) for record in listed.split(b"\0\0") if record]


def parse_worktrees(lines: Sequence[str]) -> WorkTree:
    """Read one record of `git worktree list --porcelain`: lines of a word, a space and a value."""
    values = {word: value for word, _, value in (line.partition(" ") for line in lines)}
    branch = values.get("branch")
    return WorkTree(
        path=Path(values["worktree"]),
        branch=branch.removeprefix(BRANCH) if branch else None,
        is_slot=values.get("locked") == SLOT,
    )


def checked_out(repository: Repository) -> dict[str, Path]:
    """The work tree that holds each branch.

    A branch that is being rebased counts too, although HEAD is detached meanwhile: the end of the rebase moves it. A
    slot in which commands run holds no branch: whatever a command did there, the slot is cleaned for the next one.
    """
    told = told_by_files(repository)
    if told is None:
        told = [(tree.path, tree.branch, tree.is_slot) for tree in worktrees(repository)]
    held = {}
    for path, on, is_slot_of_ours in told:
        if is_slot_of_ours and not is_for_conflict(path):
            continue
        if branch := on or rebased_branch(git_dir_of(path)):
            held[branch] = path
    return held


def told_by_files(repository: Repository) -> list[tuple[Path, str | None, bool]] | None:
    """Each work tree with its branch and whether it is a slot, the main one first, as git's files say.

    None where they do not say all that `git worktree list` does, as where refs are in one file (reftable).
    """
    common = repository.common_dir
    is_plain = common.name == ".git" and repository.settings.get("core.bare", "false") == "false"
    if not is_plain or (common / "reftable").exists():
        return None
    main = [(common, common.parent, False)]
    linked = [(each.admin, each.path, is_slot_folder(each.admin)) for each in linked_work_trees(repository)]
    found = []
    for admin, path, is_slot_of_ours in [*main, *linked]:
        said = head_of(admin)
        if said is None:
            return None
        found.append((path, said.removeprefix(f"ref: {BRANCH}") if said.startswith("ref: ") else None, is_slot_of_ours))
    return found


def head_of(admin: Path) -> str | None:
    """The content of a HEAD: a commit, or `ref: refs/heads/` and the name of a branch; None for anything else."""
    file = admin / "HEAD"
    with suppress(OSError):
        said = "" if file.is_symlink() else file.read_text(errors="surrogateescape").rstrip("\n")
        if said.startswith(f"ref: {BRANCH}") or OBJECT_NAME.fullmatch(said):
            return said
    return None


def git_dir_of(work_tree: Path) -> Path:
    """git's own folder of a work tree."""
    dot_git = work_tree / ".git"
    if not dot_git.is_file():
        return dot_git
    return work_tree / dot_git.read_text(errors="surrogateescape").removeprefix("gitdir: ").removesuffix("\n")


def rebased_branch(git_dir: Path) -> str | None:
    """The branch that a work tree is rebasing, or None."""
    for name in ("rebase-merge", "rebase-apply"):
        file = git_dir / name / "head-name"
        if file.is_file():
            return file.read_text(errors="surrogateescape").strip().removeprefix(BRANCH)
    return None


def is_dirty(repository: Repository) -> list[str]:
    """The changes of the work tree: the tracked files that differ, and an operation in progress.

    Untracked files do not count, nor changes inside a submodule: a switch leaves both alone.
    """
    return changed_files(repository, ignored_of_submodules="dirty") + in_progress(repository)


def changed_files(repository: Repository, *, ignored_of_submodules: str = "all") -> list[str]:
    """The tracked files that differ; where a submodule stands does not count unless less of it is to be ignored."""
    if repository.work_tree is None:
        return []
    options = ("--porcelain", "-z", "--untracked-files=no", f"--ignore-submodules={ignored_of_submodules}")
    status = repository.git.run("status", *options)
    changed, fields = [], iter(status.fields())
    for field in fields:
        changed.append(printable(field[3:]))
        if "R" in field[:2] or "C" in field[:2]:
            next(fields)
    return changed


def in_progress(repository: Repository) -> list[str]:
    """The operation that git began in the work tree and the user must finish."""
    return [what for name, what in OPERATIONS.items() if (repository.git_dir / name).exists()]


def switch(repository: Repository, branch: str) -> bool:
    """Put the user's work tree on a branch. Only for a tree that is clean.

    Returns whether git could remove and write all files: git succeeds even when it could not. Raises `RepositoryError`
    when git refuses, as when an untracked or ignored file would be overwritten.
    """
    try:
        said = repository.git.run("switch", *SAFELY, branch).stderr
    except GitFailedError as error:
        # A post-checkout hook that fails makes git fail though the switch is done.
        if repository.head().branch == branch:
            return UNABLE.search(error.stderr) is None
        if not leave_branch(repository, branch):
            raise switch_refused(branch, error) from error
        return switch(repository, branch)
    return UNABLE.search(said) is None


def leave_branch(repository: Repository, branch: str) -> bool:
    """Take the slots off a branch: a command that was killed in one may have gone there. False when none was on it."""
    slots = [found for found in registered_slots(repository) if not is_for_conflict(found.path)]
    held = [found for found in slots if found.head == f"ref: {BRANCH}{branch}"]
    for found in held:
        Git(found.admin).run("--git-dir=.", "update-ref", "--no-deref", "HEAD", "HEAD")
    return bool(held)


SAFELY = ("--no-guess", "--no-overwrite-ignore", "--no-progress", "--end-of-options")
"""Make no branch, and overwrite no file of the user's, not even an ignored one."""


def switch_refused(target: str, error: GitFailedError) -> RepositoryError:
    """The error for a switch that git refused."""
    again = f"then: git switch {target}"
    if "untracked" in error.stderr:
        files = [printable(line.strip()) for line in error.stderr.splitlines() if line.startswith("\t")]
        return RepositoryError(
            f'"{target}" has files that are untracked here: {", ".join(files[:3])}{" …" if len(files) > 3 else ""}',
            advice=f"move them away, {again}",
        )
    for words in ("already checked out at ", "already used by worktree at "):
        if words in error.stderr:
            place = printable(error.stderr.partition(words)[2].strip().strip("'"))
            return RepositoryError(f'"{target}" is checked out in {place}', advice=f"work there, or leave it, {again}")
    said = printable_lines(error.stderr) or error.message
    return RepositoryError(f'git does not switch to "{target}": {said}', advice=f"fix that, {again}")


def detach(repository: Repository, goal: str) -> None:
    """Take HEAD off its branch, where it is, on the way to another: no file changes, and no hook of a checkout runs."""
    repository.git.run("update-ref", "--no-deref", "-m", f"{ON_THE_WAY}{goal}", "HEAD", "HEAD")


def unreached(repository: Repository) -> str | None:
    """The branch on the way to which HEAD was detached, when it has not moved since; None without a reflog of HEAD."""
    with suppress(OSError):
        if (repository.git_dir / "HEAD").read_bytes().startswith(b"ref:"):
            return None
    reason = last_reason(repository.git_dir / "logs/HEAD")
    return reason.removeprefix(ON_THE_WAY) if reason.startswith(ON_THE_WAY) else None


def attach(repository: Repository, branch: str) -> None:
    """Put a detached HEAD on a branch that names the same commit: no file changes."""
    repository.git.run("symbolic-ref", "-m", f"migrate: back on {branch}", "HEAD", f"{BRANCH}{branch}")
