"""Finds what prevents files of several packages from becoming one package, or from leaving something behind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.cutting.declaration_blocks import declaration_blocks
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import encode, joined_list

PREDECLARED = frozenset(
    re.findall(
        r"\w+",
        """
        any bool byte comparable complex64 complex128 error float32 float64 int int8 int16 int32 int64 rune string uint
        uint8 uint16 uint32 uint64 uintptr true false iota nil append cap clear close complex copy delete imag len make
        max min new panic print println real recover _ init
        """,
    )
)
"""Predeclared names (https://go.dev/ref/spec#Predeclared_identifiers), and names that mean nothing."""


def check_meeting(plan: GoPlan) -> None:
    """Raise `PhaseError` with a list when files of several packages cannot become one package."""
    found = list(_file_names(plan)) if plan.merges else []
    for destination, files in _groups_of_packages(plan):
        found += _same_names(plan, files)
        found += _other_meanings(plan, destination, files)
    if found:
        raise _merge_refusal("these files cannot become one package:", found, "rename one of each first, or delete one")


def _groups_of_packages(plan: GoPlan) -> Iterator[tuple[Destination, list[str]]]:
    """The files, by their new paths, of every package that gets files from several folders."""
    arriving = {
        plan.place(path) for package in plan.packages.values() for path in (*package.destinations, *package.tests)
    }
    for folder in sorted({folder_of(path) for path in arriving}) if plan.merges else ():
        clauses: dict[str, list[str]] = {}
        for path in plan.after.folders[folder]:
            header = plan.after.header(path)
            if header is not None and not header.is_ignored:
                clauses.setdefault(plan.clauses.get(plan.origin(path), header.package), []).append(path)
        for clause, files in clauses.items():
            if len({_source_folder(plan, path) for path in files}) > 1:
                yield Destination(folder, clause), files


def _source_folder(plan: GoPlan, path: str) -> str:
    return folder_of(plan.origin(path))


def _file_names(plan: GoPlan) -> Iterator[str]:
    """Files that would replace others."""
    for old, new in plan.files.items():
        if new in plan.before.entries and new not in plan.files:
            yield f'"{old}" cannot move to "{new}": it is there already'


def _same_names(plan: GoPlan, files: Iterable[str]) -> Iterator[str]:
    for name, where in declared_names(plan.after, files).items():
        if len({_source_folder(plan, path) for path, _ in where}) > 1:
            places = " and ".join(f"{plan.origin(path)}:{declaration.line}" for path, declaration in where)
            yield f'"{name}" would be declared twice: {places}'


def _other_meanings(plan: GoPlan, destination: Destination, files: list[str]) -> Iterator[str]:
    """Names in a file that would mean a declaration of another of the packages: imports, and predeclared names."""
    declared = {
        source: declared_names(plan.after, [path for path in files if _source_folder(plan, path) == source])
        for source in {_source_folder(plan, path) for path in files}
    }
    for path in files:
        old, source = plan.origin(path), _source_folder(plan, path)
        foreign = {
            name: where[0] for other, names in declared.items() if other != source for name, where in names.items()
        }
        mine = declared_names(plan.before, _siblings(plan, old))
        header, content = plan.before.header(old), plan.before.content(old)
        where = {name: f"{plan.origin(file)}:{declaration.line}" for name, (file, declaration) in foreign.items()}
        for spec in () if header is None else header.imports:
            # Names of the package that the file joins lose their qualifiers.
            is_own = plan.before.local_import(old, spec.path) in {destination.folder, *declared}
            names = {spec.name} if spec.name else implied_names(plan.before, spec.path)
            for name in () if is_own else names & foreign.keys():
                line = line_number_at(content, spec.start)
                yield f'{old}:{line} imports "{spec.path}" as {name}, which {where[name]} declares'
        hiding = (foreign.keys() - mine.keys()) & PREDECLARED
        for use in plan.before.scopes(old, hiding).free(hiding):
            yield f"{old}:{use.line} {use.name} would mean what {where[use.name]} declares"


def _siblings(plan: GoPlan, path: str) -> list[str]:
    package = plan.packages.get(folder_of(path))
    if package is None:
        return [path]
    return [*(package.destinations if path in package.destinations else package.tests)]


def check_left_behind(plan: GoPlan) -> None:
    """Raise `PhaseError` when part of a package leaves something that it needs: assembly, or code outside the tree."""
    for package in plan.packages.values():
        if package.is_cut:
            found = [*_assembly(plan, package), *_undeclared_names(plan, package)]
            if found:
                raise _merge_refusal(
                    f'package {package.name} in "{package.folder}" cannot be cut there:', found, "move them together"
                )


def _assembly(plan: GoPlan, package: Package) -> Iterator[str]:
    """Assembly that names something that moves elsewhere, and functions whose bodies do not move along."""
    destinations = {
        name: package.destinations[where[0][0]]
        for name, where in declared_names(plan.before, package.destinations).items()
    }
    sources = [p for p in plan.before.entries if p.endswith(".s") and folder_of(p) == package.folder]
    for path in sources:
        content, place = plan.before.content(path), folder_of(plan.place(path))
        for name, destination in destinations.items():
            word = re.escape(encode(name))
            pattern = rb"(?<![\w\xb7\x80-\xff])\xc2\xb7" + word + rb"\b|\b(?:const_" + word + rb"\b|" + word + rb"_)"
            found = re.search(pattern, content) if destination.folder != place else None
            if found is not None:
                line = line_number_at(content, found.start())
                yield f'{path}:{line} names {name}, which goes to "{destination.folder}"'
    with_assembly = {folder_of(plan.place(path)) for path in sources}
    for path, destination in package.destinations.items():
        for block in (
            declaration_blocks(plan.before.syntax(path)) if sources and destination.folder not in with_assembly else ()
        ):
            if block.is_bodiless:
                line = line_number_at(plan.before.content(path), block.start)
                yield f"{path}:{line} {block.title} has no body, and no assembly goes along"


def _undeclared_names(plan: GoPlan, package: Package) -> Iterator[str]:
    """Names that no file of the tree declares: generated code stays where the package was."""
    stays = plan.moves.resolve(package.folder)
    for destinations in (package.destinations, package.tests):
        declared = declared_names(plan.before, destinations).keys() | PREDECLARED
        for path, destination in destinations.items():
            if destination.folder != stays and len(set(destinations.values())) > 1:
                yield from _unknown_names(plan, path, declared)


def _unknown_names(plan: GoPlan, path: str, declared: Iterable[str]) -> Iterator[str]:
    scopes, header = plan.before.syntax(path), plan.before.header(path)
    if header is None or scopes.is_broken or any(spec.name == "." for spec in header.imports):
        return
    for use in scopes.free(scopes.words.difference(declared)):
        if not use.selected and not use.may_be_field:
            yield f"{path}:{use.line} uses {use.name}, which no file of the package declares"


def _merge_refusal(what: str, found: Iterable[str], advice: str) -> PhaseError:
    return PhaseError(f"{what}\n{joined_list(list(dict.fromkeys(found)))}", advice=advice)
