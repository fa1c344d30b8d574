"""What would cross the cut when some files of a package leave it.

Two groups of files that name nothing of each other, in either direction, can be two packages: no field or method of
one can be reached from the other without naming something of it. So a cut is allowed where no name crosses it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from migrate.errors import PhaseError
from migrate.golang.declarations import Declaration, declarations
from migrate.golang.plan import Home, Package, Plan
from migrate.golang.tree import GoTree

SHOWN = 20


@dataclass(frozen=True)
class Crossing:
    """A name that is used on one side of a cut and declared on the other."""

    name: str
    path: str
    line: int
    declared_in: str
    may_be_field: bool

    def __str__(self) -> str:
        doubt = ", unless it is a field" if self.may_be_field else ""
        return f"{self.path}:{self.line} {self.name} (of {self.declared_in}{doubt})"


def declared_names(tree: GoTree, files: Iterable[str]) -> dict[str, list[tuple[str, Declaration]]]:
    """Every package-level name of some files of one package, with the files that declare it."""
    found: dict[str, list[tuple[str, Declaration]]] = {}
    for path in files:
        for declaration in declarations(tree.scopes(path)):
            if not declaration.receiver:
                found.setdefault(declaration.name, []).append((path, declaration))
    return found


def check_cuts(plan: Plan) -> None:
    """Raise `PhaseError` with the list when a name crosses a cut."""
    for package in plan.packages.values():
        for homes in (package.homes, package.tests):
            if len(set(homes.values())) > 1:
                crossing = _crossings(plan.before, homes)
                if crossing:
                    raise _refusal(package, crossing)


def _crossings(tree: GoTree, homes: Mapping[str, Home]) -> list[Crossing]:
    declared = declared_names(tree, homes)
    kinds = {name: where[0][1].kind for name, where in declared.items() if where[0][1].kind}
    found = []
    for path, home in homes.items():
        foreign = {
            name: [file for file, _ in where if homes[file] != home]
            for name, where in declared.items()
            if any(homes[file] != home for file, _ in where)
        }
        for use in tree.scopes(path).free(foreign, kinds):
            found.append(Crossing(use.name, path, use.line, foreign[use.name][0], use.may_be_field))
    return found


def _refusal(package: Package, crossing: list[Crossing]) -> PhaseError:
    lines = [str(one) for one in dict.fromkeys(crossing)]
    more = [f"… and {len(lines) - SHOWN} more"] if len(lines) > SHOWN else []
    return PhaseError(
        f'package {package.name} in "{package.folder}" cannot be cut there; these names cross the cut:\n'
        + "\n".join(f"  {line}" for line in lines[:SHOWN] + more),
        advice="move the files that declare them too, or leave the files that use them",
    )


def check_collisions(plan: Plan) -> None:
    """Raise `PhaseError` when files of several packages meet in one and declare the same name."""
    if not plan.merges:
        return
    origin = {new: old for old, new in plan.files.items()}
    arriving = {plan.place(path) for package in plan.packages.values() for path in (*package.homes, *package.tests)}
    for folder in sorted({path.rpartition("/")[0] for path in arriving}):
        clauses: dict[str, list[str]] = {}
        for path in plan.after.folders[folder]:
            header = plan.after.header(path)
            if header is not None and not header.is_ignored:
                clauses.setdefault(plan.clauses.get(origin.get(path, path), header.package), []).append(path)
        for files in clauses.values():
            _check_collision(plan, origin, files)


def _check_collision(plan: Plan, origin: Mapping[str, str], files: list[str]) -> None:
    came_from = {path: origin.get(path, path).rpartition("/")[0] for path in files}
    if len(set(came_from.values())) < 2:
        return
    for name, where in declared_names(plan.after, files).items():
        if len({came_from[path] for path, _ in where}) > 1:
            (one, first), (two, second) = where[0], where[-1]
            raise PhaseError(f'"{name}" would be declared twice: {one}:{first.line} and {two}:{second.line}')
