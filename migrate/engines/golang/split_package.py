"""The destinations of names of a package whose files end up in several places."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.scope import ScopeUse
from migrate.errors import PhaseError


class SplitPackage:
    """A package whose importable files end up in several places."""

    def __init__(self, plan: GoPlan, package: Package) -> None:
        self._plan = plan
        self.package = package

    @cached_property
    def destination_of(self) -> Mapping[str, Destination]:
        """The destination of each package-level name. Raises `PhaseError` when build tags send one to two places."""
        if self.package.names is not None:
            return self.package.names
        destinations = {}
        for name, where in declared_names(self._plan.before, self.package.destinations).items():
            places = {self.package.destinations[path] for path, _ in where}
            if name in self.package.copied and self.package.importable[0] in places:
                places = {self.package.importable[0]}
            if len(places) > 1:
                raise PhaseError(
                    f'"{name}" is declared in files that would go to different packages: '
                    + ", ".join(f"{path}:{declaration.line}" for path, declaration in where)
                )
            destinations[name] = places.pop()
        return destinations

    def clause_of(self, name: str) -> str | None:
        """The name of the package to which a name goes; None for an unknown name."""
        destination = self.destination_of.get(name)
        return None if destination is None else destination.clause

    def qualifier_of(self, name: str, user: Destination) -> str | None:
        """The qualifier of a name in a file of `user`; None when it needs none."""
        return None if self.destination_of.get(name, user) == user else self.clause_of(name)

    @cached_property
    def rest(self) -> Destination | None:
        """The part that stays in the folder, together with names that no file declares; None when nothing stays."""
        stays = self._plan.moves.resolve(self.package.folder)
        return next((destination for destination in self.package.importable if destination.folder == stays), None)

    def destination(self, path: str, use: ScopeUse) -> Destination:
        """The destination of a name that a file uses.

        Raises `PhaseError` when no file declares it and nothing stays.
        """
        destination = self.destination_of.get(use.selected, self.rest)
        if destination is None:
            raise self.missing(path, use, f"{use.name}.{use.selected}")
        if destination not in self.package.importable:
            # Only tests of the package itself can use what its test files declare.
            raise PhaseError(f"{path}:{use.line} uses {use.name}.{use.selected} of a test file that goes elsewhere")
        return destination

    def missing(self, path: str, use: ScopeUse, name: str) -> PhaseError:
        """The error for a name that no file declares, when nothing stays."""
        return PhaseError(
            f'{path}:{use.line} uses {name}, which no file of "{self.package.folder}" declares',
            advice="a package with names from outside the tree moves whole",
        )
