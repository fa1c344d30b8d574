"""Recognising what the base already contains, however it was merged.

In this order: the branch is part of the base; a commit of the base has the phase's trailers; a commit of the base makes
the same change, of this phase or of several up to it; the forge says that it merged the phase's request; every file is
there as the phase makes it; merged into the base, the phase and those below change nothing; run on the base, it changes
nothing. What is there in part is told file by file, and counts as not landed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

from migrate.errors import PhaseError
from migrate.execution.tools import tool_runner
from migrate.forges.base import Method
from migrate.git.history import reachable, read_history
from migrate.git.merge import ConflictError, cherry_pick
from migrate.git.objects import CommitId, TreeEntry, TreeId
from migrate.git.patches import patches_between, patches_of
from migrate.git.paths import folders_of_paths, parents
from migrate.git.repository import Repository
from migrate.orchestrator.land.merged_requests import MergedRequest, merged_phases, method_of
from migrate.orchestrator.replay.layers import Layers, signature_of
from migrate.phase.runner import run_phase
from migrate.plan import builtin_phase
from migrate.plan.names import RefNames
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context
from migrate.stack.snapshot import Snapshot
from migrate.stack.trailers import trailers_of
from migrate.tree.changes import FileChange, from_commit
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

FEW = 3
"""By so many files of each phase the commits are found that may make its change."""


class LandedHow(StrEnum):
    """How it is known that a phase landed."""

    CONTAINED = "its branch is part of the base"
    TRAILERS = "a commit of the base has its trailers"
    PATCH = "a commit of the base makes the same change"
    FORGE = "the forge says so"
    FILES = "every file is in the base as it makes it"
    MERGE = "merged into the base it changes nothing"
    RERUN = "on the base it changes nothing"
    NOTED = "it was recognised before"


class Presence(StrEnum):
    """One file of a phase in the base."""

    THERE = "there"
    MISSING = "missing"
    """As it was before the phase."""
    DIFFERENT = "different"


@dataclass(frozen=True)
class Recognition:
    """What became of one phase. `how` is None when it has not landed; `commit` names the commit of the base."""

    phase: PhaseState
    how: LandedHow | None
    commit: CommitId | None = None
    files: tuple[tuple[FileChange, Presence], ...] = ()
    """Every file, where it is there in part."""
    request: MergedRequest | None = None
    """The request that brought it, where a forge says so."""
    method: Method | None = None
    """How that was merged."""

    @property
    def is_partial(self) -> bool:
        """Whether something of it is in the base, and something is not."""
        return self.how is None and any(presence is Presence.THERE for _, presence in self.files)


def recognise(context: Context, merged: Mapping[str, MergedRequest]) -> list[Recognition]:
    """What became of every phase that was run, bottom first; `merged` is by branch what a forge says that it merged."""
    project, snapshot, stack = context
    repository = project.repository
    found = [known_landings(snapshot, phase) for phase in stack if phase.state is State.LANDED]
    phases = (with_made(project.names, snapshot, phase) for phase in stack)
    open_phases = [phase for phase in phases if phase.exists and phase.commit is not None]
    layers, held = Layers(repository, open_phases), held_by(snapshot, open_phases)
    base = repository.objects.tree(snapshot.base)
    same = by_patch(repository, snapshot, open_phases, layers)
    told = merged_phases(context, [phase for phase in open_phases if phase.id not in same], merged)
    rest = [phase for phase in open_phases if phase.id not in same and phase.id not in told]
    by_merging = by_merge(repository, snapshot, rest, layers, base)
    start = repository.objects.tree(snapshot.refs.get(project.names.start, snapshot.base))
    for index, phase in enumerate(open_phases):
        if phase.id in same:
            found.append(Recognition(phase, LandedHow.PATCH, same[phase.id]))
            continue
        if phase.id in told:
            found.append(Recognition(phase, LandedHow.FORGE, told[phase.id]))
            continue
        forms = Forms(layers.at, [each for each in open_phases[index:] if held(each, phase)])
        files = presences(layers, base, phase, forms)
        came = phase.id == builtin_phase.ID or any(changes_since(start, base, file, forms) for file, _ in files)
        if came and files and all(presence is Presence.THERE for _, presence in files):
            found.append(Recognition(phase, LandedHow.FILES, snapshot.base))
        elif phase.id in by_merging:
            found.append(Recognition(phase, LandedHow.MERGE, snapshot.base))
        elif came and changes_nothing(context, base, phase, forms, files):
            found.append(Recognition(phase, LandedHow.RERUN, snapshot.base))
        else:
            found.append(Recognition(phase, None, None, files if came else ()))
    found = [with_request(repository, each, merged.get(each.phase.branch)) for each in found]
    return [each for recognition in found for each in (recognition, *landed_along(stack, recognition))]


def with_request(repository: Repository, found: Recognition, request: MergedRequest | None) -> Recognition:
    """The same with the request that brought a phase which has landed."""
    if request is None or found.how is None or found.commit not in (request.commit, request.head):
        return found
    return replace(found, request=request, method=method_of(repository, request))


def with_made(names: RefNames, snapshot: Snapshot, phase: PhaseState) -> PhaseState:
    """A phase; one without a branch, of which somebody says that it landed, with what running it made."""
    made = snapshot.made.get(phase.id)
    told = any(each.is_doubted and each.ref == names.landed(phase.id) for each in snapshot.strange)
    if made is None or not told or phase.state is not State.PENDING:
        return phase
    return replace(phase, tip=made, commit=made, trailers=trailers_of(made.message, names.migration, phase.id))


def landed_along(stack: Stack, host: Recognition) -> list[Recognition]:
    """What became of the phases that were merged into the branch of another one: the same as of that."""
    merged = stack.merged(host.phase.id) if host.how is not None else ()
    return [replace(host, phase=phase) for phase in merged if phase.state is State.MERGED]


def known_landings(snapshot: Snapshot, phase: PhaseState) -> Recognition:
    """A phase that the state says has landed."""
    assert phase.commit is not None
    tip = snapshot.branch(phase.branch)
    how = LandedHow.CONTAINED if tip is not None and tip not in snapshot.commits else LandedHow.TRAILERS
    if snapshot.landings[phase.id].is_silent:
        noted = snapshot.refs.get(RefNames(phase.trailers.migration).landed(phase.id)) if phase.trailers else None
        how = LandedHow.NOTED if noted else LandedHow.PATCH
    return Recognition(phase, how, phase.commit.oid)


def by_patch(
    repository: Repository, snapshot: Snapshot, phases: Sequence[PhaseState], layers: Layers
) -> dict[str, CommitId]:
    """The phases whose change a commit of the base makes, alone or together with those right below or above."""
    root = parent_on_base(phases[0]) if phases else None
    paths = [change.path for phase in phases if phase.commit for change in phase.commit.changes[:FEW]]
    if root is None or root == snapshot.base or not paths:
        return {}
    listed = repository.git.text("rev-list", "--no-merges", snapshot.base, f"^{root}", "--", *dict.fromkeys(paths))
    commits = read_history(repository, map(CommitId, listed.split()), walk=False) if listed else {}
    phases = [phase for phase in phases if phase.id in layers.steps]
    held = held_by(snapshot, phases)
    # Only what changes the same paths can be the same change.
    made = {oid: signature_of(commit.changes) for oid, commit in commits.items()}
    runs = [
        (first, last, signature)
        for first in range(len(phases))
        for last, signature in layers.runs(first)
        if signature is None or signature in made.values()
    ]
    wanted = {signature for _, _, signature in runs}
    known = patches_of(repository, [oid for oid in commits if None in wanted or made[oid] in wanted])
    trees = repository.objects.trees_of([step.below for step in layers.steps.values()])
    pairs = [(trees[layers.steps[phases[first].id].below], tree_at(phases[last])) for first, last, _ in runs]
    found: dict[str, CommitId] = {}
    for (first, last, _), patch in zip(runs, patches_between(repository, pairs) if known else [], strict=False):
        if phases[last].id not in found and patch in known and held(phases[last], *phases[first:last]):
            found |= {phase.id: known[patch] for phase in phases[first : last + 1]}
    return found


def tree_at(phase: PhaseState) -> TreeId:
    """The tree of a phase that has a tip."""
    assert phase.tip is not None
    return phase.tip.tree


def by_merge(
    repository: Repository,
    snapshot: Snapshot,
    phases: Sequence[PhaseState],
    layers: Layers,
    base: Mapping[str, TreeEntry],
) -> frozenset[str]:
    """The phases, from the lowest up to the highest one of which a merge into the base brings nothing new.

    So a squash of several phases into a base that had moved on is known, whatever became of its message.
    """
    below = parent_on_base(phases[0]) if phases else None
    if below is None or phases[0].id not in layers.steps:
        return frozenset()
    ours, before, held = repository.tree_of(snapshot.base), repository.tree_of(below), held_by(snapshot, phases)
    changed = {change.path for step in layers.steps.values() for change in step.changes}
    gone = folders_of_paths(layers.at(below)) - folders_of_paths(base)
    for count in range(len(phases), 0, -1):
        tip = phases[count - 1].tip
        if tip is None or tip.tree == before or not held(phases[count - 1], *phases[:count]):
            continue
        if brings_something(layers.at(below), layers.at(tip.oid), base, changed, gone):
            continue
        if merges_to(repository, before, ours, tip.tree) == ours:
            return frozenset(phase.id for phase in phases[:count])
    return frozenset()


def brings_something(
    before: Mapping[str, TreeEntry],
    theirs: Mapping[str, TreeEntry],
    ours: Mapping[str, TreeEntry],
    paths: Iterable[str],
    gone: AbstractSet[str],
) -> bool:
    """Whether a path shows, without a merge, that a merge into `ours` brings something new.

    There `ours` is as it was before, and `theirs` is not. Of a new file that says nothing where a folder above it is
    `gone` from `ours`: git may take the file along to where that folder was moved.
    """
    return any(
        before.get(path) == ours.get(path) != theirs.get(path) and (path in before or gone.isdisjoint(parents(path)))
        for path in paths
    )


def merges_to(repository: Repository, before: TreeId, ours: TreeId, theirs: TreeId) -> TreeId | None:
    """The tree that a merge gives, None for one that conflicts."""
    try:
        return cherry_pick(repository, {}, base=before, ours=ours, theirs=theirs)
    except ConflictError:
        return None


def held_by(snapshot: Snapshot, phases: Sequence[PhaseState]) -> Callable[..., bool]:
    """Whether the branch of a phase holds the commits of some others: it may stand elsewhere, whoever pushed it."""
    inside = {phase.id: reachable(snapshot.commits, phase.tip.oid if phase.tip else None) for phase in phases}

    def held(phase: PhaseState, *others: PhaseState) -> bool:
        return all(each.commit is not None and each.commit.oid in inside[phase.id] for each in others)

    return held


def parent_on_base(phase: PhaseState) -> CommitId | None:
    """The commit that a phase's own commit stands on."""
    return phase.commit.parents[0] if phase.commit and phase.commit.parents else None


class Forms:
    """What a phase, and then each phase on top of it, makes of a file: one merge may have brought them all."""

    def __init__(self, tree_of: Callable[[CommitId], Mapping[str, TreeEntry]], phases: Sequence[PhaseState]) -> None:
        self._later: list[tuple[MoveMap, Mapping[str, TreeEntry]]] = []
        moves = MoveMap()
        for index, phase in enumerate(phases):
            moves = moves.then(phase.moves) if index else moves
            if phase.tip is not None:
                self._later.append((moves, tree_of(phase.tip.oid)))

    def of(self, path: str) -> set[tuple[str, TreeEntry | None]]:
        """Where a file is that the phase has at `path`, and its entry there; None where a phase deletes it."""
        return {(at, tree.get(at)) for moves, tree in self._later if (at := moves.resolve(path))}


def presences(
    layers: Layers, base: Mapping[str, TreeEntry], phase: PhaseState, forms: Forms
) -> tuple[tuple[FileChange, Presence], ...]:
    """Every file that a phase and the hand edits on it changed, and how the base has it.

    One that the phase wrote and a phase above it deletes says nothing.
    """
    step = layers.steps.get(phase.id)
    found = []
    for file in from_commit(step.changes, phase.moves) if step is not None else ():
        made = forms.of(file.new_path) if file.new_path else set()
        if not (file.is_written and any(entry is None for _, entry in made)):
            found.append((file, presence(base, file, made)))
    return tuple(found)


def changes_since(
    start: Mapping[str, TreeEntry], base: Mapping[str, TreeEntry], file: FileChange, forms: Forms
) -> bool:
    """Whether the base has changed a file of a phase since the migration began: else nothing of it came there.

    A phase that puts back what one below changed leaves files as they were all along.
    """
    paths = {file.old_path, file.new_path} | {path for path, _ in forms.of(file.new_path or "")}
    return any(start.get(path) != base.get(path) for path in paths if path)


def presence(
    base: Mapping[str, TreeEntry], file: FileChange, made: AbstractSet[tuple[str, TreeEntry | None]]
) -> Presence:
    """How the base has one file that a phase changed; `made` is what became of it, in that phase or above."""
    before = base.get(file.old_path) if file.old_path else None
    if file.is_deleted:
        return Presence.THERE if before is None else same_or(before, file.old)
    if any(base.get(path) == entry and (before is None or path == file.old_path) for path, entry in made):
        return Presence.THERE
    if file.is_written:
        return Presence.DIFFERENT if any(path in base for path, _ in made) else Presence.MISSING
    return same_or(before, file.old) if before is not None else Presence.DIFFERENT


def same_or(entry: TreeEntry, old: TreeEntry | None) -> Presence:
    """Whether a file is as it was before the phase."""
    return Presence.MISSING if entry == old else Presence.DIFFERENT


def changes_nothing(
    context: Context,
    base: Mapping[str, TreeEntry],
    phase: PhaseState,
    forms: Forms,
    files: Sequence[tuple[FileChange, Presence]],
) -> bool:
    """Whether a phase finds its work done: run on the base it changes nothing, and what it makes is there.

    Stragglers may have gone again: then there is nothing left to make. Raises `PlanError` for a phase that cannot run.
    """
    project, gone = context.project, phase.id == builtin_phase.ID
    for file, _ in files:
        made = forms.of(file.new_path) if file.new_path else set()
        if made and not gone and not any(path in base or entry is None for path, entry in made):
            return False
    if not (files or gone) or any(file.is_moved and file.old_path in base for file, _ in files):
        return False
    phase.source.check()
    overlay = Overlay.of(project.repository.objects, context.stack.base)
    try:
        run_tool, history = tool_runner(project.repository), context.stack.history(phase.id)
        applied = run_phase(project.plan, phase.source, overlay, history, run_tool, allow_noop=True)
    except PhaseError:
        return False
    return not applied.overlay.changes()
