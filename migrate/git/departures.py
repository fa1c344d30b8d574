"""Finds the commit that moved or deleted a path, for errors about missing paths."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from migrate.git.objects import CommitId
from migrate.git.paths import folder_of
from migrate.git.process import Git

COMMITS = 5000
"""How many commits are searched. A path that never existed costs as much: 0.2 s in a tree of 13,000 files."""
CANDIDATES = 10
"""How many of the last commits that removed something are searched for its new place."""
HOPS = 5
"""How many further moves are followed."""


@dataclass(frozen=True)
class Departure:
    """The commit that removed a path, its date, and the new path of most of it, if it was moved."""

    commit: CommitId
    day: str
    new: str | None


def departure(git: Git, tip: CommitId, path: str, stands: Callable[[str], bool]) -> Departure | None:
    """How a file or folder left the tree of `tip`; None when the last commits do not tell.

    Later moves are followed to the present place, for which `stands` is true; if there is none, it was deleted.
    Raises `GitFailedError` when the history cannot be read.
    """
    last, place, since = None, path, bounded(git, tip)
    for _ in range(HOPS):
        found = next(iter(moves_of_commit(git, tip, place, since)), None)
        if found is None:
            break
        last = found
        if found.new is None or stands(found.new):
            break
        place, since = found.new, f"^{found.commit}"
    if last is None or (last.new is not None and stands(last.new)):
        return last
    return Departure(last.commit, last.day, None)


def bounded(git: Git, tip: CommitId) -> str:
    """The argument that excludes all but the last commits; empty when there are no more."""
    beyond = git.text("rev-list", "-n", "1", f"--skip={COMMITS}", tip)
    return f"^{beyond}" if beyond else ""


def moves_of_commit(git: Git, tip: CommitId, path: str, since: str) -> Iterator[Departure]:
    """The last commits that removed something of a path; those that moved it come first."""
    options = ("--diff-filter=D", "--no-renames", "--no-show-signature", "--format=%H %cs", "-n", str(CANDIDATES))
    listed = git.text("log", *options, tip, *([since] if since else []), "--", path)
    found = []
    for line in filter(None, listed.split("\n")):
        oid, _, day = line.partition(" ")
        commit = CommitId(oid)
        found.append(Departure(commit, day, departure_destination(git, commit, path)))
    yield from sorted(found, key=lambda each: each.new is None)


def departure_destination(git: Git, commit: CommitId, path: str) -> str | None:
    """Where a commit moved a file, or most of a folder."""
    shown = ("-r", "-M", "-l1000", "--diff-filter=R", "--name-status", "--no-commit-id", "-z", "--root")
    fields = iter(git.run("diff-tree", *shown, commit).fields())
    places: Counter[str] = Counter()
    for _, old, new in zip(fields, fields, fields, strict=False):
        if old == path:
            return new
        if old.startswith(f"{path}/"):
            tail = old[len(path) :]
            # A file may have got another name on the way.
            places[new.removesuffix(tail) if new.endswith(tail) else folder_of(new)] += 1
    return places.most_common(1)[0][0] if places else None
