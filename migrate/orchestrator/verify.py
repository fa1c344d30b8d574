"""`verify`: the proof that no reference to a moved path is left, and that the result is as the plan states it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from migrate.contracts.crossings import JudgedLayers, judge_layers
from migrate.contracts.target_tree import ComparedTree, compare_with_drawing
from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.verify.languages import Unchecked, unchecked
from migrate.engines.references.verify.past import old_paths_of
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import FORWARDED, stale_references
from migrate.engines.registry import all_engines
from migrate.engines.sources import all_sources
from migrate.orchestrator.validate import no_branch
from migrate.stack.model import Stack
from migrate.stack.phase_state import PhaseState
from migrate.stack.project import ITSELF, Project
from migrate.stack.unknown_history import no_phase
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class Finding:
    """One reference to a path that is not there any more. `reason` says why nobody need fix it here."""

    path: str
    line: int
    text: str
    old: str
    now: str
    reason: str | None
    verdict: StaleVerdict = StaleVerdict.STALE

    def as_json(self) -> dict[str, object]:
        """The finding for programs."""
        return {key: value for key, value in vars(self).items() if key != "verdict"}

    @property
    def position(self) -> str:
        """`README.md:641`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class VerifyResult:
    """What a search for old paths found, and how far the tree is as the plan states it.

    `layout` and `layers` are None when the plan states none. They speak of the result: while phases are `to_come`, what
    is not kept yet is no failure.
    """

    where: str
    moves: int
    files: int
    findings: tuple[Finding, ...]
    layout: ComparedTree | None = None
    layers: JudgedLayers | None = None
    to_come: tuple[str, ...] = ()
    forwarded: int = 0
    """How many imports go through packages that forward from old places."""
    forwarding: int = 0
    """How many such packages there are."""
    unforward: tuple[str, ...] = ()
    """What a phase calls so that none are left, for each language that has some."""
    unchecked: tuple[Unchecked, ...] = ()
    """The languages of moved files whose imports nobody checks."""
    too_large: tuple[str, ...] = ()
    """The files that are too large to be searched."""
    is_shallow: bool = False
    """Whether this clone has no more than the end of the history, so that phases may have moved what it cannot tell."""
    remote: str = ""
    """The remote that has the rest."""

    def of(self, verdict: StaleVerdict) -> tuple[Finding, ...]:
        """What was found and judged so."""
        return tuple(finding for finding in self.findings if finding.verdict is verdict)

    @property
    def stale(self) -> tuple[Finding, ...]:
        """What must be fixed."""
        return self.of(StaleVerdict.STALE)

    @property
    def is_kept(self) -> bool:
        """Whether nothing must be fixed."""
        contracts = [contract.is_kept for contract in (self.layout, self.layers) if contract is not None]
        return not self.stale and (bool(self.to_come) or all(contracts))

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "branch": self.where,
            "moved_paths": self.moves,
            "files": self.files,
            **{verdict.value: [finding.as_json() for finding in self.of(verdict)] for verdict in StaleVerdict},
            "unchecked": [vars(language) for language in self.unchecked],
            "too_large": list(self.too_large),
            "shallow": self.is_shallow,
            "layout": self.layout and self.layout.as_json(),
            "layers": self.layers and self.layers.as_json(),
            "to_come": list(self.to_come),
            "forwarded_imports": self.forwarded,
            "forwarding_packages": self.forwarding,
        }


def verify(project: Project, name: str | None) -> VerifyResult:
    """Search the tree of a phase's branch, or of the highest one, for every path that was moved up to there.

    The tree is also held against the target tree and the layers of the plan. Raises `RefusedError` when nothing has
    been run yet, or the phase that was named has no branch.
    """
    context = project.look()
    wanted = project.plan.phase(name).id if name is not None else None
    phase = (
        next((phase for phase in context.stack if phase.id == wanted), None)
        if wanted is not None
        else context.stack.top()
    )
    landed = [p for p in context.stack if p.trailers is not None]
    if wanted is not None and (phase is None or phase.tip is None):
        raise no_branch(context.stack, wanted, "verify")
    if (phase is None or phase.tip is None) and not landed:
        raise no_phase(context.stack)
    where, commit = (phase.branch, phase.tip.oid) if phase and phase.tip else (project.plan.base, context.snapshot.base)
    moves = context.stack.moves_up_to(phase) if phase and phase.tip else context.stack.moves()
    overlay = Overlay.of(project.repository.objects, commit, project.plan.settings)
    drawing, layers = project.plan.drawing, project.plan.layers
    through = [(engine.unforward, *engine.forwarded(overlay)) for engine in all_engines()]
    return VerifyResult(
        where,
        len(moves),
        len(overlay.entries),
        findings_in(overlay, moves, project.plan.allowed),
        layout=compare_with_drawing(drawing, overlay.entries, project.own) if drawing is not None else None,
        layers=judge_layers(layers, all_sources(overlay)) if layers else None,
        to_come=tuple(not_in(context.stack, phase)),
        forwarded=sum(imports for _, imports, _ in through),
        forwarding=sum(places for _, _, places in through),
        unforward=tuple(call for call, _, places in through if places),
        unchecked=unchecked(old_paths_of(overlay, moves)),
        too_large=tuple(sorted(overlay.too_large(files_of_migration(overlay)))),
        is_shallow=context.stack.is_shallow,
        remote=project.plan.remote,
    )


def findings_in(overlay: Overlay, moves: MoveMap, allowed: Sequence[Allowed]) -> tuple[Finding, ...]:
    """Every old path that is left in a tree, and every import of what is gone, in order of place."""
    found = {
        (item.path, item.line, item.old): Finding(
            item.path, item.line, item.text, item.old, item.new, item.reason, item.verdict
        )
        for item in stale_references(overlay, moves, allowed)
        if item.reason not in (ITSELF, FORWARDED)
    }
    lines = {(path, line) for path, line, _ in found}
    for wrong in chain.from_iterable(engine.stale(overlay, moves) for engine in all_engines()):
        if (wrong.path, wrong.line) not in lines:
            key = (wrong.path, wrong.line, wrong.text)
            found[key] = Finding(wrong.path, wrong.line, wrong.text, wrong.message, "gone", None)
    return tuple(found[key] for key in sorted(found))


def files_of_migration(overlay: Overlay) -> Iterator[str]:
    """The regular files of a tree that are not a copy of somebody else's."""
    return (path for path, entry in overlay.entries.items() if entry.is_text_candidate and not is_third_party(path))


def not_in(stack: Stack, phase: PhaseState | None) -> Iterator[str]:
    """The phases that are not in the tree of `phase`: those above it, and those that have not run at all."""
    above = False
    for other in stack:
        if above or other.commit is None:
            yield other.id
        above = above or (phase is not None and other.id == phase.id)
