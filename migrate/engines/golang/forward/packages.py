"""Makes the forwarding package of one package that moves, if that is possible."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import join

from migrate.engines.golang.checking.checks import may_see
from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.declarations import is_exported
from migrate.engines.golang.forward.build import ANYWHERE, Constraint
from migrate.engines.golang.forward.files import ForwardingFile, ForwardTarget, printed
from migrate.engines.golang.forward.sources import ForwardedFile, forwarded_files_of, refused_names
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.tree import GoTree
from migrate.errors import PhaseError
from migrate.git.paths import folder_of


@dataclass(frozen=True)
class Forwarder:
    """A forwarding package: its files with their content, the names that it forwards, and why not the rest."""

    folder: str
    name: str
    files: Mapping[str, bytes]
    names: frozenset[str]
    refused: Mapping[str, str]
    imports: frozenset[str]
    """Every import path that its files import."""


class CannotForwardError(Exception):
    """No package can forward from an old place; the message says why."""


def is_importable(package: Package) -> bool:
    """Whether other packages can import it: not a program, and not only tests."""
    return package.name != "main" and any(not path.endswith("_test.go") for path in package.destinations)


def forwarder_of(plan: GoPlan, result: GoTree, package: Package, phase: str) -> Forwarder:
    """The package that forwards from where `package` was; `result` is the tree in which all importers follow.

    Raises `CannotForwardError` when there can be none.
    """
    old = _old_path(plan, package)
    staying = _staying_files(plan, package)
    targets = _targets(plan, package, old)
    try:
        forwarded_files = list(forwarded_files_of(plan, result, package, old))
        refused = refused_names(plan, result, package, old, forwarded_files)
        beside = set(declared_names(plan.after, staying))
    except PhaseError as error:
        raise CannotForwardError(error.message) from None
    kept = {
        each.name for forwarded_file in forwarded_files for each in forwarded_file.names if each.name not in refused
    }
    named = {path: home.clause for home, path in targets.items()}
    files = [
        ForwardingFile(
            path=path,
            package=package.name,
            phase=phase,
            expression=constraint.expression,
            targets=tuple(ForwardTarget(at, _kept_name(plan, package, home)) for home, at in targets.items()),
            names=tuple(
                (each, targets[forwarded_file.home])
                for forwarded_file in group
                for each in forwarded_file.names
                if each.name in kept
            ),
            effects=frozenset(targets[forwarded_file.home] for forwarded_file in group) - _used(group, kept, targets),
            is_alone=not staying,
        )
        for path, constraint, group in _files_by_constraint(package.folder, forwarded_files, kept, staying)
    ]
    imports = {qualifier.path for file in files for each, _ in file.names for qualifier in each.imports}
    return Forwarder(
        folder=package.folder,
        name=package.name,
        files={file.path: printed(file, named, kept | beside) for file in files},
        names=frozenset({*kept, *filter(is_exported, beside)}),
        refused=refused,
        imports=frozenset({*named, *imports}),
    )


def _old_path(plan: GoPlan, package: Package) -> str:
    """The import path of the old folder, if it still has one."""
    before, after = plan.before.modules, plan.after.modules
    old = before.import_path(package.folder)
    if old is None or old != after.import_path(package.folder):
        raise CannotForwardError("its old folder is in no module now, or in another")
    if any(part == "testdata" or part.startswith(("_", ".")) for part in package.folder.split("/")):
        raise CannotForwardError("the go command ignores its old folder")
    if any(after.of(home.folder) != after.of(package.folder) for home in package.importable):
        raise CannotForwardError("it goes to another module")
    return old


def _staying_files(plan: GoPlan, package: Package) -> list[str]:
    """The Go files in the old folder after the map; only files that were there before are allowed."""
    origin = {new: old for old, new in plan.files.items()}
    found = plan.after.folders.get(package.folder, ())
    foreign = any(folder_of(origin.get(path, path)) != package.folder for path in found)
    if foreign or any(path in plan.clauses for path in found):
        raise CannotForwardError("its old folder is taken again")
    return list(found)


def _targets(plan: GoPlan, package: Package, old: str) -> dict[Destination, str]:
    """The import paths of the packages that are forwarded to."""
    destinations = [home for home in package.importable if home.folder != package.folder]
    targets = {home: plan.after.modules.import_path(home.folder) or "" for home in destinations}
    if not targets:
        raise CannotForwardError("it keeps its folder")
    hidden = next((path for path in targets.values() if not may_see(old, path)), None)
    if hidden is not None:
        raise CannotForwardError(f'"{hidden}" cannot be imported from there')
    return targets


def _kept_name(plan: GoPlan, package: Package, home: Destination) -> str:
    """The name that importers keep using for a renamed package."""
    return package.name if home.folder in plan.aliased and home.clause != package.name else ""


def _used(group: Iterable[ForwardedFile], kept: Iterable[str], targets: Mapping[Destination, str]) -> set[str]:
    names = set(kept)
    return {
        targets[forwarded_file.home]
        for forwarded_file in group
        if any(each.name in names for each in forwarded_file.names)
    }


def _files_by_constraint(
    folder: str, forwarded_files: Sequence[ForwardedFile], kept: set[str], staying: Sequence[str]
) -> Iterator[tuple[str, Constraint, list[ForwardedFile]]]:
    """The files to write: one for each build constraint that needs one, with the files that it replaces.

    If no file is built everywhere, importers need the package under each constraint.
    """
    groups: dict[Constraint, list[ForwardedFile]] = {}
    for forwarded_file in forwarded_files:
        if forwarded_file.constraint is not None:
            groups.setdefault(forwarded_file.constraint, []).append(forwarded_file)
    taken = {path.rpartition("/")[2].lower() for path in staying}
    for constraint in sorted(groups):
        group = groups[constraint]
        if constraint == ANYWHERE or ANYWHERE not in groups or any(e.name in kept for u in group for e in u.names):
            names = (f"forward{number or ''}{constraint.suffix}.go" for number in (0, *range(2, len(taken) + 3)))
            name = next(name for name in names if name not in taken)
            taken.add(name)
            yield join(folder, name), constraint, group
