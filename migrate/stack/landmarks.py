"""Where old paths are now, read from the commits that moved them: no plan is needed."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from migrate.git.history import read_history
from migrate.git.objects import CommitId
from migrate.git.refs import read_kinds, read_refs
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.own_entries import brought
from migrate.stack.same_change import phases_made, with_alone
from migrate.stack.told_landings import told_landings
from migrate.stack.trailers import read_trailers, taken_back_by
from migrate.text import decode
from migrate.tree.moves import MoveMap

KEPT = RefNames("").kept_landings
"""What the names begin with of what `finish` notes of landings."""


def moves_of(repository: Repository, commit: CommitId) -> MoveMap:
    """Everything that phases moved in the history of a commit, as one map.

    What a commit reverts is back at its old place. With one migration only commits after its recorded start are
    searched, else the whole history.
    """
    refs = own_refs(repository)
    silent = silently_landed(repository, refs, commit)
    # A commit whose message was emptied says nothing to look for, so then all messages are read.
    wanted = () if silent else ("--grep=^ *Moved: ", "--grep=^This takes back ", "--grep=^This reverts commit ")
    found = repository.git.run(
        *("log", "-z", "--reverse", "--topo-order", "--encoding=UTF-8", "--no-show-signature", "--format=%H%n%B"),
        *("--basic-regexp", *wanted, commit, *(f"^{oid}" for oid in starts_in(repository, refs, commit)), "--"),
    )
    total = MoveMap()
    moved: dict[CommitId, MoveMap] = {}
    for entry in found.stdout.split(b"\0"):
        name, _, message = decode(entry).partition("\n")
        oid = CommitId(name)
        moved[oid] = moves_in(message) if oid not in silent else silent[oid]
        for undone in taken_back_by(message):
            total = total.then(moved.get(undone, MoveMap()).inverse())
        total = total.then(moved[oid])
    return total


def own_refs(repository: Repository) -> dict[str, CommitId]:
    """What all migrations keep that names a commit."""
    found = read_kinds(repository, "refs/migrate", KEPT)
    others = brought(repository, [ref for ref in found if ref.startswith(KEPT)])
    return {ref: oid for ref, (kind, oid) in found.items() if kind == "commit" and ref not in others}


def starts_in(repository: Repository, refs: Mapping[str, CommitId], commit: CommitId) -> list[CommitId]:
    """Before which commit of its history nothing moved: the start of the migration, where there is one alone."""
    starts = [oid for ref, oid in refs.items() if ref.endswith("/start")]
    return [oid for oid in starts if len(starts) == 1 and repository.is_ancestor(oid, commit)]


def moves_in(message: str) -> MoveMap:
    """What the trailers of a message moved."""
    moved = MoveMap()
    for trailers in read_trailers(message):
        moved = moved.then(trailers.moves)
    return moved


def silently_landed(repository: Repository, refs: Mapping[str, CommitId], commit: CommitId) -> dict[CommitId, MoveMap]:
    """What the commits moved with which phases landed though their messages do not say so."""
    found: dict[CommitId, MoveMap] = {}
    migrations = dict.fromkeys(ref.split("/")[2] for ref in refs if "/landed/" in ref or ref.startswith(KEPT))
    branches = read_refs(repository, "refs/heads", "refs/remotes") if migrations else {}
    for migration in migrations:
        names = RefNames(migration)
        folder = names.made("")
        there = {ref.removeprefix(folder): oid for ref, oid in refs.items() if ref.startswith(folder)}
        tips = {phase: branches_named(branches, phase) for phase in sorted(there)}
        commits = read_history(repository, [*there.values(), *chain(*tips.values())], [commit], changes=False)
        made = {phase: commits[oid] for phase, oid in there.items() if oid in commits}
        phases = with_alone(migration, phases_made(migration, tips, commits, made), commits, made)
        for landing in told_landings(repository, names, refs, commits, phases, commit).landings.values():
            found[landing.commit.oid] = found.get(landing.commit.oid, MoveMap()).then(landing.trailers.moves)
    return found


def branches_named(branches: Mapping[str, CommitId], phase: str) -> list[CommitId]:
    """The tips of the branches that a phase may have, here and on remotes: what a plan puts before its name varies."""
    return [oid for ref, oid in branches.items() if ref.endswith(f"/{phase}")]
