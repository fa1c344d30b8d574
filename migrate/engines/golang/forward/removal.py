"""Removes forwarding packages: importers are updated to name the targets.

The packages of each phase are removed together, the oldest phase first. So every file passes through the same states as
without forwarding, and ends with the same bytes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from migrate.engines.golang.checking.checks import check_visibility
from migrate.engines.golang.checking.relevance import SOURCES, VENDORED
from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.forward.existing import read_file
from migrate.engines.golang.forward.files import ForwardingFile, ForwardTarget
from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.rewrite import Rewriter
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import note_summary
from migrate.git.paths import folder_of, is_under
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap


def unforward(ws: EditableTree, folders: Collection[str] | None = None) -> list[str]:
    """Remove the forwarding packages of a workspace, or those in `folders`; returns the importers that were rewritten.

    Raises `PhaseError` when somebody changed one of their files.
    """
    tree = GoTree.of(ws.overlay)
    files = [read_file(tree, path) for path in go_forwarding_files(ws.overlay)]
    chosen = [file for file in files if folders is None or file.folder in folders]
    changed: set[str] = set()
    for group in _by_phase(chosen, ws.history.then(ws.moved)):
        changed |= _retire(ws, group)
    return sorted(changed)


def _by_phase(files: Iterable[ForwardingFile], moves: MoveMap) -> list[list[ForwardingFile]]:
    """The files by phase, in the order in which the phases moved the targets."""
    order = {old: number for number, (old, _) in enumerate(moves)}
    ages: dict[str, int] = {}
    groups: dict[str, list[ForwardingFile]] = {}
    for file in files:
        moved = [order[old] for old in order if is_under(file.folder, old) or folder_of(old) == file.folder]
        groups.setdefault(file.phase, []).append(file)
        ages[file.phase] = min(ages.get(file.phase, len(order)), *moved, len(order))
    return [groups[phase] for phase in sorted(groups, key=lambda phase: (ages[phase], phase))]


def _retire(ws: EditableTree, files: list[ForwardingFile]) -> set[str]:
    """Remove some forwarding files; returns the importers that changed."""
    tree = GoTree.of(ws.overlay)
    by_folder: dict[str, list[ForwardingFile]] = {}
    for file in files:
        by_folder.setdefault(file.folder, []).append(file)
    packages = {folder: _forwarding_package(tree, folder, own) for folder, own in by_folder.items()}
    aliased = {_home(tree, target).folder for file in files for target in file.targets if target.called}
    plan = GoPlan(tree, tree, MoveMap(), {}, {}, packages, merges=False, aliased=frozenset(aliased))
    rewriter = Rewriter(plan)
    gone = {file.path for file in files}
    holding = ws.overlay.holding(rewriter.needles(), VENDORED)
    importers = [path for path in holding if path.endswith(SOURCES) and path not in gone]
    tree.preload(importers)
    changed = tree.stored(rewriter.changed(importers))
    check_visibility(plan, tree.rewritten(changed), changed)
    for path, oid in changed.items():
        ws.overlay.place(path, oid, ws.overlay.entries[path].mode)
    ws.overlay.drop(gone)
    note_summary(ws, rewriter.notes)
    return changed.keys() - set(go_forwarding_files(ws.overlay))


def _forwarding_package(tree: GoTree, folder: str, files: list[ForwardingFile]) -> Package:
    """A forwarded package as it was before its move: its names, and the present place of each."""
    destinations = {target.path: _home(tree, target) for file in files for target in file.targets}
    names = {each.name: destinations[path] for file in files for each, path in file.names}
    beside = set(tree.folders[folder]) - {file.path for file in files}
    built = [path for path in beside if not path.endswith("_test.go")]
    importable = list(dict.fromkeys(destinations.values()))
    if built:
        stays = Destination(folder, files[0].package)
        importable.insert(0, stays)
        names |= dict.fromkeys(declared_names(tree, built), stays)
    return Package(folder, files[0].package, {}, {}, tuple(importable), names)


def _home(tree: GoTree, target: ForwardTarget) -> Destination:
    folder = tree.modules.folder(target.path) or ""
    return Destination(folder, tree.package_name(folder) or "")
