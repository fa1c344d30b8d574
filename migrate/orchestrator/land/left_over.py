"""Whether the branch of a phase that landed holds something that the base does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from itertools import takewhile

from migrate.git.history import Commit, first_parents, reachable, read_history
from migrate.git.objects import CommitId, TreeId
from migrate.orchestrator.land.recognition import merges_to
from migrate.stack.containing import has_change
from migrate.stack.entries import JournalEntry, given_value
from migrate.stack.ground import phase_refs
from migrate.stack.own_entries import Journal
from migrate.stack.project import Context, Project
from migrate.stack.trailers import read_trailers, trailers_of
from migrate.tree.moves import MoveMap

Makes = Callable[[Commit], TreeId | None]
"""The tree that a phase makes of what a commit of it stands on, run again; None where it cannot run there."""


def left_over(
    context: Context, journal: Journal, phase: str, tip: CommitId, landed: CommitId | None, makes: Makes
) -> bool:
    """Whether what people did on a branch of a phase is not in the base, which has the phase since a commit `landed`.

    Measured from what the phase made on that very branch: that it made something else since, on another parent, is no
    change of anybody's. Where no command of this clone made that, all of the branch must be there, or the phase must
    make just that when it runs again, as `makes` tells: whoever pushes an amended commit can push a ref and an entry of
    the journal, too, by which the phase made it so.
    """
    snapshot = context.snapshot
    repository = context.project.repository
    inside = reachable(snapshot.commits, tip)
    commits = {oid: commit for oid, commit in snapshot.commits.items() if oid in inside}
    if tip not in commits:
        return False  # It is part of the base.
    before = made_there(context, journal, phase, commits, tip)
    base = repository.tree_of(snapshot.base)
    if before.oid not in told_made(context.project, journal.own, phase):
        if any(is_all_in(context, commits, before, tip, each) for each in (landed, snapshot.base)):
            return False
        if makes(before) != before.tree:
            return True
    return before.tree != commits[tip].tree and merges_to(repository, before.tree, base, commits[tip].tree) != base


def is_all_in(
    context: Context, commits: Mapping[CommitId, Commit], before: Commit, tip: CommitId, commit: CommitId | None
) -> bool:
    """Whether a commit of the base has all of a branch, from the phase's own commit on, by itself or with those above.

    Phases above may have moved it on, or written it anew.
    """
    if commit is None or not before.parents:
        return False
    start = before.parents[0]
    known = {**commits, **context.snapshot.commits}
    for top in dict.fromkeys([tip, *phase_refs(context.project.plan, context.snapshot.refs)]):
        line = first_parents(known, known[top]) if top in known else []
        if tip in [each.oid for each in line]:
            above = reversed([*takewhile(lambda each: each.oid != start, line)])
            said = [each for commit_above in above for each in read_trailers(commit_above.message) if not each.landed]
            moves = reduce(MoveMap.then, (each.moves for each in said), MoveMap())
            if has_change(context.project.repository, commit, start, top, moves, start):
                return True
    return False


def made_there(
    context: Context,
    journal: Journal,
    phase: str,
    commits: Mapping[CommitId, Commit],
    tip: CommitId,
) -> Commit:
    """What a phase made on a branch, as it was before anybody amended it, as far as this clone knows.

    Where no commit says that it is of the phase, only an entry of this clone tells: else all of the branch counts.
    """
    name = context.project.plan.name
    line = first_parents(commits, commits[tip])
    commit = next((each for each in line if trailers_of(each.message, name, phase) is not None), None)
    made = ever_made(context, journal.entries, phase)
    if commit is None:
        mine = told_made(context.project, journal.own, phase)
        made = [each for each in made if each.oid in mine]
        parents = {each.parents for each in line}
        return next((each for each in made if each.parents in parents), next(iter(made), line[-1]))
    if commit.oid in [each.oid for each in made]:
        return commit
    return next((each for each in made if each.parents == commit.parents), commit)


def ever_made(context: Context, journal: Sequence[JournalEntry], phase: str) -> list[Commit]:
    """Every commit that a phase made, newest first, of which the journal of this clone tells."""
    ref, repository = context.project.names.made(phase), context.project.repository
    found = [context.snapshot.refs.get(ref)]
    for entry in reversed(journal):
        found += [oid for update in entry.refs if update.ref == ref for oid in (update.new, update.old)]
    wanted = [oid for oid in dict.fromkeys(found) if oid is not None]
    there = [oid for oid, about in zip(wanted, repository.objects.reader.about(wanted), strict=True) if about]
    commits = read_history(repository, there, changes=False, walk=False)
    return [commits[oid] for oid in wanted if oid in commits]


def told_made(project: Project, journal: Sequence[JournalEntry], phase: str) -> frozenset[CommitId]:
    """The commits that a phase made as the commands tell that ran it."""
    return given_value(journal, project.names.made(phase))
