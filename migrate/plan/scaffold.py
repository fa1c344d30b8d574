"""The files that `migrate init` writes."""

from __future__ import annotations

import json
import os
import re
import shlex
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from migrate.engines.registry import all_engines
from migrate.errors import MachineError, PlanError, RefusedError, RepositoryError
from migrate.git.repository import Repository
from migrate.plan.base_guess import guessed_remote
from migrate.plan.location import PLACES, display_path
from migrate.plan.phase_source import phase_number
from migrate.templating.beside import PHASE_FILE
from migrate.templating.documents import create_document, path_inside_folder, read_document
from migrate.templating.resources import shipped
from migrate.templating.templates import render_template
from migrate.text import printable

EXAMPLES = ("pllm", "house")
PLAN = "migrate.toml"
UNUSABLE = re.compile(r"[^A-Za-z0-9_-]+")
"""What the name of a migration must not hold."""


def first_plan(directory: Path, name: str | None, base: str) -> dict[Path, str]:
    """A plan and one phase for the repository of `directory`. Raises `PlanError` for an invalid name."""
    top = top_of_work_tree(Repository.open(directory))
    possible = UNUSABLE.sub("-", name or top.name).strip("-") or "refactor"
    if name not in (None, possible):
        raise PlanError(
            f'the name "{printable(name)}" becomes part of branch names: use letters, digits, - and _',
            advice=f"migrate init --name {possible}",
        )
    standing = {each.name for each in top.iterdir()}
    first = [plan for engine in all_engines() if (plan := engine.first_plan(standing)) is not None]
    commands = [each for plan in first for each in plan.validations]
    values = {
        "name": possible,
        "base": toml_text(base),
        "validations": [{"name": each.name, "run": list(each.run), "program": each.run[0]} for each in commands],
        "example": [line for plan in first for line in plan.example] or ['ws.move("old/folder", "new/folder")'],
    }
    return {
        top / PLAN: render_template("init_plan.toml.j2", None, values),
        top / "phases" / "p01_first_step.py": render_template("init_phase.py.j2", None, values),
    }


def toml_text(text: str) -> str:
    """A text as a TOML string, quotes included: a branch may be called a"b. TOML quotes like JSON."""
    return json.dumps(text, ensure_ascii=False)


def check_no_plan(directory: Path) -> None:
    """Raise `RefusedError` when there is a plan at one of its usual places."""
    top = top_of_work_tree(Repository.open(directory))
    for place in (folder / name for folder in (directory, top) for name in PLACES):
        if os.path.lexists(place):
            raise RefusedError(
                f'"{display_path(place)}" is a plan already, so nothing was written',
                advice="continue with it: migrate status; or move it away first",
            )


def check_no_plan_on(base: str, directory: Path) -> None:
    """Raise `RefusedError` when the base branch has a plan that the branch which is checked out does not have."""
    repository = Repository.open(directory)
    there = f"refs/remotes/{guessed_remote(repository)}/{base}"
    commit = repository.commit(f"refs/heads/{base}") or repository.commit(there)
    if commit is None or repository.head().branch == base:
        return
    listed = repository.git.run("ls-tree", "-z", "--name-only", commit, "--", *PLACES).fields()
    if listed:
        raise RefusedError(
            f'"{listed[0]}" on the branch {printable(base)} is a plan already, so nothing was written',
            advice=f"continue with it: git switch {shlex.quote(base)}, then: migrate status",
        )


def top_of_work_tree(repository: Repository) -> Path:
    """The folder to write into. Raises `RepositoryError` for a bare repository."""
    if repository.work_tree is None:
        raise RepositoryError(
            "a bare repository has no place for a plan", advice="write it elsewhere, and name it: migrate --plan FILE"
        )
    return repository.work_tree


def example_phase(name: str, directory: Path, base: str) -> dict[Path, str]:
    """A migration that ships with the program, such as `pllm`: its plan, its phases and what they share."""
    top = top_of_work_tree(Repository.open(directory))
    source = shipped("phases") / name
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and "__pycache__" not in path.parts]
    texts = {top / "phases" / path.relative_to(source): path.read_text(encoding="utf-8") for path in files}
    plan = top / "phases" / PLAN
    texts[plan] = texts[plan].replace('base = "main"', f"base = {toml_text(base)}", 1)
    return texts


def write_new(top: Path, files: Mapping[Path, str]) -> list[Path]:
    """Write files below a folder, all or none.

    A kill in between leaves only complete files, and the plan is written last; a file that is already there word for
    word is no obstacle. Raises `RefusedError` when one of them exists with another content, or a symlink leads out of
    the folder; `MachineError` when the folder cannot be written.
    """
    wanted = [path for path, text in files.items() if not has_content_already(top, path, text)]
    there = [path for path in wanted if os.path.lexists(path)] or phases_in_the_way(files)
    if there:
        raise RefusedError(
            f'"{display_path(there[0])}" exists already, so nothing was written',
            advice="move it away first, or continue with it: migrate status",
        )
    made: list[Path] = []
    try:
        for path in sorted(wanted, key=lambda path: path.name == PLAN):
            made += make_folders(path_inside_folder(top, path.parent))
            create_document(top, path, files[path].encode())
            made.append(path)
    except BaseException as error:
        # An interrupt can come after a file was written and before it is in `made`.
        remove_new_files(
            [*made, *(path for path in wanted if path not in made and has_content_already(top, path, files[path]))]
        )
        if isinstance(error, OSError):
            raise MachineError(
                f'"{display_path(Path(error.filename or path))}" cannot be written: {error.strerror}; nothing was kept',
                advice="fix that, then run the command again",
            ) from error
        raise
    return list(files)


def has_content_already(top: Path, path: Path, text: str) -> bool:
    """Whether a file already has this content, as after a command that was killed."""
    raw = text.encode()
    with suppress(OSError, RefusedError):
        return not path.is_symlink() and read_document(top, path, len(raw)) == raw
    return False


def phases_in_the_way(files: Iterable[Path]) -> list[Path]:
    """The existing phases that have the number of one that is to be written: a plan with both would be refused."""
    phases = [path for path in files if PHASE_FILE.fullmatch(path.name)]
    numbers = {phase_number(path) for path in phases}
    beside = sorted(other for folder in {path.parent for path in phases} for other in folder.glob("*.py"))
    others = (other for other in beside if PHASE_FILE.fullmatch(other.name) and other not in files)
    return [other for other in others if phase_number(other) in numbers]


def make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns the ones that are new."""
    missing = [above for above in (folder, *folder.parents) if not above.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing[::-1]


def remove_new_files(made: Sequence[Path]) -> None:
    """Remove files and folders, the last one first."""
    for path in reversed(made):
        with suppress(OSError):  # Somebody may have put something into a folder meanwhile.
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
