"""What was searched for in the history of the base, kept so that only what is new is searched.

A search reads each message, or compares the trees of each commit: of 50,000 commits that takes seconds. It is kept in a
file of git's folder that can be deleted.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from migrate.git.kept import keep_values, kept_file, kept_values
from migrate.git.objects import CommitId
from migrate.git.process import OBJECT_NAME
from migrate.git.repository import Repository

FORMAT_VERSION = 1
MOST = 100
"""So many searches are kept, the newest."""

Search = Callable[[Sequence[str], Sequence[CommitId]], list[CommitId]]
"""Looks through a range of commits, as `git rev-list` takes it, and adds to the commits that were found before."""


def searched_since(
    repository: Repository,
    kind: str,
    start: CommitId,
    base: CommitId,
    search: Search,
    about: str = "",
    *,
    first_parent: bool = False,
) -> list[CommitId]:
    """The commits that a search finds in what a commit of the base has and an older one, `start`, does not.

    `about` is what is searched for beside. With `first_parent` that is the line of first parents alone. Of a shallow
    clone nothing is kept: its history can grow at the other end.
    """
    file = kept_file(repository, f"searched-{kind}")
    kept, key = read(file), f"{start} {about}"
    tip, found = kept.get(key, (None, []))
    if tip == base:
        return found
    if start == base:
        return []
    is_newer = tip is not None and repository.objects.reader.about([tip])[0] is not None
    if tip is not None and is_newer and (is_on_line if first_parent else Repository.is_ancestor)(repository, tip, base):
        found = search((base, f"^{tip}"), found)
    else:
        found = search((base, f"^{start}"), [])
    if not repository.shallow:
        kept.pop(key, None)
        keep(file, dict([*kept.items(), (key, (base, found))][-MOST:]))
    return found


def is_on_line(repository: Repository, old: CommitId, new: CommitId) -> bool:
    """Whether one commit is among another one and its first parents."""
    listed = repository.git.text("rev-list", "--first-parent", "--boundary", new, f"^{old}", "--")
    return f"-{old}" in listed.split("\n")


def keep(file: Path, found: Mapping[str, tuple[CommitId, list[CommitId]]]) -> None:
    """Keep what was found, where that is possible."""
    keep_values(file, FORMAT_VERSION, {"found": {name: [tip, *oids] for name, (tip, oids) in found.items()}})


def read(file: Path) -> dict[str, tuple[CommitId, list[CommitId]]]:
    """What was kept: by search the commit up to which it went, and what it found; nothing where nobody can read it."""
    return kept_values(file, FORMAT_VERSION, searches_in) or {}


def searches_in(values: Any) -> dict[str, tuple[CommitId, list[CommitId]]]:
    """The searches that a file holds, but for those that name what is no commit."""
    found = {
        str(name): (CommitId(tip), [CommitId(oid) for oid in oids]) for name, (tip, *oids) in values["found"].items()
    }
    return {name: each for name, each in found.items() if all(map(OBJECT_NAME.fullmatch, (each[0], *each[1])))}
