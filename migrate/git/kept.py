"""What took long to find out, kept in a file of git's folder: to delete it loses nothing but time."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

from migrate.git.files import write_file
from migrate.git.repository import Repository

T = TypeVar("T")


def kept_file(repository: Repository, name: str) -> Path:
    """The file that keeps what goes by a name."""
    return repository.state_dir / "cache" / f"{name}.json"


def kept_values(file: Path, version: int, take: Callable[[Any], T]) -> T | None:
    """What `take` makes of what is kept; None where there is nothing, or another version, or what nobody can read."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        values = json.loads(file.read_bytes())
        if values["version"] == version:
            return take(values)
    return None


def keep_values(file: Path, version: int, values: Mapping[str, object]) -> None:
    """Keep some values, where that is possible."""
    with suppress(OSError):
        write_file(file, json.dumps({"version": version, **values}).encode())
