"""Where the history of a shallow clone ends, and whether a question reaches that end."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.git.history import object_kinds
from migrate.git.objects import CommitId
from migrate.git.repository import Repository


def reaches_end(repository: Repository, tip: CommitId, known: Iterable[CommitId] = ()) -> bool:
    """Whether the history of a commit reaches the end of a shallow clone.

    Ancestors of commits in `known` are skipped; a missing commit has no ancestors.
    """
    if not repository.shallow:
        return False
    limits = [f"^{oid}" for oid, kind in object_kinds(repository, known).items() if kind == "commit"]
    # git shows a commit at the end as one without a parent.
    lowest = repository.git.text("rev-list", "--max-parents=0", tip, *limits, "--").split()
    return not repository.shallow.isdisjoint(lowest)
