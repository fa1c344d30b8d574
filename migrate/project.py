"""One repository with one plan: what every command starts from."""

from __future__ import annotations

import json
import re
import secrets
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from migrate.allowed import Allowed
from migrate.git.files import write
from migrate.git.objects import Oid
from migrate.git.repository import Repository
from migrate.names import Names
from migrate.plan import Plan, check_names, find_plan, read_plan
from migrate.snapshot import Snapshot, take
from migrate.stack import Stack, compute

ITSELF = "the migration itself"
"""Why the phases may name old paths."""


@dataclass(frozen=True)
class Project:
    """A repository and the plan for it."""

    repository: Repository
    plan: Plan
    typed: str = ""
    """The command as it was typed, for the journal."""
    invocation: str = field(default_factory=lambda: secrets.token_hex(6))
    """What all operations of this command have in common in the journal."""
    plan_file: Path | None = None
    """The plan that was named, where one was."""

    @classmethod
    def open(cls, directory: Path, plan_file: Path | None, typed: str = "") -> Project:
        """Find the repository and the plan. Raises `MigrateError` when one of them is missing or wrong."""
        repository = Repository.open(directory)
        if repository.is_slot:
            # Who resolves a conflict stands in a slot. The plan is where the command was typed that stopped at it.
            directory, plan_file = origin(repository, plan_file)
            repository = Repository.open(directory)
        folders = [folder for folder in (directory, repository.work_tree) if folder is not None]
        plan = read_plan(find_plan(folders, plan_file))
        check_names(repository, plan)
        named = plan_file and plan.path
        plan = replace(plan, allowed=(*plan.allowed, *own_files(repository, plan)))
        return cls(repository, plan, typed, plan_file=named)

    @cached_property
    def names(self) -> Names:
        """The refs of the migration."""
        return Names(self.plan.name)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The patterns of the plan's and its phases' own files."""
        return tuple(allowed.files for allowed in self.plan.allowed if allowed.reason == ITSELF)

    def look(self, base: Oid | None = None) -> tuple[Snapshot, Stack]:
        """The state of the migration now, or as it will be when its base is at another commit."""
        snapshot = take(self.repository, self.plan, base=base)
        return snapshot, compute(self.plan, snapshot)


def origin_file(slot: Path) -> Path:
    """The file beside a slot that says where the command was typed that made it."""
    return slot.with_name(f"{slot.name}.from")


def write_origin(project: Project, slot: Path) -> None:
    """Say beside a slot from which folder and with which plan its repository is worked on."""
    top = project.repository.work_tree or project.repository.common_dir
    values = {"folder": str(top), "plan": str(project.plan_file) if project.plan_file else None}
    write(origin_file(slot), json.dumps(values).encode())


def origin(repository: Repository, plan_file: Path | None) -> tuple[Path, Path | None]:
    """The folder that a slot belongs to, and the plan that was named there unless another one is named now."""
    top = repository.work_tree or repository.common_dir
    folder, named = None, None
    with suppress(OSError, ValueError, KeyError, TypeError):
        values = json.loads(origin_file(top).read_bytes())
        folder, named = Path(values["folder"]), values["plan"] and Path(values["plan"])
    if folder is None or not folder.is_dir():
        main = repository.common_dir.parent
        folder = main if (main / ".git").is_dir() else top
    return folder, plan_file or named


def own_files(repository: Repository, plan: Plan) -> list[Allowed]:
    """The plan and its phases where they are in the repository: a phase that rewrote its own module would be stale."""
    top = repository.work_tree
    if top is None:
        return []
    globs = []
    for path in (plan.path, plan.phases_dir, plan.templates_dir):
        if path == top:
            globs.append("*.py")
        elif path is not None and path.is_relative_to(top):
            name = re.sub(r"([*?[])", r"[\1]", path.relative_to(top).as_posix())
            globs.append(name if path == plan.path else f"{name}/**")
    return [Allowed(glob, None, ITSELF) for glob in globs]
