"""Landings of which the base does not speak: a ref tells of them, or the message of a phase above.

Whoever can push can write either. So a landing is believed where this clone found it out itself, as its journal says,
or where the files show it: the commit of the base has what the phase changes. A clone that never synced may know a
phase by the message of another one alone. It believes that: it has nothing that could be lost by it. What `finish`
noted is this clone's own, and believed as it is: all that could show it is gone by then.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, reduce
from typing import NamedTuple

from migrate.git.history import Commit, read_history
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.plan.names import RefNames
from migrate.stack.containing import has_change
from migrate.stack.entries import NewerJournalError, given_value
from migrate.stack.landings import Landing
from migrate.stack.own_entries import read_own
from migrate.stack.same_change import MadePhase
from migrate.stack.trailers import Trailers, read_trailers, trailer_block
from migrate.tree.moves import MoveMap


class LandedRange(NamedTuple):
    """What changes between two commits, what it moves, and the commit below all phases."""

    before: CommitId
    after: CommitId
    moves: MoveMap
    start: CommitId


@dataclass(frozen=True)
class ToldLandings:
    """The landings that are believed, by phase, and the refs that tell of one that nothing shows."""

    landings: Mapping[str, Landing] = field(default_factory=dict)
    doubted: Mapping[str, CommitId] = field(default_factory=dict)


def told_landings(
    repository: Repository,
    names: RefNames,
    refs: Mapping[str, CommitId],
    commits: Mapping[CommitId, Commit],
    made: Sequence[MadePhase],
    base: CommitId,
) -> ToldLandings:
    """Which phases the base has though no message there says so, and in which commit.

    `made` lists the phases that have a commit beyond the base, those on one branch bottom first, `commits` what lies
    there.
    """
    kept = kept_landings(repository, names, refs, base)
    claims = claimed(names, refs, commits, made)
    if not claims:
        return ToldLandings(kept)
    found = found_here(repository, names, refs, claims)
    trailers = {each.phase: each.trailers for each in made}
    for phase, oids in found.items():
        claims[phase] |= {oid: trailers[phase] for oid in oids if phase in trailers}
    named = {oid for told in claims.values() for oid in told}
    there = read_history(repository, named, walk=False, passes_over=True)
    in_base = {oid for oid in there if repository.is_ancestor(oid, base)}
    known = cache(lambda oid, span: has_change(repository, oid, *span))

    def is_shown(phase: str, oid: CommitId) -> bool:
        if phase not in trailers:
            return names.journal not in refs
        return any(known(oid, span) for span in landed_ranges(made, phase))

    landings = dict(kept)
    for phase, told in claims.items():
        for oid in told:
            if oid in in_base and (oid in found[phase] or is_shown(phase, oid)):
                landings[phase] = Landing(there[oid], told[oid], is_silent=True)
                break
    told_by_refs = ((phase, names.landed(phase)) for phase in trailers if names.landed(phase) in refs)
    doubted = {
        ref: refs[ref]
        for phase, ref in told_by_refs
        if refs[ref] in in_base and (phase not in landings or landings[phase].commit.oid != refs[ref])
    }
    return ToldLandings(landings, doubted)


def kept_message(migration: str, silent: Iterable[Trailers]) -> str:
    """What `finish` writes of the landings of which the base does not speak, each with the commit that brought it."""
    return "\n\n".join([f"finish {migration}", *("\n".join(trailer_block(each)) for each in silent)]) + "\n"


def kept_landings(
    repository: Repository, names: RefNames, refs: Mapping[str, CommitId], base: CommitId
) -> dict[str, Landing]:
    """The landings that `finish` noted here, as far as the base has their commits."""
    if names.kept_landings not in refs:
        return {}
    (noted,) = read_history(repository, [refs[names.kept_landings]], changes=False, walk=False).values()
    said = {
        each.phase: (each.landed, each) for each in read_trailers(noted.message) if each.migration == names.migration
    }
    oids = {oid for oid, _ in said.values() if oid}
    there = read_history(repository, oids, walk=False, passes_over=True)
    in_base = {oid: commit for oid, commit in there.items() if repository.is_ancestor(oid, base)}
    found = ((phase, in_base.get(oid), each) for phase, (oid, each) in said.items() if oid)
    return {phase: Landing(commit, each, is_silent=True) for phase, commit, each in found if commit is not None}


def claimed(
    names: RefNames, refs: Mapping[str, CommitId], commits: Mapping[CommitId, Commit], made: Sequence[MadePhase]
) -> dict[str, dict[CommitId, Trailers]]:
    """By phase the commits of which somebody says that it landed with them."""
    found: dict[str, dict[CommitId, Trailers]] = {}
    for each in made:
        if names.landed(each.phase) in refs:
            found[each.phase] = {refs[names.landed(each.phase)]: each.trailers}
    for commit in commits.values():
        for trailers in read_trailers(commit.message):
            if trailers.migration == names.migration and trailers.landed:
                found.setdefault(trailers.phase, {}).setdefault(trailers.landed, trailers)
    return found


def found_here(
    repository: Repository, names: RefNames, refs: Mapping[str, CommitId], phases: Collection[str]
) -> dict[str, frozenset[CommitId]]:
    """By phase the commits with which this clone itself found it landed."""
    try:
        entries = read_own(repository, names, refs.get(names.journal))
    except NewerJournalError:  # What steps says so.
        entries = []
    return {phase: given_value(entries, names.landed(phase)) for phase in phases}


def landed_ranges(made: Sequence[MadePhase], phase: str) -> Iterator[LandedRange]:
    """Changes with which a phase may have landed: alone, without what people added, or with all from the lowest on."""
    index = next(index for index, each in enumerate(made) if each.phase == phase)
    own = made[index]
    for count, last in enumerate(made[index:], index + 1):
        stack = [each for each in made[:count] if each.commit.oid in last.holds]
        if own not in stack or not stack[0].commit.parents:
            continue
        start = stack[0].commit.parents[0]
        if last is own:
            below, moves = own.commit.parents[0], own.trailers.moves
            yield from (LandedRange(below, tip.oid, moves, start) for tip in (own.tip, own.commit))
        moves = reduce(MoveMap.then, (each.trailers.moves for each in stack))
        yield LandedRange(start, last.tip.oid, moves, start)
