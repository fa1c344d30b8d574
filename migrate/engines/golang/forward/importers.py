"""Carries out `imports = "forward"`: forwarding packages at old places, and importers that do not change.

An importer does not change when everything that it uses can be forwarded exactly. All others are updated at once, as
without forwarding, and a note names these files with the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from migrate.engines.golang.forward.forward_update import forward_update_imports
from migrate.engines.golang.forward.packages import CannotForwardError, Forwarder, forwarder_of, is_importable
from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.sources import go_sources
from migrate.engines.golang.tree import GoTree
from migrate.engines.graph import ImportGraph
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import EXAMPLES, some_of


@dataclass
class ForwardingResult:
    """The result for the importers of one step."""

    files: dict[str, bytes] = field(default_factory=dict)
    """The forwarding files to write."""
    kept: dict[str, set[ImportSpec]] = field(default_factory=dict)
    """The imports that do not change, by the old path of their file."""
    left: set[str] = field(default_factory=set)
    """The importers of moved packages of this step that do not change."""
    notes: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    """The files that the notes leave out, among the others."""


def plan_forwarding(plan: GoPlan, result: GoTree, importers: Collection[str], phase: str) -> ForwardingResult:
    """Plan the forwarding of a step; `result` is the tree in which all `importers` are updated."""
    forwarders: dict[str, Forwarder] = {}
    hindered: dict[str, str] = {}
    for package in plan.packages.values():
        try:
            if is_importable(package):
                forwarders[package.folder] = forwarder_of(plan, result, package, phase)
        except CannotForwardError as error:
            hindered[package.folder] = str(error)
    while True:
        sites = list(_sites(plan, forwarders, hindered, importers))
        circular = _circular(result, forwarders, sites) if plan.merges else None
        if circular is None:
            break
        del forwarders[circular]
        hindered[circular] = "to forward from there would make an import cycle"
    done = ForwardingResult(files={path: text for each in forwarders.values() for path, text in each.files.items()})
    for site in sites:
        if not site.reason:
            done.left.add(site.path)
            done.kept.setdefault(site.path, set()).add(site.spec)
    for path, specs in forward_update_imports(plan, importers).items():
        done.kept.setdefault(path, set()).update(specs)
    follow = [site for site in sites if site.reason and _changes(plan, result, site.path)]
    for reason, paths in _grouped_paths(follow):
        few = len(paths) <= EXAMPLES
        files = "these files follow" if few else f"{len(paths)} files follow"
        done.notes.append(f"not forwarded, so {files} at once: {some_of(paths)} ({reason})")
        done.details += [] if few else [f"{path} follows at once ({reason})" for path in paths]
    return done


@dataclass(frozen=True)
class _Site:
    """One import of a moved package, in a file that does not move; `reason` says why it must be updated at once."""

    path: str
    spec: ImportSpec
    folder: str
    reason: str


def _sites(
    plan: GoPlan, forwarders: Mapping[str, Forwarder], hindered: Mapping[str, str], importers: Iterable[str]
) -> Iterator[_Site]:
    for path in importers:
        # Files that move, and files that forward, always name the new place.
        stays = path.endswith(".go") and path not in plan.files and path not in plan.forwarding
        header = plan.before.header(path) if stays else None
        for spec in () if header is None else header.imports:
            folder = plan.before.local_import(path, spec.path) or ""
            if folder in forwarders:
                yield _Site(path, spec, folder, _reason(plan.before, path, spec, forwarders[folder]))
            elif folder in hindered:
                yield _Site(path, spec, folder, hindered[folder])
            elif folder and folder not in plan.before.folders and plan.moves.moves(folder):
                yield _Site(path, spec, folder, "its code is not in the tree")


def _reason(tree: GoTree, path: str, spec: ImportSpec, forwarder: Forwarder) -> str:
    """Why an import cannot stay: "" when all that the file uses is forwarded."""
    if spec.name == "_":
        return ""
    if spec.name == ".":
        return "it has a dot import"
    try:
        uses = tree.scopes(path).free({spec.name or forwarder.name})
    except PhaseError:
        return "it has syntax that cannot be read"
    missing = sorted({use.selected for use in uses if use.selected} - forwarder.names)
    return "; ".join(f"{name} {forwarder.refused.get(name, 'is declared nowhere')}" for name in missing)


def _circular(result: GoTree, forwarders: Mapping[str, Forwarder], sites: Iterable[_Site]) -> str | None:
    """A forwarding package that makes a new import cycle; None when there is none."""
    full = ImportGraph.of(go_sources(result))
    graph = _graph(result, full, forwarders, sites)
    for cycle in graph.cycles():
        if cycle not in full.cycles():
            return next((folder for folder in cycle if folder in forwarders), None)
    for folder, imported in graph.test_cycles():
        if (folder, imported) not in full.test_cycles():
            between = graph.reachable(imported) & forwarders.keys()
            return next((each for each in sorted(between) if folder in graph.reachable(each)), None)
    return None


def _graph(
    result: GoTree, full: ImportGraph, forwarders: Mapping[str, Forwarder], sites: Iterable[_Site]
) -> ImportGraph:
    """The import graph with forwarding packages; `full` has the edges that bypass them."""
    edges = {folder: set(targets) for folder, targets in full.edges.items()}
    test_edges = {folder: set(targets) for folder, targets in full.test_edges.items()}
    for forwarder in forwarders.values():
        imported = {result.modules.folder(path) or "" for path in forwarder.imports}
        edges.setdefault(forwarder.folder, set()).update(imported & full.edges.keys())
    for site in sites:
        user = folder_of(site.path)
        header = result.header(site.path)
        if not site.reason and header is not None and header.package == result.package_name(user):
            (test_edges if site.path.endswith("_test.go") else edges)[user].add(site.folder)
    return ImportGraph(*({k: frozenset(v - {k}) for k, v in each.items()} for each in (edges, test_edges)))


def _changes(plan: GoPlan, result: GoTree, path: str) -> bool:
    """Whether a file that does not move gets new content."""
    return plan.before.entries[path].oid != result.entries[path].oid


def _grouped_paths(sites: Iterable[_Site]) -> list[tuple[str, list[str]]]:
    """The files that must be updated at once, by package and reason."""
    found: dict[str, list[str]] = {}
    for site in sites:
        found.setdefault(f"{site.folder}: {site.reason}", []).append(site.path)
    return [(reason, sorted(set(paths))) for reason, paths in sorted(found.items())]
