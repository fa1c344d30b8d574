"""The files that `migrate init` writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from migrate.errors import RefusedError
from migrate.git.repository import Repository
from migrate.plan import display
from migrate.resources import shipped
from migrate.templates import render

EXAMPLES = ("pllm",)


def first_plan(directory: Path, name: str | None) -> dict[Path, str]:
    """A plan and one phase for the repository that `directory` is in."""
    repository = Repository.open(directory)
    top = repository.work_tree or directory
    branch = repository.head().branch or repository.config("init.defaultBranch") or "main"
    values = {
        "name": name or re.sub(r"[^A-Za-z0-9_-]+", "-", top.name).strip("-") or "refactor",
        "base": branch,
        "is_go": (top / "go.mod").is_file(),
    }
    return {
        top / "migrate.toml": render("init_plan.toml.j2", None, values),
        top / "phases" / "p01_first_step.py": render("init_phase.py.j2", None, values),
    }


def example(_: str, directory: Path) -> dict[Path, str]:
    """The migration of the seed plan: nine phases, their plan and their templates."""
    top = Repository.open(directory).work_tree or directory
    source = shipped("phases")
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    return {top / "phases" / path.relative_to(source): path.read_text(encoding="utf-8") for path in files}


def write_new(files: Mapping[Path, str]) -> list[Path]:
    """Write files, all or none.

    Raises `RefusedError` when one of them is there already.
    """
    there = [path for path in files if path.exists() or path.is_symlink()]
    if there:
        raise RefusedError(
            f'"{display(there[0])}" is there already, so nothing was written',
            advice="move it away first, or go on with it: migrate status",
        )
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(files)
