"""The files that `migrate init` writes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from migrate.errors import MachineError, PlanError, RefusedError, RepositoryError
from migrate.git.repository import Repository
from migrate.plan import display
from migrate.resources import shipped
from migrate.templates import render
from migrate.text import printable

EXAMPLES = ("pllm",)
UNUSABLE = re.compile(r"[^A-Za-z0-9_-]+")
"""What the name of a migration must not hold."""


def first_plan(directory: Path, name: str | None) -> dict[Path, str]:
    """A plan and one phase for the repository that `directory` is in. Raises `PlanError` for a name that is none."""
    repository = Repository.open(directory)
    top = top_of(repository)
    branch = repository.head().branch or repository.config("init.defaultBranch") or "main"
    possible = UNUSABLE.sub("-", name or top.name).strip("-") or "refactor"
    if name not in (None, possible):
        raise PlanError(
            f'the name "{printable(name)}" becomes part of branch names: use letters, digits, - and _',
            advice=f"migrate init --name {possible}",
        )
    values = {
        "name": possible,
        # A branch may be called a"b, which TOML quotes as JSON does.
        "base": json.dumps(branch, ensure_ascii=False)[1:-1],
        "is_go": (top / "go.mod").is_file(),
    }
    return {
        top / "migrate.toml": render("init_plan.toml.j2", None, values),
        top / "phases" / "p01_first_step.py": render("init_phase.py.j2", None, values),
    }


def top_of(repository: Repository) -> Path:
    """The folder to write into. Raises `RepositoryError` for a bare repository."""
    if repository.work_tree is None:
        raise RepositoryError(
            "a bare repository has no place for a plan", advice="write it elsewhere, and name it: migrate --plan FILE"
        )
    return repository.work_tree


def example(_: str, directory: Path) -> dict[Path, str]:
    """The migration of the seed plan: nine phases, their plan and their templates."""
    top = top_of(Repository.open(directory))
    source = shipped("phases")
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {top / "phases" / path.relative_to(source): path.read_text(encoding="utf-8") for path in files}


def write_new(files: Mapping[Path, str]) -> list[Path]:
    """Write files, all or none.

    Raises `RefusedError` when one of them is there already, `MachineError` when the folder cannot be written.
    """
    there = [path for path in files if os.path.lexists(path)]
    if there:
        raise RefusedError(
            f'"{display(there[0])}" is there already, so nothing was written',
            advice="move it away first, or go on with it: migrate status",
        )
    written: list[Path] = []
    try:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                written.append(path)
                file.write(text)
    except OSError as error:
        for path in written:
            path.unlink(missing_ok=True)
        raise MachineError(
            f'"{display(Path(error.filename or path))}" cannot be written: {error.strerror}; nothing was kept',
            advice="fix that, then run the command again",
        ) from error
    return written
