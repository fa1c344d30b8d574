"""Updates forwarding packages of earlier phases when new moves come.

They never move, because their place is their purpose. One is rewritten when its target moves again. One whose folder is
needed, or that could not import its target any more, is removed first, and its importers are updated at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from migrate.engines.golang.checking.checks import may_see
from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.cutting.cut_plan import CutPlan, plan_cuts
from migrate.engines.golang.forward.existing import read_file
from migrate.engines.golang.forward.files import ForwardingFile, ForwardTarget, printed
from migrate.engines.golang.forward.removal import unforward
from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requests import PackageMove, RequestedMove, Split, pairs
from migrate.engines.golang.tree import GoTree
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import some_of
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap


def plan_past_forwarding(ws: EditableTree, tree: GoTree, requests: Sequence[RequestedMove]) -> CutPlan:
    """The plan of requests for a workspace, which now is `tree`, after removing forwarding packages in the way."""
    existing = frozenset(go_forwarding_files(ws.overlay))
    if not existing:
        return plan_cuts(tree, requests)
    _check_old(ws, existing, requests)
    _make_way(ws, dict(_folder_conflicts(tree, existing, requests)))
    done = _plan(ws, requests)
    hidden = dict(_hidden(done.plan))
    _make_way(ws, hidden)
    return _plan(ws, requests) if hidden else done


def forward_update_imports(plan: GoPlan, files: Iterable[str]) -> dict[str, set[ImportSpec]]:
    """The imports of packages that forward already, by file: no move changes them."""
    folders = {folder_of(path) for path in plan.forwarding}
    kept: dict[str, set[ImportSpec]] = {}
    for path in files if folders else ():
        header = plan.before.header(path) if path.endswith(".go") else None
        for spec in () if header is None else header.imports:
            if plan.before.local_import(path, spec.path) in folders:
                kept.setdefault(path, set()).add(spec)
    return kept


def forward_update_files(plan: GoPlan, result: GoTree, changed: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """The text of every forwarding file with a changed import; `result` is the tree after the moves."""
    for path in plan.forwarding.intersection(changed):
        targets = _targets_after(plan, read_file(plan.before, path))
        file = read_file(result, path, targets)
        names = {target.path: result.package_name(_forwarding_folder(result, target)) or "" for target in targets}
        yield path, printed(file, names, declared_names(result, result.folders[file.folder]))


def _check_old(ws: EditableTree, existing: frozenset[str], requests: Iterable[RequestedMove]) -> None:
    for request in requests:
        if existing >= set(ws.overlay.under(request.old)):
            raise PhaseError(
                f'"{request.old}" has only files that forward to the new place of its package',
                advice="move the package from its new place",
            )


def _plan(ws: EditableTree, requests: Sequence[RequestedMove]) -> CutPlan:
    return plan_cuts(GoTree.of(ws.overlay), requests, frozenset(go_forwarding_files(ws.overlay)))


def _make_way(ws: EditableTree, folders: Mapping[str, str]) -> None:
    for folder, reason in folders.items():
        changed = unforward(ws, [folder])
        who = f"; it is rewritten at once in {some_of(sorted(changed))}" if changed else ""
        ws.note(f'"{folder}" is no longer forwarded: {reason}{who}')


def _folder_conflicts(
    tree: GoTree, files: Collection[str], requests: Sequence[RequestedMove]
) -> Iterator[tuple[str, str]]:
    """The folders whose forwarding packages must be removed before the moves, each with the reason."""
    existing = {folder_of(path) for path in files}
    step = MoveMap(dict(place for request in requests if not isinstance(request, Split) for place in pairs(request)))
    arriving = {step.resolve(folder) for folder in tree.folders if folder not in existing and step.moves(folder)}
    arriving |= {request.new for request in requests if not isinstance(request, PackageMove)}
    cut = {request.old for request in requests if isinstance(request, Split)}
    for folder in sorted(existing):
        moves = folder in cut or step.entry(folder) is not None
        if folder in arriving:
            yield folder, "another package takes its folder"
        elif moves and not set(tree.folders[folder]) <= set(files):
            yield folder, "the rest of the package moves"


def _hidden(plan: GoPlan) -> Iterator[tuple[str, str]]:
    """The folders from which a package could not be imported any more at its new place."""
    for path in sorted(plan.forwarding):
        file = read_file(plan.before, path)
        old = plan.before.modules.import_path(file.folder) or ""
        for target in _targets_after(plan, file):
            if not may_see(old, target.path):
                yield file.folder, f'"{target.path}" cannot be imported from there'


def _targets_after(plan: GoPlan, file: ForwardingFile) -> tuple[ForwardTarget, ...]:
    """The targets of a forwarding file after the map."""
    found: dict[str, ForwardTarget] = {}
    for target in file.targets:
        folder = _forwarding_folder(plan.before, target)
        package = plan.packages.get(folder)
        destinations = [home.folder for home in package.importable] if package else [folder]
        for home in destinations:
            called = target.called or (file.package if home in plan.aliased else "")
            path = plan.after.modules.import_path(home) or target.path
            found[path] = ForwardTarget(path, called)
    return tuple(found.values())


def _forwarding_folder(tree: GoTree, target: ForwardTarget) -> str:
    return tree.modules.folder(target.path) or ""
