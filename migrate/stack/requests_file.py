"""Where it is kept what the forge said last of the requests: a cache, whose age is always said."""

from __future__ import annotations

from pathlib import Path

from migrate.git.kept import kept_file
from migrate.git.repository import Repository
from migrate.stack.project import Project


def requests_file(repository: Repository, migration: str) -> Path:
    """The file; it is there once this clone has asked a forge."""
    return kept_file(repository, f"requests-{migration}")


def is_submitted(project: Project) -> bool:
    """Whether this clone knows of pull requests: by the plan, or because it asked for them before."""
    return project.plan.forge.is_given or requests_file(project.repository, project.plan.name).exists()
