"""Where old paths are now, read from the commits that moved them: no plan is needed."""

from __future__ import annotations

import re

from migrate.git.objects import Oid
from migrate.git.process import decode
from migrate.git.refs import read_refs
from migrate.git.repository import Repository
from migrate.moves import MoveMap
from migrate.trailers import read_trailers

TAKEN_BACK = re.compile(r"^This (?:takes back \S+ \(|reverts commit )([0-9a-f]{40,64})\b", re.MULTILINE)
"""What the message of a revert commit says: ours, and that of `git revert`."""


def moves_of(repository: Repository, commit: Oid) -> MoveMap:
    """Everything that phases moved in the history of a commit, as one map.

    What a commit reverts is back at its old place. With one migration only commits after its recorded start are
    searched, else the whole history.
    """
    starts = [oid for ref, oid in read_refs(repository, "refs/migrate").items() if ref.endswith("/start")]
    limits = [f"^{oid}" for oid in starts if len(starts) == 1 and repository.is_ancestor(oid, commit)]
    found = repository.git.run(
        *("log", "-z", "--reverse", "--topo-order", "--encoding=UTF-8", "--no-show-signature", "--format=%H%n%B"),
        *("--basic-regexp", "--grep=^Moved: ", "--grep=^This takes back ", "--grep=^This reverts commit "),
        *(commit, *limits, "--"),
    )
    total = MoveMap()
    moved: dict[Oid, MoveMap] = {}
    for entry in found.stdout.split(b"\0"):
        oid, _, message = decode(entry).partition("\n")
        moved[oid] = MoveMap()
        for trailers in read_trailers(message):
            moved[oid] = moved[oid].then(trailers.moves)
        for undone in TAKEN_BACK.findall(message):
            total = total.then(moved.get(undone, MoveMap()).inverse())
        total = total.then(moved[oid])
    return total
