"""`migrate where`"""

from __future__ import annotations

import os
import posixpath
import shlex

import click

from migrate.cli.complete import complete_old_paths
from migrate.cli.known_paths import standing_in
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit, NotFoundError, PathError, RepositoryError
from migrate.git.objects import CommitId
from migrate.git.paths import check_path, folder_of
from migrate.git.repository import Repository
from migrate.git.shallow import reaches_end
from migrate.plan.base_guess import guessed_remote
from migrate.stack.landmarks import moves_of, own_refs, starts_in
from migrate.stack.unknown_history import missing_history, shallow
from migrate.text import did_you_mean, printable

LISTED = "git ls-files --full-name : lists the paths that there are"
"""What to type where a path is none of this repository."""


@click.command(name="where", short_help="Print where an old path is now.")
@click.argument("old_path", shell_complete=complete_old_paths)
@options
@click.pass_context
def command(context: click.Context, old_path: str) -> int:
    """Print where a path from before the migration is on the current branch.

    Paths are relative to the current folder, as in git. No plan is needed: the commits record what they moved.
    A path that was not moved is printed as it is.
    """
    settings = settings_of(context)
    repository = settings.repository()
    head = repository.head()
    if head.commit is None:
        raise RepositoryError("this repository has no commit yet", advice="commit something first")
    folder = standing_in(repository)
    path = from_top(repository, folder, old_path)
    now = moves_of(repository, head.commit).resolve(path)
    is_shallow = bool(repository.shallow) and reaches_end(
        repository, head.commit, starts_in(repository, own_refs(repository), head.commit)
    )
    is_there_or_moved = is_path_there(repository, head.commit, now) or (is_shallow and now != path)
    if not is_there_or_moved and (is_shallow or not ever_was(repository, head.commit, path)):
        raise never_was(repository, head.commit, path, head.branch, is_shallow=is_shallow)
    if is_shallow:
        settings.output.say(shallow(guessed_remote(repository)), fg="yellow")
    if settings.json:
        settings.output.json({"old": path, "new": now, "moved": now != path, "shallow": is_shallow})
    else:
        place = posixpath.relpath(now or ".", folder or ".")
        # For a person one line, whatever a message of somebody else says.
        settings.output.document(printable(place) if settings.output.is_read_by_a_person else place)
    return Exit.DONE


def from_top(repository: Repository, folder: str, typed: str) -> str:
    """A path as typed, from the top of the repository; empty for the top itself. Raises `PathError` for one outside."""
    if typed.startswith("/") and repository.work_tree is not None:
        folder, typed = "", os.path.relpath(os.path.realpath(typed), repository.work_tree)
    if not typed:
        raise PathError("the path is empty", advice=LISTED)
    path = posixpath.normpath(posixpath.join(folder, typed))
    try:
        return "" if path == "." else check_path(path)
    except PathError as error:
        raise PathError(error.message, advice=LISTED) from None


def is_path_there(repository: Repository, commit: CommitId, path: str) -> bool:
    """Whether a commit has a file or a folder of that name."""
    found = repository.git.run("rev-parse", "--verify", "--quiet", f"{commit}:{path}", accept=(0, 1, 128))
    return found.code == 0


def ever_was(repository: Repository, commit: CommitId, path: str) -> bool:
    """Whether a path was there in some commit of the history."""
    return bool(repository.git.text("log", "-1", "--no-show-signature", "--format=%H", commit, "--", path))


def never_was(
    repository: Repository, commit: CommitId, path: str, branch: str | None, *, is_shallow: bool
) -> NotFoundError:
    """The error for a path that was nowhere, with the one that was probably meant."""
    if is_shallow:
        return NotFoundError(
            f'"{printable(path)}" is not in {branch or commit[:7]}, and what moved before the history of this shallow '
            "clone begins is not known",
            advice=missing_history(guessed_remote(repository)),
        )
    folder, _, name = path.rpartition("/")
    alike = [
        other
        for other in repository.objects.tree(commit)
        if folder_of(other) == folder or other.rpartition("/")[2] == name
    ]
    return NotFoundError(
        f'"{printable(path)}" was never in the history of {branch or commit[:7]}{did_you_mean(path, alike)}',
        advice=f"git log --all -- {shlex.quote(f':/{path}')} looks on the other branches",
    )
