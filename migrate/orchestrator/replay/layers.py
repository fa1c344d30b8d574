"""The trees of a stack as one tree and what each phase changes in it: no pair of trees is compared twice.

`land` holds each phase, and each run of phases in a row, against the base. What they change is read by one process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import xor
from typing import NamedTuple

from migrate.git.history import TreeChange, changes_between, entries_after
from migrate.git.objects import CommitId, TreeEntry
from migrate.git.repository import Repository
from migrate.stack.phase_state import PhaseState


class Signature(NamedTuple):
    """By what one knows without comparing them that two sets of paths are not the same."""

    size: int
    folded: int


def signature_of(changes: Iterable[TreeChange]) -> Signature:
    """That of the paths of some changes, each of another path."""
    paths = [each.path for each in changes]
    return Signature(len(paths), reduce(xor, map(hash, paths), 0))


@dataclass(frozen=True)
class Step:
    """A phase with the hand edits on it: the commit that it stands on, its tip, and what differs between them."""

    below: CommitId
    tip: CommitId
    changes: tuple[TreeChange, ...]

    @property
    def changed(self) -> dict[str, TreeEntry | None]:
        """The new entry of each path, None where it is gone."""
        return entries_after(self.changes)


class Layer(Mapping[str, TreeEntry]):
    """A tree as another one and what is different in it."""

    def __init__(self, whole: Mapping[str, TreeEntry], changed: Mapping[str, TreeEntry | None]) -> None:
        self._whole = whole
        self._changed = changed

    def __getitem__(self, path: str) -> TreeEntry:
        found = self._changed[path] if path in self._changed else self._whole[path]
        if found is None:
            raise KeyError(path)
        return found

    def __iter__(self) -> Iterator[str]:
        yield from (path for path in self._whole if self._changed.get(path, self._whole[path]) is not None)
        yield from (path for path, entry in self._changed.items() if entry is not None and path not in self._whole)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Layers:
    """The phases of a stack that have a branch, bottom first, and their trees."""

    def __init__(self, repository: Repository, phases: Sequence[PhaseState]) -> None:
        self._repository = repository
        self._trees: dict[CommitId, Mapping[str, TreeEntry]] = {}
        self.steps = steps_of(repository, phases)
        """By phase."""

    @cached_property
    def _known(self) -> dict[CommitId, Layer]:
        """The trees of the tips that stand on each other."""
        lowest = next(iter(self.steps.values()), None)
        if lowest is None:
            return {}
        whole, changed = self._repository.objects.tree(lowest.below), dict[str, TreeEntry | None]()
        found, at = {lowest.below: Layer(whole, {})}, lowest.below
        for step in self.steps.values():
            if step.below == at:
                changed = {**changed, **step.changed}
                found[step.tip], at = Layer(whole, changed), step.tip
        return found

    def at(self, commit: CommitId) -> Mapping[str, TreeEntry]:
        """The tree of a commit."""
        if commit in self._known:
            return self._known[commit]
        if commit not in self._trees:
            self._trees[commit] = self._repository.objects.tree(commit)
        return self._trees[commit]

    def runs(self, first: int) -> list[tuple[int, Signature | None]]:
        """For each phase from one on, which paths are different from below that one to its tip; the highest first.

        None where they do not stand on each other, so that nobody has compared them.
        """
        steps = list(self.steps.values())
        before: dict[str, tuple[str, str]] = {}
        different: set[str] = set()
        folded, found, is_joined = 0, list[tuple[int, Signature | None]](), True
        for index in range(first, len(steps)):
            is_joined = is_joined and (index == first or steps[index - 1].tip == steps[index].below)
            for each in steps[index].changes if is_joined else ():
                is_different = before.setdefault(each.path, (each.old_mode, each.old)) != (each.new_mode, each.new)
                if is_different != (each.path in different):
                    folded ^= hash(each.path)
                    (different.add if is_different else different.discard)(each.path)
            found.append((index, Signature(len(different), folded) if is_joined else None))
        return found[::-1]


def steps_of(repository: Repository, phases: Sequence[PhaseState]) -> dict[str, Step]:
    """What each phase changes, by phase; one that stands on nothing is left out."""
    ends = {
        phase.id: (phase.commit.parents[0], phase.tip)
        for phase in phases
        if phase.commit is not None and phase.commit.parents and phase.tip is not None
    }
    trees = repository.objects.trees_of([below for below, _ in ends.values()])
    pairs = {name: (trees[below], tip.tree) for name, (below, tip) in ends.items() if below in trees}
    changes = changes_between(repository, pairs)
    return {name: Step(ends[name][0], ends[name][1].oid, changes[name]) for name in pairs}
