"""Computes the new imports of one file when packages move, whole or in parts."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from migrate.engines.golang.comments import mention_edits
from migrate.engines.golang.crossing import declared_names, kinds_of_types
from migrate.engines.golang.header import Header, ImportSite, ImportSpec
from migrate.engines.golang.import_names import NamePart, NamingContext, name_parts, still_imports
from migrate.engines.golang.names import implied_names, why_taken
from migrate.engines.golang.package_merge import bare_edits, final_folder, hidden, own_destination
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.golang.split_package import SplitPackage
from migrate.engines.notes import Remark
from migrate.engines.splice import Splice, line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import decode, encode


@dataclass(frozen=True)
class NewImport:
    """One import after the map; `name` is "" when none is written."""

    name: str
    path: str


@dataclass(frozen=True)
class ImportReplacement:
    """What replaces an import: one or more imports, and the qualifiers that change with them."""

    imports: tuple[NewImport, ...]
    qualifiers: tuple[Splice, ...] = ()


class Caller:
    """A file that imports packages which move, in the tree before."""

    def __init__(
        self,
        plan: GoPlan,
        splits: Mapping[str, SplitPackage],
        path: str,
        header: Header,
        joined: Collection[str] = frozenset(),
    ) -> None:
        self._plan = plan
        self._splits = splits
        self._joined = joined
        self._path = path
        self._header = header
        self._own = own_destination(plan, path)
        self.notes: list[Remark] = []
        self.hidden: list[str] = []
        """Names that would mean something else without the qualifier that they must lose."""

    def replacements(self, kept: Collection[ImportSpec] = ()) -> dict[ImportSpec, ImportReplacement]:
        """What replaces each import that changes; those in `kept` stay."""
        found: dict[ImportSpec, ImportReplacement] = {}
        parts: dict[ImportSpec, list[NamePart]] = {}
        for spec, folder in self._plan.before.local_imports(self._path):
            if spec in kept:
                continue
            package = None if folder is None else self._plan.packages.get(folder)
            if folder is not None and spec.name not in ("_", ".") and self._is_own(folder):
                found[spec] = self._bare(spec.name or self._plan.before.package_name(folder) or "", None)
            elif package is not None and self._is_renamed(package) and spec.name not in ("_", "."):
                if package.is_split or not self._plan.before.syntax(self._path).is_broken:
                    parts[spec] = list(self._parts(spec, package))
                    found[spec] = self._bare(spec.name or package.name, package)
                else:
                    found[spec] = self._unread(spec, package)
            elif folder is not None and not self._plan.keeps(folder):
                found[spec] = ImportReplacement(tuple(self._unnamed(spec, folder, package)))
        for spec, replacement in (self._named(parts) if parts else {}).items():
            bare = found[spec].qualifiers
            found[spec] = ImportReplacement(replacement.imports, (*replacement.qualifiers, *bare))
        return found

    def names(self, replacements: Mapping[ImportSpec, ImportReplacement] | None = None) -> set[str]:
        """The names of the file's imports in the tree before, or after the `replacements`."""
        plan = self._plan
        found: set[str] = set()
        for spec in self._header.imports:
            if replacements is not None and spec in replacements:
                folder = plan.before.local_import(self._path, spec.path)
                package = plan.packages.get(folder or "")
                clauses = {destination.clause for destination in package.importable} if package else set()
                for new in replacements[spec].imports:
                    found |= {new.name} if new.name else clauses or implied_names(plan.before, spec.path)
            else:
                found |= {spec.name} if spec.name else implied_names(plan.before, spec.path)
        return found

    def _is_own(self, folder: str) -> bool:
        """Whether this file ends up in the same package as the whole package of a folder."""
        return self._own is not None and self._is_destination(final_folder(self._plan, folder), folder)

    def _is_destination(self, place: str | None, folder: str) -> bool:
        own, here = self._own, folder_of(self._path)
        return own is not None and place == own.folder and folder != here and not own.clause.endswith("_test")

    def _bare(self, qualifier: str, package: Package | None) -> ImportReplacement:
        """Removes the import and qualifiers of what the file's own package will declare: all, or parts."""
        split = None if package is None else self._splits.get(package.folder)
        if package is not None and (split is None or self._own not in package.importable):
            return ImportReplacement(())
        scopes = self._plan.before.scopes(self._path)
        uses = [use for use in scopes.free({qualifier}) if use.selected]
        uses = [use for use in uses if split is None or split.destination(self._path, use) == self._own]
        self.hidden += hidden(self._plan, self._path, uses)
        # For a package that is cut, `_mentions` knows which names come here.
        mentions = mention_edits(scopes, qualifier, lambda _: "") if package is None else ()
        return ImportReplacement((), (*bare_edits(self._plan, self._path, uses), *mentions))

    def _is_renamed(self, package: Package) -> bool:
        if package.is_split or package.importable[0].clause != package.name:
            return True
        return package.folder in self._joined

    def _unnamed(self, spec: ImportSpec, folder: str, package: Package | None) -> Iterator[NewImport]:
        """The imports that replace one whose name does not change."""
        # A folder without a package holds generated code, which is in no tree.
        destinations = [] if package is None else [destination.folder for destination in package.importable]
        if package is not None and package.is_split and spec.name == ".":
            destinations = [destination.folder for destination in self._dotted(spec, package)]
        for place in destinations or [self._plan.moves.resolve(folder)]:
            if self._is_destination(place, folder) or (spec.name == "_" and self._is_imported(spec, place)):
                continue
            yield NewImport(spec.name, self._plan.after.modules.import_path(place) or spec.path)

    def _dotted(self, spec: ImportSpec, package: Package) -> list[Destination]:
        """The new packages from which a file uses bare names. Raises `PhaseError` when that is unsure.

        A name from a dot import cannot be declared elsewhere in the file's view, or the file would not compile.
        """
        split = self._splits[package.folder]
        destination_of, kinds = (
            split.destination_of,
            kinds_of_types(declared_names(self._plan.before, package.destinations)),
        )
        names = [
            name
            for name, destination in destination_of.items()
            if destination in package.importable and name[:1].isupper()
        ]
        uses = self._plan.before.scopes(self._path).free(names, kinds)
        used = {destination_of[use.name] for use in uses if not use.may_be_field}
        for use in uses:
            if destination_of[use.name] not in used:
                raise PhaseError(
                    f'{self._path}:{use.line} {use.name}: it may be that name or a field, and "{spec.path}" is cut',
                    advice="give that dot import a name first",
                )
        for use in self._unknown(spec, names, kinds):
            if split.rest is None:
                raise split.missing(self._path, use, use.name)
            self.notes.append(_undeclared_callers(self._path, use, use.name, package))
            used.add(split.rest)
        return [destination for destination in package.importable if destination in used] or [package.importable[0]]

    def _unknown(self, spec: ImportSpec, names: Collection[str], kinds: Mapping[str, str]) -> list[ScopeUse]:
        """The bare names in a file that neither its package nor its dot imports declare.

        Empty when another dot import is of a package outside the tree, because names may come from there.
        """
        before, folder = self._plan.before, folder_of(self._path)
        others = [each for each in self._header.imports if each.name == "." and each != spec]
        folders = [before.local_import(self._path, each.path) for each in others]
        if None in folders:
            return []
        headers = {path: before.header(path) for path in before.folders[folder]}
        own = [path for path, header in headers.items() if header and header.package == self._header.package]
        declared = declared_names(before, own)
        scopes = before.scopes(self._path)
        known = {*names, *declared, *self.names()}
        wanted = {word for word in scopes.words if word[:1].isupper()} - known
        uses = scopes.free(wanted, {**kinds, **kinds_of_types(declared)})
        there = {use.name for use in uses if any(before.declares(each or "", use.name) for each in folders)}
        return [use for use in uses if not use.may_be_field and use.name not in there]

    def _unread(self, spec: ImportSpec, package: Package) -> ImportReplacement:
        """The import of a whole package in a file whose body cannot be read: its name must stay."""
        destination = package.importable[0]
        if not spec.name:
            line = line_number_at(self._plan.before.content(self._path), spec.start)
            reason = "it has syntax that cannot be read"
            self.notes.append(still_imports(f"{self._path}:{line}", destination.clause, package.name, reason))
        path = self._plan.after.modules.import_path(destination.folder) or spec.path
        return ImportReplacement((NewImport(spec.name or package.name, path),))

    def _parts(self, spec: ImportSpec, package: Package) -> Iterator[NamePart]:
        """The new packages of which the file uses something under the name of one import."""
        qualifier = spec.name or package.name
        used: dict[Destination, list[ScopeUse]] = {}
        split = self._splits.get(package.folder)
        for use in self._uses(qualifier, package):
            if split is not None and use.selected not in split.destination_of:
                self.notes.append(_undeclared_callers(self._path, use, f"{use.name}.{use.selected}", package))
            destination = package.importable[0] if split is None else split.destination(self._path, use)
            used.setdefault(destination, []).append(use)
        destinations = [destination for destination in package.importable if destination in used] or [
            package.importable[0]
        ]
        destinations = [
            destination for destination in destinations if not self._is_destination(destination.folder, package.folder)
        ]
        if package.name != "main" and any(destination.clause == "main" for destination in destinations):
            line = line_number_at(self._plan.before.content(self._path), spec.start)
            raise PhaseError(
                f'{self._path}:{line} imports "{spec.path}", which would be package main, and that cannot be imported',
                advice='choose another rename="…"',
            )
        for number, destination in enumerate(destinations):
            yield NamePart(spec, destination, "" if number else qualifier, tuple(used.get(destination, ())))

    def _uses(self, qualifier: str, package: Package) -> list[ScopeUse]:
        """What the file uses of a package that moves; empty when the file cannot be parsed and everything stays."""
        scopes = self._plan.before.syntax(self._path)
        split = self._splits.get(package.folder)
        if scopes.is_broken and split is not None and package.importable[0].folder == package.folder:
            after_dot = re.compile(rb"\b" + re.escape(encode(qualifier)) + rb"\s*\.\s*([\w\x80-\xff]+)")
            named = {decode(found[1]) for found in after_dot.finditer(scopes.content)}
            if all(split.destination_of.get(name, package.importable[0]) == package.importable[0] for name in named):
                return []
        return [use for use in self._plan.before.scopes(self._path).free({qualifier}) if use.selected]

    def _is_imported(self, spec: ImportSpec, place: str) -> bool:
        """Whether another import becomes one of the package in `place`, so that one for its effect can be removed."""
        seen = False
        for other in self._header.imports:
            seen |= other == spec
            if other.path != spec.path and (other.name != "_" or not seen) and self._final(other) == place:
                return True
        return False

    def _final(self, spec: ImportSpec) -> str | None:
        folder = self._plan.before.local_import(self._path, spec.path)
        return None if folder is None else final_folder(self._plan, folder)

    def _kept(self, part: NamePart) -> ImportSpec | None:
        """The staying import of the same package, when a part needs no import of its own."""
        if part.spec.path == self._plan.after.modules.import_path(part.destination.folder):
            return None
        for spec in self._header.imports:
            folder = self._plan.before.local_import(self._path, spec.path)
            if folder == part.destination.folder and folder not in self._plan.packages and spec.name not in ("_", "."):
                name = spec.name or part.destination.clause
                if not self._plan.before.scopes(self._path).binds(name, [use.start for use in part.uses]):
                    return spec
        return None

    def _named(self, parts: Mapping[ImportSpec, list[NamePart]]) -> dict[ImportSpec, ImportReplacement]:
        every = [part for each in parts.values() for part in each]
        kept = {part: spec for part in every if (spec := self._kept(part)) is not None}
        leaders, names = self._led([part for part in every if part not in kept])
        names |= {part: spec.name or part.destination.clause for part, spec in kept.items()}
        needless = {*kept, *(part for part, leader in leaders.items() if part.spec != leader.spec)}
        found = {}
        for spec, each in parts.items():
            mine = {part: names[part] for part in each}
            replacement = self._replacement(mine, needless)
            mentions = self._mentions(spec, {part.destination: name for part, name in mine.items()})
            found[spec] = ImportReplacement(replacement.imports, (*replacement.qualifiers, *mentions))
        return found

    def _led(self, parts: Sequence[NamePart]) -> tuple[dict[NamePart, NamePart], dict[NamePart, str]]:
        """The import that each part shares (`_leaders`), and its name."""
        scopes = self._plan.before.syntax(self._path)
        apart: set[NamePart] = set()
        while True:
            naming = NamingContext(self._plan.before, self._path, self._header, self._plan.aliased)
            leaders = _leaders(parts, apart)
            named = name_parts(naming, list(dict.fromkeys(leaders.values())))
            names = {part: named[leader] for part, leader in leaders.items()}
            hidden = {
                part
                for part, leader in leaders.items()
                if part.spec != leader.spec and scopes.binds(names[part], [use.start for use in part.uses])
            }
            if not hidden:
                self.notes += naming.notes
                return leaders, names
            apart |= hidden

    def _mentions(self, spec: ImportSpec, names: Mapping[Destination, str]) -> Iterator[Splice]:
        """The edits of comments that name something of a package; `names` are the local names of its new packages."""
        before = self._plan.before
        package = self._plan.packages[before.local_import(self._path, spec.path) or ""]
        split = self._splits.get(package.folder)

        def renamed(name: str) -> str | None:
            if split is None and not before.declares(package.folder, name):
                return None  # `auth.Login` may be a method, and `auth` a variable
            destination = package.importable[0] if split is None else split.destination_of.get(name)
            if destination is None or destination in names:
                return None if destination is None else names[destination]
            if destination == self._own:
                return ""
            return None if destination == Destination(package.folder, package.name) else destination.clause

        return mention_edits(before.syntax(self._path), spec.name or package.name, renamed)

    def _replacement(self, names: Mapping[NamePart, str], kept: Collection[NamePart]) -> ImportReplacement:
        if not names:
            return ImportReplacement(())
        imports, edits = [], []
        for part, name in names.items():
            path = self._plan.after.modules.import_path(part.destination.folder)
            assert path is not None, "an imported package has an import path"
            if part not in kept:
                imports.append(NewImport(self._written(part, name), path))
            edits += [Splice(use.start, use.end, encode(name)) for use in part.uses if use.name != name]
        return ImportReplacement(tuple(imports), tuple(edits))

    def _written(self, part: NamePart, name: str) -> str:
        """The name to write before the path: none when the package has that name, unless a person wrote it.

        An alias that a rename had to leave, because the package's name was taken in the file, is removed once it is not
        needed. So undoing a rename restores the original bytes.
        """
        clause = part.destination.clause
        if name != clause:
            return name
        if part.spec.name != name or part.destination.folder in self._plan.aliased:
            return ""
        before = self._plan.before
        folder = before.local_import(self._path, part.spec.path)
        own = None if folder is None else before.package_name(folder)
        site = ImportSite(self._path, self._header, part.spec)
        needless = own in (None, clause) or why_taken(before, site, own or "", [use.start for use in part.uses]) is None
        return name if needless else ""


def _undeclared_callers(path: str, use: ScopeUse, name: str, package: Package) -> Remark:
    """The message about a name that may be generated, or is missing already."""
    where = f'which no file of "{package.folder}" declares; such names are taken for those of what stays there'
    return Remark(f"{path}:{use.line}", f"uses {name}, {where}", f"places use names, {where}", name)


def _leaders(parts: Sequence[NamePart], apart: Collection[NamePart]) -> dict[NamePart, NamePart]:
    """For each part, the part whose import it shares: packages that become one need one import.

    A leader has the uses of all its parts. Two explicit names for one path stay two, and parts in `apart` are not
    joined.
    """
    groups: dict[Destination, list[NamePart]] = {}
    for part in parts:
        groups.setdefault(part.destination, []).append(part)
    found: dict[NamePart, NamePart] = {}
    for group in groups.values():
        shared = [part for part in group if part.spec.path != group[0].spec.path and part not in apart]
        whole = replace(group[0], uses=tuple(use for part in (group[0], *shared) for use in part.uses))
        found |= {part: part for part in group} | dict.fromkeys([group[0], *shared], whole)
    return found
