"""Adds qualifiers to names that one part of a package uses of another, and removes them inside the same package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrate.engines.golang.declarations import declarations
from migrate.engines.golang.header import Header, ImportSite, ImportSpec
from migrate.engines.golang.names import aliases_for, why_taken
from migrate.engines.golang.plan import Destination, GoPlan
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.splice import Splice
from migrate.git.paths import folder_of
from migrate.text import encode


@dataclass(frozen=True)
class Qualified:
    """The edits that add qualifiers, and the imports (name and path) that they need."""

    edits: tuple[Splice, ...]
    imports: tuple[tuple[str, str], ...]


class NameQualifier:
    """Adds qualifiers to the uses that cross the cuts of a plan."""

    def __init__(self, plan: GoPlan, crossing: Mapping[str, Mapping[Destination, Sequence[ScopeUse]]]) -> None:
        self._plan = plan
        self._crossing = crossing
        self._declared: dict[str, set[str]] = {}

    def qualified(self, path: str, header: Header) -> Qualified:
        """The changes in a file of the tree before."""
        edits: list[Splice] = []
        imports: list[tuple[str, str]] = []
        taken: set[str] = set()
        for destination, uses in sorted(self._crossing.get(path, {}).items(), key=lambda item: item[0].folder):
            new = self._plan.after.modules.import_path(destination.folder)
            assert new is not None, "_check_modules let it pass"
            name = self._present(path, header, destination, uses) or self._new_name(
                path, header, destination, uses, taken
            )
            taken.add(name)
            edits += [Splice(use.start, use.end, encode(f"{name}.{use.name}")) for use in uses]
            imports.append((name if name != destination.clause else "", new))
        return Qualified(tuple(edits), tuple(imports))

    def _present(self, path: str, header: Header, destination: Destination, uses: Sequence[ScopeUse]) -> str | None:
        """The name under which the file already imports that package, if it can be used."""
        plan = self._plan
        for spec in header.imports:
            folder = plan.before.local_import(path, spec.path)
            package = None if folder is None else plan.packages.get(folder)
            stays = folder == destination.folder and package is None
            name = spec.name or destination.clause
            if stays and name not in ("_", ".") and not plan.before.scopes(path).binds(name, [u.start for u in uses]):
                return name
        return None

    def _new_name(
        self, path: str, header: Header, destination: Destination, uses: Sequence[ScopeUse], taken: set[str]
    ) -> str:
        site = ImportSite(path, header, ImportSpec("", "", -1, -1, -1))
        offsets = [use.start for use in uses]
        there = self._declared_beside(path)
        for name in aliases_for(destination.clause, destination.folder):
            if name not in taken | there and why_taken(self._plan.before, site, name, offsets) is None:
                return name
        raise AssertionError("the candidates never end")

    def _declared_beside(self, path: str) -> set[str]:
        """The names that the new package of a file declares."""
        folder = folder_of(self._plan.place(path))
        if folder not in self._declared:
            files = self._plan.after.folders.get(folder, ())
            found = (each for file in files for each in declarations(self._plan.after.syntax(file)))
            self._declared[folder] = {each.name for each in found if not each.receiver}
        return self._declared[folder]
