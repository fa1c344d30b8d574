"""Landings of which nothing speaks: a commit of the base makes the same change as branches do.

A forge's squash merge with an emptied message leaves no trace but its change. What `land` finds by other means is too
slow for looking.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from itertools import chain, pairwise

from migrate.git.history import Commit, TreeChange, first_parents, reachable, read_history
from migrate.git.objects import CommitId
from migrate.git.patches import patches_between
from migrate.git.repository import Repository
from migrate.stack.landings import Landing
from migrate.stack.searched import searched_since
from migrate.stack.trailers import Trailers, trailers_of

FEW = 20
"""So many commits that touch a phase's first file are compared; more are left to `land`."""


@dataclass(frozen=True)
class MadePhase:
    """A phase that has a branch: its own commit, and the tip with what people added; `paths` is what these change.

    `holds` are the commits of the branch beyond the base.
    """

    phase: str
    trailers: Trailers
    commit: Commit
    tip: Commit
    paths: frozenset[str]
    holds: AbstractSet[CommitId]


def phases_made(
    migration: str,
    tips: Mapping[str, Sequence[CommitId]],
    commits: Mapping[CommitId, Commit],
    made: Mapping[str, Commit],
) -> list[MadePhase]:
    """The phases that have a commit beyond the base, bottom first; `tips` lists those of their branches, in that order.

    One whose branch was deleted is known from the branch above, or from what it made.
    """
    found: list[MadePhase] = []
    below: Commit | None = None
    for phase in reversed(list(tips)):
        tip = next((commits[oid] for oid in tips[phase] if oid in commits), below)
        paths: set[str] = set()
        for commit in first_parents(commits, tip or made[phase]) if tip or phase in made else ():
            paths.update(change.path for change in commit.changes)
            trailers = trailers_of(commit.message, migration, phase)
            if trailers is not None:
                top = tip or commit
                found.append(MadePhase(phase, trailers, commit, top, frozenset(paths), reachable(commits, top.oid)))
                below = commits.get(commit.parents[0]) if commit.parents else None
                break
    return found[::-1]


def with_alone(
    migration: str, phases: Sequence[MadePhase], commits: Mapping[CommitId, Commit], made: Mapping[str, Commit]
) -> list[MadePhase]:
    """Phases that have a branch, and those of which what running them made is all that there is."""
    placed = {each.phase for each in phases}
    found = ((phase, commit, trailers_of(commit.message, migration, phase)) for phase, commit in made.items())
    alone = [
        MadePhase(phase, trailers, commit, commit, frozenset(), reachable(commits, commit.oid))
        for phase, commit, trailers in found
        if trailers and phase not in placed
    ]
    return [*phases, *alone]


def same_changes(repository: Repository, base: CommitId, made: Sequence[MadePhase]) -> dict[str, Landing]:
    """The phases, from the lowest up, of which the base has the change, alone or with those right above.

    `made` lists the phases that have not landed, bottom first. Those that do not stand on the lowest, as where somebody
    pushed a branch that stands elsewhere, did not land with it.
    """
    found: dict[str, Landing] = {}
    first = 0
    while first < len(made):
        matched = matching_commit(repository, base, made[first:])
        if matched is None:
            break
        count, commit = matched
        for each in made[first : first + count]:
            found[each.phase] = Landing(commit, each.trailers, is_silent=True)
        first += count
    return found


def matching_commit(repository: Repository, base: CommitId, made: Sequence[MadePhase]) -> tuple[int, Commit] | None:
    """How many of some phases one commit of the base makes together, and that commit."""
    lowest = made[0].commit
    if not lowest.parents or not lowest.changes:
        return None
    path, start = lowest.changes[0].path, lowest.parents[0]
    if not all(repository.objects.reader.about([start, base])):
        return None
    search = partial(touching_path, repository, path)
    touching = searched_since(repository, "touching", start, base, search, path, first_parent=True)
    candidates = read_history(repository, touching, walk=False)
    for commit in candidates.values():
        paths = {change.path for change in commit.changes}
        for count in range(len(made), 0, -1):
            if any(each.commit.oid not in made[count - 1].holds for each in made[:count]):
                continue
            # What one phase adds and the next takes away again is in neither.
            all_paths = frozenset().union(*(each.paths for each in made[:count]))
            may_be = paths <= all_paths and bool(paths & made[count - 1].paths)
            if may_be and is_same_change(repository, commit, made[:count]):
                return count, commit
    return None


def is_same_change(repository: Repository, commit: Commit, made: Sequence[MadePhase]) -> bool:
    """Whether a commit changes what phases together do: the same files from and to the same, or by the same patch."""
    line = [each.commit for each in made]
    is_whole = all(each.tip == each.commit for each in made) and all(
        above.parents == (below.oid,) for below, above in pairwise(line)
    )
    if is_whole and joined_changes(each.changes for each in line) == joined_changes([commit.changes]):
        return True
    start = made[0].commit.parents[0]
    trees = repository.objects.trees_of([start, *commit.parents[:1]])
    if len(commit.parents) != 1 or len(trees) != len({start, *commit.parents}):
        return False
    pairs = [(trees[start], made[-1].tip.tree), (trees[commit.parents[0]], commit.tree)]
    one, other = patches_between(repository, pairs)
    return one is not None and one == other


def joined_changes(several: Iterable[Sequence[TreeChange]]) -> dict[str, tuple[tuple[str, str], tuple[str, str]]]:
    """What the changes of some commits, oldest first, do together: by path the mode and blob before and after."""
    found: dict[str, tuple[tuple[str, str], tuple[str, str]]] = {}
    for change in chain.from_iterable(several):
        before, after = (change.old_mode, change.old), (change.new_mode, change.new)
        found[change.path] = (found.get(change.path, (before, after))[0], after)
    return {path: (before, after) for path, (before, after) in found.items() if before != after}


def touching_path(repository: Repository, path: str, newer: Sequence[str], known: Sequence[CommitId]) -> list[CommitId]:
    """The newest commits that change a file, of some newer ones, as `git rev-list` names them, and of those known."""
    options = ("--first-parent", f"--max-count={FEW}")
    listed = repository.git.text("rev-list", *options, *newer, "--", path).split()
    return [*map(CommitId, listed), *known][:FEW]
