"""Works out one simultaneous map of packages before anything changes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

from migrate.engines.golang.requests import FileMove, Merge, PackageMove, Request, pairs
from migrate.engines.golang.tree import NEVER_BUILT, GoTree, package_name_in
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap


@dataclass(frozen=True)
class Destination:
    """The destination of some files of one package: their folder and the package clause that they get."""

    folder: str
    clause: str


@dataclass(frozen=True)
class Package:
    """A package of the tree before of which at least one file moves.

    `destinations` has the destination of each of its own files, `tests` that of each file of its external test package.
    """

    folder: str
    name: str
    destinations: Mapping[str, Destination]
    tests: Mapping[str, Destination]
    importable: tuple[Destination, ...]
    """The destinations that other packages can import, in a fixed order; the first keeps the callers' qualifier."""
    names: Mapping[str, Destination] | None = None
    """The destination of each package-level name, if those of the files do not tell."""
    copied: frozenset[str] = frozenset()
    """The names that several of its destinations declare."""

    @property
    def is_split(self) -> bool:
        """Whether the new imports of importers depend on what they use."""
        return len(self.importable) > 1

    @property
    def is_cut(self) -> bool:
        """Whether some of its files, tests included, leave the others."""
        return len(set(self.destinations.values())) > 1 or len(set(self.tests.values())) > 1


@dataclass(frozen=True)
class GoPlan:
    """What the collected requests do to a tree."""

    before: GoTree
    after: GoTree
    """The tree with every file at its new place and its old content."""
    moves: MoveMap
    files: Mapping[str, str]
    """Every file that moves, old path to new."""
    clauses: Mapping[str, str]
    """The new package clause of each Go file that gets another one, by its old path."""
    packages: Mapping[str, Package]
    """Every package that moves, by its old folder."""
    merges: bool
    """Whether files of a package leave the others or join another package."""
    aliased: frozenset[str] = frozenset()
    """The new folders of packages whose callers keep their names for them."""
    forwarding: frozenset[str] = frozenset()
    """The files of packages that forward from old places; none of them moves."""

    def place(self, path: str) -> str:
        """The path of a file after the map."""
        return self.files.get(path, path)

    def origin(self, path: str) -> str:
        """The path before the map of a file of the tree after it."""
        return self._origins.get(path, path)

    @cached_property
    def _origins(self) -> Mapping[str, str]:
        return {new: old for old, new in self.files.items()}

    def keeps(self, folder: str) -> bool:
        """Whether imports of a folder do not change: nothing in it moves, and its import path stays."""
        same_modules = self.after.modules is self.before.modules
        return same_modules and folder not in self.packages and self.moves.entry(folder) is None

    @cached_property
    def new_paths(self) -> Mapping[str, str]:
        """The new import path of each package that moves as one, by its old import path."""
        found = {}
        for package in self.packages.values():
            old = self.before.modules.import_path(package.folder)
            new = self.after.modules.import_path(package.importable[0].folder)
            if old is not None and new is not None and not package.is_split:
                found[old] = new
        return found


def make_plan(tree: GoTree, requests: Sequence[Request], forwarding: frozenset[str] = frozenset()) -> GoPlan:
    """The plan of requests that all mean `tree`; its files in `forwarding` do not move.

    Raises `PhaseError` when they contradict each other.
    """
    owners: dict[str, Request] = {}
    moves: dict[str, str] = {}
    for request in requests:
        _check_vendor(request)
        for old, new in pairs(request):
            if old in owners and moves[old] != new:
                raise PhaseError(f'"{old}" would move to two places, "{moves[old]}" and "{new}"')
            owners[old], moves[old] = request, new
    step = MoveMap(moves)
    decided = {path: entry for path, entry in step.entries(tree.entries).items() if path not in forwarding}
    files = {path: new + path[len(old) :] for path, (old, new) in decided.items() if new != old}
    after = tree.moved(files)
    owned = {path: owners[old] for path, (old, _) in decided.items() if tree.has(path)}
    tree.preload(owned)
    clauses = _clauses(tree, after, files, owned)
    plan = GoPlan(
        before=tree,
        after=after,
        moves=step,
        files=files,
        clauses=clauses,
        packages=_packages(tree, files, clauses, _folders(owned)),
        merges=any(not isinstance(request, PackageMove) for request in requests),
        aliased=frozenset(request.new for request in requests if request.qualifiers == "alias"),
        forwarding=forwarding,
    )
    _check_modules(plan)
    _check_folders(plan, owned)
    return plan


def _check_vendor(request: Request) -> None:
    """Raise `PhaseError` for moves of files in vendor/, and of a go.mod without its folder."""
    files = request.places if isinstance(request, FileMove) else ()
    for path in (request.old, request.new, *(path for place in files for path in place)):
        if "vendor" in path.split("/"):
            raise PhaseError(
                f'"{path}" is in vendor/, which belongs to "go mod vendor"',
                advice="name another folder; go mod vendor fills vendor/ again",
            )
        if path.rpartition("/")[2] == "go.mod":
            raise PhaseError(f'"{path}" cannot move without its module', advice="move the whole folder with ws.go.move")


def _clauses(tree: GoTree, after: GoTree, files: Mapping[str, str], owned: Mapping[str, Request]) -> dict[str, str]:
    """The new clause of every file that gets another one."""
    clauses: dict[str, str] = {}
    requests = list(dict.fromkeys(owned.values()))
    # Requested names come first: files that only join a package take the name that it then has.
    requests.sort(key=lambda request: not isinstance(request, PackageMove) and not _is_named(request))
    waiting = {request for request in requests if not isinstance(request, PackageMove) and not _is_named(request)}
    nameless = {files.get(path, path) for path, owner in owned.items() if owner in waiting}
    for request in requests:
        mine = [path for path, owner in owned.items() if owner == request and folder_of(path) == request.old]
        old = tree.package_name(request.old)
        if isinstance(request, PackageMove):
            new = request.rename
        else:
            new = _name_there(after, request, mine, files, clauses, nameless)
        if new is None or old is None:
            continue
        base = new.removesuffix("_test") if isinstance(request, FileMove) and request.is_external_test else new
        for path in mine:
            header = tree.header(path)
            if header is not None and header.package in (old, f"{old}_test"):
                clause = new if header.package == old or base != new else f"{new}_test"
                if clause != header.package:
                    clauses[path] = clause
    return clauses


def _is_named(request: FileMove | Merge) -> bool:
    return isinstance(request, FileMove) and request.package is not None


def _name_there(
    after: GoTree,
    request: FileMove | Merge,
    mine: Iterable[str],
    files: Mapping[str, str],
    clauses: Mapping[str, str],
    nameless: Collection[str],
) -> str | None:
    """The new package name of files: the requested one, else that of their new folder, else their present one.

    `nameless` are the files, at their new places, that wait for a name like these.
    """
    if isinstance(request, FileMove) and request.package is not None:
        return request.package
    joining = {files.get(path, path) for path in mine}
    there = [path for path in after.folders.get(request.new, ()) if path not in joining]
    others = [path for path in there if path not in nameless] or there
    origin = {new: old for old, new in files.items()}
    renamed = [clauses[origin[path]] for path in others if path in origin and origin[path] in clauses]
    return renamed[0].removesuffix("_test") if renamed else package_name_in(after, others)


def _packages(
    tree: GoTree, files: Mapping[str, str], clauses: Mapping[str, str], folders: Mapping[str, frozenset[str]]
) -> dict[str, Package]:
    found = {}
    for folder, copied in sorted(folders.items()):
        name = tree.package_name(folder)
        if name is None:
            continue
        destinations: dict[str, Destination] = {}
        tests: dict[str, Destination] = {}
        for path in tree.folders[folder]:
            header = tree.header(path)
            if header is not None and header.package in (name, f"{name}_test"):
                destination = Destination(folder_of(files.get(path, path)), clauses.get(path, header.package))
                (destinations if header.package == name else tests)[path] = destination
        built = {destination for path, destination in destinations.items() if not path.endswith("_test.go")}
        importable = built or set(destinations.values()) or set(tests.values())
        ranked = sorted(importable, key=partial(_rank, folder=folder))
        found[folder] = Package(folder, name, destinations, tests, tuple(ranked), copied=copied)
    return found


def _folders(owned: Mapping[str, Request]) -> dict[str, frozenset[str]]:
    """The folders of the files in requests, each with the names that are copied."""
    found: dict[str, frozenset[str]] = {}
    for path, request in owned.items():
        folder = folder_of(path)
        copied = request.copied if isinstance(request, FileMove) else frozenset[str]()
        found[folder] = found.get(folder, frozenset()) | copied
    return found


def _rank(destination: Destination, folder: str) -> tuple[bool, int, str]:
    """The sort key of destinations: the one that stays, then the shallowest folder, probably the common part."""
    return destination.folder != folder, destination.folder.count("/"), destination.folder


def _check_folders(plan: GoPlan, owned: Mapping[str, Request]) -> None:
    """Raise `PhaseError` when a folder would hold two packages."""
    groups = {(request, folder_of(old), folder_of(plan.place(old))): old for old, request in owned.items()}
    for (request, _, _), old in groups.items():
        package, folder, others = _neighbours(plan, old)
        if _moves_whole(owned, old) and any(other not in owned for other in others):
            raise _occupied(package, folder)
        if isinstance(request, Merge) and package == request.old and not others:
            raise PhaseError(
                f'there is no longer a package in "{folder}" to merge "{package}" into',
                advice=f'use ws.go.move("{package}", "{folder}")',
            )
    for folder in sorted({folder_of(plan.place(path)) for path in owned}):
        files = {path: plan.origin(path) for path in plan.after.folders[folder]}
        names = _package_names(plan.after, {path: plan.clauses.get(old) for path, old in files.items()})
        sources = {folder_of(old) for old in files.values()}
        # Test data often has several packages in one folder; these may stay together.
        before = [len(_package_names(plan.before, dict.fromkeys(plan.before.folders[source]))) for source in sources]
        if len(names) > (before[0] if len(before) == 1 else 1):
            (one, first), (two, second) = list(names.items())[:2]
            raise PhaseError(
                f'"{folder}" would hold two packages: {one} ("{first}") and {two} ("{second}")',
                advice="give both one name with rename=…",
            )
    for old in groups.values():
        package, folder, others = _neighbours(plan, old)
        if _moves_whole(owned, old) and any(_moves_whole(owned, other) for other in others):
            raise _occupied(package, folder)


def _neighbours(plan: GoPlan, old: str) -> tuple[str, str, list[str]]:
    """The old and new folder of a file, and the files from other folders that are there then, by their old paths."""
    package, folder = folder_of(old), folder_of(plan.place(old))
    origins = [plan.origin(path) for path in plan.after.folders[folder]]
    return package, folder, [origin for origin in origins if folder_of(origin) != package]


def _occupied(package: str, folder: str) -> PhaseError:
    place = f'in "{folder}"' if folder else "at the top"
    return PhaseError(
        f'there is a package {place} already, so "{package}" cannot move there',
        advice=f'move it away in the same step, or make one of both with ws.go.merge("{package}", "{folder}")',
    )


def _moves_whole(owned: Mapping[str, Request], path: str) -> bool:
    """Whether a file's package moves as one to a folder of its own."""
    request = owned[path]
    return isinstance(request, PackageMove) or (isinstance(request, Merge) and folder_of(path) != request.old)


def _package_names(tree: GoTree, files: Mapping[str, str | None]) -> dict[str, str]:
    """The packages of the files of one folder, each with its first file; new clauses count if given."""
    names: dict[str, str] = {}
    for path, clause in files.items():
        header = tree.header(path)
        if header is not None and not header.is_ignored and header.package not in NEVER_BUILT:
            name = clause or header.package
            names.setdefault(name.removesuffix("_test") if path.endswith("_test.go") else name, path)
    return names


def _check_modules(plan: GoPlan) -> None:
    """Raise `PhaseError` for packages outside every module: these have no import path."""
    for path, new in plan.files.items():
        if path.endswith(".go"):
            is_homeless = plan.before.modules.of(folder_of(path)) is None
            if is_homeless != (plan.after.modules.of(folder_of(new)) is None):
                lone = path if is_homeless else new
                raise PhaseError(
                    f'"{path}" cannot move to "{new}": there is no module for "{lone}"',
                    advice=f'an import path needs a go.mod above "{lone}", or a line of [go] modules in the plan',
                )
