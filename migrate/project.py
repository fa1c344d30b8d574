"""One repository with one plan: what every command starts from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from migrate.git.repository import Repository
from migrate.plan import Plan, check_names, find_plan, read_plan
from migrate.snapshot import Names, Snapshot, take
from migrate.stack import Stack, compute


@dataclass(frozen=True)
class Project:
    """A repository and the plan for it."""

    repository: Repository
    plan: Plan

    @classmethod
    def open(cls, directory: Path, plan_file: Path | None) -> Project:
        """Find the repository and the plan. Raises `MigrateError` when one of them is missing or wrong."""
        repository = Repository.open(directory)
        folders = [folder for folder in (directory, repository.work_tree) if folder is not None]
        plan = read_plan(find_plan(folders, plan_file))
        check_names(repository, plan)
        return cls(repository, plan)

    @cached_property
    def names(self) -> Names:
        """The refs of the migration."""
        return Names(self.plan.name)

    def look(self) -> tuple[Snapshot, Stack]:
        """The state of the migration now."""
        snapshot = take(self.repository, self.plan)
        return snapshot, compute(self.plan, snapshot)
