"""The hooks that `git commit` would run here: which there are, and how git runs one of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate.git.process import user_environment
from migrate.git.repository import Repository
from migrate.git.worktrees import git_dir_of

PRE_COMMIT, COMMIT_MSG = "pre-commit", "commit-msg"


@dataclass(frozen=True)
class Hooks:
    """The folder of the user's hooks, and which of ours are in it."""

    folder: Path
    names: tuple[str, ...]

    def command(self, name: str, *arguments: str) -> tuple[str, ...]:
        """The arguments that run a hook in a slot."""
        # A relative core.hooksPath means the user's work tree, not the slot; and a slot is never sparse.
        settings = (f"core.hooksPath={self.folder}", "core.sparseCheckout=false")
        options = [word for setting in settings for word in ("-c", setting)]
        return ("git", *options, "hook", "run", "--ignore-missing", name, "--", *arguments)


def commit_hooks(repository: Repository) -> Hooks:
    """The hooks that a commit runs, those of `core.hooksPath` where it is set."""
    folder = repository.common_dir / "hooks"
    if repository.config("core.hooksPath") is not None:
        folder = Path(repository.git.text("rev-parse", "--path-format=absolute", "--git-path", "hooks"))
    return Hooks(folder, tuple(name for name in (PRE_COMMIT, COMMIT_MSG) if is_program(folder / name)))


def is_program(path: Path) -> bool:
    """Whether git would run a hook: it skips those that are not executable."""
    return path.is_file() and os.access(path, os.X_OK)


def hook_env(work_tree: Path) -> Mapping[str, str]:
    """The environment that `git commit` gives a hook when it opens no editor: ours, and where the index is.

    None of the settings with which this program calls git itself is in it.
    """
    index = str(git_dir_of(work_tree) / "index")
    return {**user_environment(work_tree), "GIT_INDEX_FILE": index, "GIT_EDITOR": ":"}
