"""`verify`: the proof that no reference to a moved path is left."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.errors import RefusedError
from migrate.golang.verify import stale_imports
from migrate.overlay import Overlay
from migrate.project import ITSELF, Project
from migrate.references.stale import stale


@dataclass(frozen=True)
class Finding:
    """One reference to a path that is not there any more. `reason` says why it may stay."""

    path: str
    line: int
    text: str
    old: str
    now: str
    reason: str | None

    @property
    def position(self) -> str:
        """`README.md:641`."""
        return f"{self.path}:{self.line}"


@dataclass(frozen=True)
class Verified:
    """What a search for old paths found."""

    where: str
    moves: int
    files: int
    findings: tuple[Finding, ...]

    @property
    def stale(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(finding for finding in self.findings if finding.reason is None)

    @property
    def allowed(self) -> tuple[Finding, ...]:
        """What may stay."""
        return tuple(finding for finding in self.findings if finding.reason is not None)

    def as_json(self) -> dict[str, object]:
        """The result for programs."""
        return {
            "branch": self.where,
            "moved_paths": self.moves,
            "files": self.files,
            "stale": [vars(finding) for finding in self.stale],
            "allowed": [vars(finding) for finding in self.allowed],
        }


def verify(project: Project, name: str | None) -> Verified:
    """Search the tree of a phase's branch, or of the highest one, for every path that was moved up to there.

    Raises `RefusedError` when nothing has been run yet.
    """
    snapshot, stack = project.look()
    phase = stack.get(project.plan.phase(name).id) if name is not None else stack.top()
    landed = [p for p in stack if p.trailers is not None]
    if (phase is None or phase.tip is None) and (name is not None or not landed):
        raise RefusedError("no phase has been run, so nothing has moved yet", advice="migrate next")
    where, commit = (phase.branch, phase.tip.oid) if phase and phase.tip else (project.plan.base, snapshot.base)
    moves = stack.moves_up_to(phase) if phase and phase.tip else stack.moves()
    overlay = Overlay.of(project.repository.objects, commit)
    found = {
        (item.path, item.line, item.old): Finding(item.path, item.line, item.text, item.old, item.new, item.reason)
        for item in stale(overlay, moves, project.plan.allowed)
        if item.reason != ITSELF
    }
    lines = {(path, line) for path, line, _ in found}
    for wrong in stale_imports(overlay, moves):
        if (wrong.path, wrong.line) not in lines:
            key = (wrong.path, wrong.line, wrong.text)
            found[key] = Finding(wrong.path, wrong.line, wrong.text, wrong.message, "gone", None)
    ordered = tuple(found[key] for key in sorted(found))
    return Verified(where, len(moves), len(overlay.entries), ordered)
