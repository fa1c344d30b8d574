"""The files that ship with the program: in the wheel below `migrate/data`, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent.parent

DESCRIPTION_TEMPLATES = frozenset(
    {
        "pull_request.md.j2",
        "revert_pull_request.md.j2",
        "migration_log.md.j2",
        "validation_table.md.j2",
        "stack_comment.md.j2",
    }
)
"""Templates that describe what phases did; a plan that overrides one does not change what its phases do."""


def shipped(folder: str) -> Path:
    """The folder `phases` or `templates` as installed."""
    packaged = PACKAGE / "data" / folder
    return packaged if packaged.is_dir() else PACKAGE.parent / folder
