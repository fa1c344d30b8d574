"""The hash of a phase as computed before 2026-11-30, so that older phases are still recognised."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from migrate import limits
from migrate.templating.beside import PHASE_FILE
from migrate.templating.reading import read_regular
from migrate.templating.resources import DESCRIPTION_TEMPLATES


def former_shared(folder: Path, templates: Path | None) -> bytes | None:
    """What all phases of a folder shared then: every module and package beside them, and the plan's templates.

    None when there is something that no phase could be made from at that time.
    """
    total = hashlib.sha256()
    try:
        for top, path in shared_files(folder, templates):
            name = os.fsencode(path.relative_to(top).as_posix())
            total.update(name + b"\0" + hashlib.sha256(read_regular(path, limits.PHASE_FILES_BYTES)).digest())
    except OSError:
        return None
    return total.digest()


def shared_files(folder: Path, templates: Path | None) -> Iterator[tuple[Path, Path]]:
    """The files, each with the folder from which its name counts."""
    yield from ((folder, path) for path in sorted(folder.glob("*.py")) if not PHASE_FILE.fullmatch(path.name))
    for package in sorted(folder.glob("*/__init__.py")):
        yield from ((folder, path) for path in some_files(package.parent.rglob("*.py")))
    if templates is not None:
        files = (path for path in some_files(templates.rglob("*")) if path.is_file())
        yield from ((templates, path) for path in files if path.name not in DESCRIPTION_TEMPLATES)


def some_files(paths: Iterable[Path]) -> list[Path]:
    """The paths in order. Raises `OSError` when there are too many of them to look at."""
    found = list(islice(paths, limits.FOLDER_ENTRIES))
    if len(found) == limits.FOLDER_ENTRIES:
        raise OSError("there are too many files")
    return sorted(found)


def former_digest(shared: bytes, raw: bytes) -> str:
    """The hash of a phase."""
    return hashlib.sha256(shared + raw).hexdigest()[:16]
