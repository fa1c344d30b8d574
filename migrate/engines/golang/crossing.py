"""Finds what crosses the cut when some files leave their package.

An exported name that is used across the cut gets a qualifier. A name that no other package can use, or about which
syntax does not decide, is refused with a list of every place: a wrong refusal costs a minute, a wrong split a day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from migrate.engines.golang.declarations import Declaration, declarations
from migrate.engines.golang.members import member_problems
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.scope import Scopes, ScopeUse
from migrate.engines.golang.tree import GoTree
from migrate.errors import PhaseError
from migrate.text import joined_list


@dataclass(frozen=True)
class NameCrossing:
    """A name that cannot be used across a cut, where it is used and where it is declared."""

    name: str
    path: str
    line: int
    declared_in: str
    reason: str
    export: str = ""
    """The name to export for it, "" when that does not help."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name} (of {self.declared_in}): {self.reason}"


UNEXPORTED = "not exported"


@dataclass
class Crossings:
    """What crosses the cuts of a plan."""

    qualified: dict[str, dict[Destination, list[ScopeUse]]] = field(default_factory=dict)
    """The uses in each file that get a qualifier, by the new package of what they use."""
    refused: dict[str, list[NameCrossing]] = field(default_factory=dict)
    """What cannot cross the cut, by the folder of the package."""

    def unexported(self, folder: str) -> set[str]:
        """The names that cross only because they are not exported, fields and methods as `T.name`."""
        return {one.export for one in self.refused.get(folder, ()) if one.export}


def declared_names(tree: GoTree, files: Iterable[str]) -> dict[str, list[tuple[str, Declaration]]]:
    """Every package-level name of some files of one package, with the files that declare it."""
    found: dict[str, list[tuple[str, Declaration]]] = {}
    for path in files:
        for declaration in declarations(tree.syntax(path)):
            if not declaration.receiver:
                found.setdefault(declaration.name, []).append((path, declaration))
    return found


def kinds_of_types(declared: Mapping[str, list[tuple[str, Declaration]]]) -> dict[str, str]:
    """What the types among some names are: the type of the node that defines each."""
    return {name: where[0][1].kind for name, where in declared.items() if where[0][1].kind}


def name_crossings(plan: GoPlan) -> Crossings:
    """Everything that crosses the cuts of a plan. Raises `PhaseError` when one name would go to two places."""
    found = Crossings()
    for package in plan.packages.values():
        for destinations in (package.destinations, package.tests):
            if len(set(destinations.values())) > 1:
                links = _cross(plan.before, package, destinations, found)
                for group in _linked(links):
                    problems = member_problems(
                        plan.before, {p: destination for p, destination in destinations.items() if destination in group}
                    )
                    found.refused[package.folder] += [NameCrossing(*problem) for problem in problems]
    return found


def _linked(links: Iterable[tuple[Destination, Destination]]) -> list[set[Destination]]:
    """Groups of new packages that use each other; no field or method of one can be reached from outside its group."""
    groups: list[set[Destination]] = []
    for link in links:
        touched = [group for group in groups if group & set(link)]
        groups = [group for group in groups if group not in touched] + [set(link).union(*touched)]
    return groups


def _cross(
    tree: GoTree, package: Package, destinations: Mapping[str, Destination], found: Crossings
) -> set[tuple[Destination, Destination]]:
    """Add what crosses by name; returns which new packages use which."""
    declared = declared_names(tree, destinations)
    _check_together({name: where for name, where in declared.items() if name not in package.copied}, destinations)
    kinds = kinds_of_types(declared)
    refused = found.refused.setdefault(package.folder, [])
    links = set()
    for path, destination in destinations.items():
        foreign = {
            name: where[0] for name, where in declared.items() if all(destinations[p] != destination for p, _ in where)
        }
        for use in tree.scopes(path, foreign).free(foreign, kinds):
            declaring, declaration = foreign[use.name]
            links.add((destination, destinations[declaring]))
            reason = _why_not(tree.scopes(path), use, declaring, destinations)
            if reason is None:
                found.qualified.setdefault(path, {}).setdefault(destinations[declaring], []).append(use)
            else:
                where = f"{declaring}:{declaration.line}"
                export = use.name if reason == UNEXPORTED else ""
                refused.append(NameCrossing(use.name, path, use.line, where, reason, export))
    return links


def _check_together(
    declared: Mapping[str, list[tuple[str, Declaration]]], destinations: Mapping[str, Destination]
) -> None:
    for name, where in declared.items():
        if len({destinations[path] for path, _ in where}) > 1:
            raise PhaseError(
                f'"{name}" is declared in files that would go to different packages: '
                + ", ".join(f"{path}:{declaration.line}" for path, declaration in where)
            )


def _why_not(scopes: Scopes, use: ScopeUse, declaring: str, destinations: Mapping[str, Destination]) -> str | None:
    """Why a name cannot be used across the cut; None when it can."""
    if _is_receiver(scopes, use):
        return "a method must be in the package of its type"
    if use.may_be_field:
        return "it may be that name or a field"
    if declaring.endswith("_test.go"):
        return "declared in a test file, which no other package can use"
    if not use.name[:1].isupper():
        return UNEXPORTED
    return "of package main, which nobody can import" if destinations[declaring].clause == "main" else None


def _is_receiver(scopes: Scopes, use: ScopeUse) -> bool:
    node = scopes.tree.root_node.descendant_for_byte_range(use.start, use.end)
    while node is not None and node.type != "parameter_list":
        node = node.parent
    method = None if node is None else node.parent
    return method is not None and method.type == "method_declaration" and method.child_by_field_name("receiver") == node


def check_crossings(plan: GoPlan, found: Crossings) -> None:
    """Raise `PhaseError` with the list when something crosses that cannot."""
    for folder, refused in found.refused.items():
        if refused:
            raise _crossing_refusal(plan.packages[folder], refused, sorted(found.unexported(folder)))


def _crossing_refusal(package: Package, refused: list[NameCrossing], unexported: list[str]) -> PhaseError:
    lines = [str(one) for one in sorted(set(refused), key=lambda one: (one.path, one.line, one.name, one.reason))]
    only = all(one.export for one in refused)
    names = ", ".join(f'"{name}"' for name in unexported)
    return PhaseError(
        f'package {package.name} in "{package.folder}" cannot be cut there; these names cross the cut:\n'
        + joined_list(lines),
        advice=f"move what declares them too, or export them: export=[{names}]"
        if only
        else "move what declares them too, leave what uses them (leave=[…]), or give a helper to both (copy=[…])",
    )
