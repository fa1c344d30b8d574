"""The files that ship with the program: in the wheel below `migrate/data`, in a checkout at its top."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent


def shipped(folder: str) -> Path:
    """The folder `phases` or `templates` as installed."""
    packaged = PACKAGE / "data" / folder
    return packaged if packaged.is_dir() else PACKAGE.parent / folder
