"""Where old paths are now, read from the commits that moved them: no plan is needed."""

from __future__ import annotations

from migrate.git.objects import Oid
from migrate.git.process import decode
from migrate.git.refs import read_refs
from migrate.git.repository import Repository
from migrate.moves import MoveMap
from migrate.trailers import read_trailers


def moves_of(repository: Repository, commit: Oid) -> MoveMap:
    """Everything that phases moved in the history of a commit, as one map.

    With one migration only commits after its recorded start are searched, else the whole history.
    """
    starts = [oid for ref, oid in read_refs(repository, "refs/migrate").items() if ref.endswith("/start")]
    limits = [f"^{oid}" for oid in starts if len(starts) == 1 and repository.is_ancestor(oid, commit)]
    found = repository.git.run(
        *("log", "-z", "--reverse", "--topo-order", "--no-show-signature", "--grep=^Moved: ", "--format=%B"),
        *(commit, *limits, "--"),
    )
    total = MoveMap()
    for message in found.stdout.split(b"\0"):
        for trailers in read_trailers(decode(message)):
            total = total.then(trailers.moves)
    return total
