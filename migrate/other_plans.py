"""The other plans beside a plan: what they call their migrations."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import tomli

from migrate.git.objects import Oid
from migrate.git.repository import Repository

FOLDERS = ("", "phases")
"""Where plans are looked for in a repository, beside the folder of the plan at hand."""


def other_migrations(repository: Repository, commit: Oid, plan: Path) -> frozenset[str]:
    """The names of the migrations of which a plan is there: in a commit, or on disk beside `plan`."""
    entries = repository.objects.tree(commit)
    tracked = [
        entry.oid
        for path, entry in entries.items()
        if path.endswith(".toml") and path.rpartition("/")[0] in FOLDERS and entry.is_text_candidate
    ]
    texts = [content for _, content in repository.objects.blobs(tracked)]
    return frozenset(name for text in (*texts, *beside(plan)) for name in stated_name(text))


def beside(plan: Path) -> Iterator[bytes]:
    """What stands in the files beside a plan that may be plans."""
    with suppress(OSError):
        for file in plan.parent.glob("*.toml"):
            if file != plan and file.is_file():
                yield file.read_bytes()


def stated_name(text: bytes) -> Iterator[str]:
    """The name that the text of a plan gives its migration, if it is one."""
    with suppress(UnicodeDecodeError, tomli.TOMLDecodeError, RecursionError):
        table = tomli.loads(text.decode("utf-8")).get("migration")
        if isinstance(table, dict) and isinstance(name := table.get("name"), str):
            yield name
