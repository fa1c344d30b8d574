"""A cache of expensive results in files of git's folder: deleting it loses only time."""

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
    """The file for the results with a name."""
    return repository.state_dir / "cache" / f"{name}.json"


def kept_values(file: Path, version: int, take: Callable[[Any], T]) -> T | None:
    """The kept results, read by `take`; None when there are none, or of another version, or unreadable."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        values = json.loads(file.read_bytes())
        if values["version"] == version:
            return take(values)
    return None


def keep_values(file: Path, version: int, values: Mapping[str, object]) -> None:
    """Keep some results, if that is possible."""
    with suppress(OSError):
        write_file(file, json.dumps({"version": version, **values}).encode())
