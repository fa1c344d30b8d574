"""Chooses the names of the imports of one file when the imported packages get other names.

The package's own name is best. If it means something else in the file, the import keeps its name. All imports of a file
are named together, so that two packages can swap their names.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from migrate.engines.golang.header import Header, ImportSite, ImportSpec
from migrate.engines.golang.names import aliases_for, why_taken
from migrate.engines.golang.plan import Destination
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Remark
from migrate.engines.splice import line_number_at


@dataclass(frozen=True)
class NamePart:
    """A package of which a file uses something; `spec` is the import through which it does so far.

    `qualifier` is its name in the file, "" when another part of the same import keeps that.
    """

    spec: ImportSpec
    destination: Destination
    qualifier: str
    uses: tuple[ScopeUse, ...]

    @property
    def may_change(self) -> bool:
        """Whether its present name was not chosen explicitly."""
        return bool(self.qualifier) and not self.spec.name


@dataclass
class NamingContext:
    """The facts for names in one file of `tree`; `aliased` are the folders whose callers keep their bodies."""

    tree: GoTree
    path: str
    header: Header
    aliased: Collection[str] = ()
    notes: list[Remark] = field(default_factory=list)

    def why_not(self, part: NamePart, name: str, fixed: Collection[ImportSpec]) -> str | None:
        """Why a part cannot get a name beside the imports whose names are `fixed`; None when it can."""
        site = ImportSite(self.path, self.header, part.spec)
        return why_taken(self.tree, site, name, [use.start for use in part.uses], fixed)

    def note(self, part: NamePart, reason: str) -> None:
        """Say that a part keeps its name."""
        line = line_number_at(self.tree.content(self.path), part.spec.start)
        self.notes.append(still_imports(f"{self.path}:{line}", part.destination.clause, part.qualifier, reason))


def still_imports(place: str, package: str, name: str, reason: str) -> Remark:
    """The note on an import that keeps the old name of its package."""
    kept = f"{package} as {name}"
    return Remark(place, f"still imports {kept}", f"files still import {kept}", reason)


def name_parts(naming: NamingContext, parts: Sequence[NamePart]) -> dict[NamePart, str]:
    """The name of each part, in the order of `parts`."""
    changing = [part for part in parts if part.may_change and part.destination.clause != part.qualifier]
    changing = [part for part in changing if part.destination.folder not in naming.aliased]
    names = _own_names(naming, parts, changing)
    fixed = [spec for spec in naming.header.imports if spec not in {part.spec for part in changing}]
    for part in parts:
        if part not in names:
            candidates = aliases_for(part.destination.clause, part.destination.folder)
            taken = set(names.values())
            names[part] = next(n for n in candidates if n not in taken and naming.why_not(part, n, fixed) is None)
    return {part: names[part] for part in parts}


def _own_names(naming: NamingContext, parts: Sequence[NamePart], changing: Sequence[NamePart]) -> dict[NamePart, str]:
    """The name of every part that has one already: its package's own for those that are `changing`, if it is free.

    A part that cannot have it keeps its name, which another part may have wanted: then all are tried again.
    """
    reasons: dict[NamePart, str] = {}
    keeping = [part for part in parts if part.qualifier and part not in changing]
    while True:
        names = {part: part.qualifier for part in (*keeping, *reasons)}
        left = [part for part in changing if part not in reasons]
        fixed = [spec for spec in naming.header.imports if spec not in {part.spec for part in left}]
        for part in left:
            clause = part.destination.clause
            is_given = clause in names.values()
            reason = f"another import is called {clause}" if is_given else naming.why_not(part, clause, fixed)
            if reason is not None:
                reasons[part] = reason
                break
            names[part] = clause
        else:
            for part, reason in reasons.items():
                naming.note(part, reason)
            return names
