"""What becomes of one import of a package that moved, whole or in parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.errors import PhaseError
from migrate.golang.crossing import declared_names
from migrate.golang.header import ImportSite, ImportSpec, raw
from migrate.golang.names import aliases_for, why_taken
from migrate.golang.plan import Home, Package, Plan
from migrate.golang.scope import Use
from migrate.golang.splice import Edit, line_at


@dataclass(frozen=True)
class NewImport:
    """One import after the map; `name` is "" where none is written."""

    name: str
    path: str


@dataclass(frozen=True)
class Replacement:
    """What stands in an import's place: one or more imports, and the qualifiers that change with them."""

    imports: tuple[NewImport, ...]
    qualifiers: tuple[Edit, ...] = ()


class SplitPackage:
    """A package whose importable files end up in several places."""

    def __init__(self, plan: Plan, package: Package) -> None:
        self._plan = plan
        self.package = package

    @cached_property
    def home_of(self) -> Mapping[str, Home]:
        """Where each package-level name goes. Raises `PhaseError` when build tags send one to two places."""
        if self.package.names is not None:
            return self.package.names
        homes = {}
        for name, where in declared_names(self._plan.before, self.package.homes).items():
            places = {self.package.homes[path] for path, _ in where}
            if len(places) > 1:
                raise PhaseError(
                    f'"{name}" is declared in files that would go to different packages: '
                    + ", ".join(f"{path}:{declaration.line}" for path, declaration in where)
                )
            homes[name] = places.pop()
        return homes

    def replace(self, site: ImportSite) -> Replacement:
        """What stands in the place of an import in the tree before."""
        plan = self._plan
        path, _, spec = site
        if spec.name == ".":
            line = line_at(plan.before.content(path), spec.start)
            raise PhaseError(
                f'{path}:{line} has a dot import of "{spec.path}", which is cut in parts',
                advice="give that import a name first",
            )
        if spec.name == "_":
            return Replacement(tuple(NewImport("_", self._path(home)) for home in self.package.importable))
        qualifier = spec.name or self.package.name
        used: dict[Home, list[Use]] = {}
        for use in plan.before.scopes(path).free({qualifier}):
            if use.selected:
                used.setdefault(self._home(path, use), []).append(use)
        homes = [home for home in self.package.importable if home in used] or [self.package.importable[0]]
        first = NewImport(spec.name or _name_unless(homes[0].clause, qualifier), self._path(homes[0]))
        imports, edits, taken = [first], [], {qualifier}
        for home in homes[1:]:
            name = self._alias(site, home, used[home], taken)
            taken.add(name)
            imports.append(NewImport(_name_unless(home.clause, name), self._path(home)))
            edits += [Edit(use.start, use.end, raw(name)) for use in used[home]]
        return Replacement(tuple(imports), tuple(edits))

    def _home(self, path: str, use: Use) -> Home:
        home = self.home_of.get(use.selected)
        if home is None:
            raise PhaseError(
                f'{path}:{use.line} uses {use.name}.{use.selected}, which no file of "{self.package.folder}" declares',
                advice="a package with names from outside the tree moves whole",
            )
        if home not in self.package.importable:
            # Only tests of the package itself see what its test files declare.
            raise PhaseError(f"{path}:{use.line} uses {use.name}.{use.selected} of a test file that goes elsewhere")
        return home

    def _path(self, home: Home) -> str:
        path = self._plan.after.modules.import_path(home.folder)
        assert path is not None, "an imported package has an import path"
        return path

    def _alias(self, site: ImportSite, home: Home, uses: list[Use], taken: set[str]) -> str:
        tree = self._plan.before
        offsets = [use.start for use in uses]
        for name in aliases_for(home.clause, home.folder):
            if name not in taken and why_taken(tree, site, name, offsets) is None:
                return name
        raise AssertionError("the candidates never end")


def whole_import(package: Package, path: str, spec: ImportSpec) -> Replacement:
    """The import of a package that moved as one; a caller keeps the qualifier that it has."""
    clause = package.importable[0].clause
    return Replacement((NewImport(spec.name or _name_unless(clause, package.name), path),))


def _name_unless(clause: str, name: str) -> str:
    """The name that must be written for an import: none where the package has it."""
    return "" if clause == name else name
