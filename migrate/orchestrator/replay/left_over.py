"""Whether the branch of a phase that landed holds something that the base does not have."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.entries import read_journal
from migrate.git.history import Commit, absent, first_parents, read_history
from migrate.git.objects import Oid
from migrate.orchestrator.replay.landing import merges_to
from migrate.project import Project
from migrate.snapshot import Snapshot
from migrate.trailers import trailers_of


def left_over(project: Project, snapshot: Snapshot, phase: str, tip: Oid) -> bool:
    """Whether what people did on a branch of a landed phase is not in the base.

    Measured from what the phase made on that very branch: that it made something else since, on another parent, is no
    change of anybody's.
    """
    repository = project.repository
    commits = read_history(repository, [tip], [snapshot.base], changes=False)
    if tip not in commits:
        return False  # It is part of the base.
    before = made_there(project, snapshot, phase, commits, tip)
    if before is None:
        return True
    base = repository.tree_of(snapshot.base)
    return before.tree != commits[tip].tree and merges_to(repository, before.tree, base, commits[tip].tree) != base


def made_there(
    project: Project, snapshot: Snapshot, phase: str, commits: Mapping[Oid, Commit], tip: Oid
) -> Commit | None:
    """What a phase made on a branch, as it was before anybody amended it, as far as this clone knows."""
    name = project.plan.name
    line = first_parents(commits, commits[tip])
    own = next((each for each in line if trailers_of(each.message, name, phase) is not None), None)
    made = ever_made(project, snapshot, phase)
    if own is None:
        parents = {each.parents for each in line}
        return next((each for each in made if each.parents in parents), next(iter(made), None))
    if own.oid in [each.oid for each in made]:
        return own
    return next((each for each in made if each.parents == own.parents), own)


def ever_made(project: Project, snapshot: Snapshot, phase: str) -> list[Commit]:
    """Every commit that a phase made, newest first, of which the journal of this clone tells."""
    names, repository = project.names, project.repository
    ref = names.made(phase)
    found = [snapshot.refs.get(ref)]
    for entry in reversed(read_journal(repository, names, snapshot.refs.get(names.journal))):
        found += [oid for update in entry.refs if update.ref == ref for oid in (update.new, update.old)]
    wanted = [oid for oid in dict.fromkeys(found) if oid is not None]
    pruned = absent(repository, wanted)
    commits = read_history(repository, [oid for oid in wanted if oid not in pruned], changes=False, walk=False)
    return [commits[oid] for oid in wanted if oid in commits]
